"""Translated services for the tests of the translation workflow and its desk."""

from __future__ import annotations

from typing import Any

from wagtail.models import Locale, Page
from wagtail_localize.models import StringSegment, StringTranslation, Translation

from accounts.models import Membership, Role, User
from accounts.services import create_staff
from core import following
from core.translations import open_translation
from service_pages.models import ServicePage
from service_pages.rights import ensure_rights
from tests.service_pages import factories

LANGUAGES = ("uz", "uz-cyrl", "kaa", "ru", "en")


def house(commit: Any) -> ServicePage:
    """A published service whose agency has a page in every language, with rights and workflow."""
    for language in LANGUAGES:
        factories.agency_index(language)
    factories.make_agency()
    with commit():
        following.reconcile()
    with commit():
        factories.make_service("nikoh-malumotnoma")
    ensure_rights()
    return ServicePage.objects.get(locale__language_code="uz")


def version(page: Page, language: str) -> Any:
    """The page in a language as it is saved now."""
    row = Page.objects.get(translation_key=page.translation_key, locale__language_code=language)
    return row.specific


def person(*roles: str, agency: Any = None, name: str = "xodim") -> User:
    """A member of staff."""
    user = create_staff(email=f"{name}@example.org", agency=agency, roles=roles)
    return User.objects.get(pk=user.pk)


def translate(page: Page, language: str, *, but: int = 0, user: Any = None) -> Translation:
    """Give every text of a page a translation, `but` of them none."""
    translation = open_translation(version(page, language))
    assert translation is not None
    segments = StringSegment.objects.filter(source=translation.source).order_by("-order")
    for segment in list(segments.select_related("string"))[but:]:
        StringTranslation.objects.update_or_create(
            translation_of=segment.string,
            context=segment.context,
            locale=Locale.objects.get(language_code=language),
            defaults={
                "data": f"{language} {segment.string.data}",
                "translation_type": "manual",
                "last_translated_by": user,
            },
        )
    return translation


__all__ = ["LANGUAGES", "Membership", "Role", "house", "person", "translate", "version"]
