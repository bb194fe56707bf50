"""What the front of the house adds to Wagtail's admin."""

from wagtail.snippets.models import register_snippet

from home.viewsets import FurnitureGroup

register_snippet(FurnitureGroup)
