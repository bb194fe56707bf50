"""The room's part of the editors' side."""

from wagtail.snippets.models import register_snippet

from accounts.viewsets import PeopleGroup

register_snippet(PeopleGroup)
