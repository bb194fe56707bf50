"""What search adds to Wagtail's admin."""

from wagtail.snippets.models import register_snippet

from search.viewsets import PromotionViewSet, SynonymsViewSet

register_snippet(SynonymsViewSet)
register_snippet(PromotionViewSet)
