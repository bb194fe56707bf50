"""What search adds to Wagtail's admin."""

from wagtail.snippets.models import register_snippet

from search.viewsets import SynonymsViewSet

register_snippet(SynonymsViewSet)
