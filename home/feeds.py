"""Atom feeds of announcements and of legal documents, one per language."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.contrib.syndication.views import Feed
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.links import page_path
from home.models import AnnouncementPage, LegalDocumentPage

NEWEST = 30


class _PageFeed(Feed[Any, Any]):
    feed_type = Atom1Feed

    def link(self) -> str:
        """Where people read the same."""
        return f"/{get_language()}/"

    def item_title(self, item: Any) -> str:
        """The page's title."""
        return item.title

    def item_description(self, item: Any) -> str:
        """The page's summary."""
        return item.summary

    def item_link(self, item: Any) -> str:
        """The page in the reader's language."""
        return page_path(item.url_path, get_language() or "uz")

    def item_pubdate(self, item: Any) -> datetime | None:
        """The day of the item, at its beginning."""
        day = item.announced_on if isinstance(item, AnnouncementPage) else item.issued_on
        return timezone.make_aware(datetime.combine(day, time())) if day else None


class AnnouncementFeed(_PageFeed):
    """The newest announcements."""

    title = _("Announcements")

    def items(self) -> list[AnnouncementPage]:
        """Newest first; what is not translated is left out."""
        return list(
            AnnouncementPage.objects.live()
            .filter(locale__language_code=get_language(), alias_of=None)
            .order_by("-announced_on", "-pk")[:NEWEST]
        )


class DocumentFeed(_PageFeed):
    """The newest legal documents."""

    title = _("Legal documents")

    def items(self) -> list[LegalDocumentPage]:
        """Newest first; what is not translated is left out."""
        return list(
            LegalDocumentPage.objects.live()
            .filter(locale__language_code=get_language(), alias_of=None)
            .order_by("-issued_on")[:NEWEST]
        )
