"""What `base.html` shows on every page: languages, menu, phones, links, notices."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.middleware import is_personal
from core.links import in_language, localised
from core.publishing import generation, kept
from core.texts import pick
from home import reading
from home.models import MenuItem, Notice, Phone, UsefulLink
from languages import registry
from portal.middleware import CHOICE

#: What the switch of languages adds to an address, to be remembered.
MARK = f"{CHOICE}=1"


def _furniture(language: str) -> dict[str, Any]:
    """Menu, phones, links and notices of a language in one cached value: four queries a change."""
    return kept(f"furniture:{language}", lambda: _read_furniture(language))


def _read_furniture(language: str) -> dict[str, Any]:
    rows = list(MenuItem.objects.all())
    under: dict[int | None, list[MenuItem]] = {}
    for row in rows:
        under.setdefault(row.parent_id, []).append(row)

    def entries(parent: int | None, place: str) -> list[dict[str, Any]]:
        return [
            {
                "title": pick(row.title, language),
                "url": localised(row.address, language),
                "children": entries(row.pk, place),
            }
            for row in under.get(parent, [])
            if row.place == place
        ]

    return {
        "menu": entries(None, MenuItem.Place.MAIN),
        "footer_menu": entries(None, MenuItem.Place.FOOTER),
        "phones": [
            {
                "label": pick(phone.name, language),
                "number": phone.number,
                "href": phone.href,
                "note": pick(phone.hours, language),
                "kind": phone.kind,
            }
            for phone in Phone.objects.filter(in_footer=True)
        ],
        "links": [
            {"title": pick(link.title, language), "url": link.url}
            for link in UsefulLink.objects.all()
        ],
        "notices": [
            {
                "level": notice.level,
                "title": pick(notice.title, language),
                "text": pick(notice.text, language),
                "section": localised(notice.section, language),
                "starts_at": notice.starts_at,
                "ends_at": notice.ends_at,
            }
            for notice in Notice.objects.all()
        ],
    }


def _portal(request: HttpRequest) -> dict[str, Any]:
    language = get_language() or settings.LANGUAGE_CODE
    furniture = _furniture(language)
    now = timezone.now()
    path = request.path if request.path.startswith(f"/{language}/") else f"/{language}/"
    query = request.META.get("QUERY_STRING", "")
    return {
        "name": _("Single portal of interactive public services"),
        "short_name": _("Single portal"),
        "demo": settings.DEMO,
        "language": language,
        # What fragments of `base.html` are kept under, beside the language.
        "generation": generation(),
        "base_url": settings.BASE_URL,
        "path": path,
        "languages": [
            {
                "code": known.code,
                "bcp47": known.bcp47,
                "name": known.name_local,
                "url": in_language(path, known.code) + (f"?{query}" if query else ""),
                "choose": in_language(path, known.code)
                + "?"
                + (f"{query}&" if query else "")
                + MARK,
                "canonical": settings.BASE_URL + in_language(path, known.code),
                "current": known.code == language,
            }
            for known in registry.LANGUAGES
        ],
        "menu": [
            entry | {"current": entry["url"] != "#" and path.startswith(entry["url"])}
            for entry in furniture["menu"]
        ],
        "footer_menu": furniture["footer_menu"],
        "phones": furniture["phones"],
        "links": furniture["links"],
        "notices": [
            notice
            for notice in furniture["notices"]
            if notice["starts_at"] <= now
            and (notice["ends_at"] is None or notice["ends_at"] > now)
            and path.startswith(notice["section"])
        ],
        "own": (own := _own(request)),
        "signed_in": own is not None,
        "reading": {"classes": reading.classes(request)},
        **_addresses(language),
    }


@cache
def _addresses(language: str) -> dict[str, str]:
    """Addresses in the frame of every page; looked up once for each language, which is active."""
    return {
        "home_url": f"/{language}/",
        "search_url": reverse("search:results"),
        "organisations_url": localised("idoralar", language),
        "contact_url": localised("aloqa", language),
        "registry_url": reverse("registry:lines"),
        "quality_url": reverse("quality:agencies"),
        "status_url": reverse("casework:status"),
        "appeal_url": reverse("casework:appeal"),
        "sitemap_url": reverse("home:site_map"),
        "reading_url": reverse("home:reading"),
        "sign_in_url": reverse("account_login"),
        "my_requests_url": reverse("casework:my_requests"),
        "services_url": reverse("catalogue:all"),
    }


def _own(request: HttpRequest) -> dict[str, str] | None:
    """Whose personal page it is; None on public pages, which never look at the session."""
    user = getattr(request, "user", None)  # a refused body never came as far
    if user is None or not is_personal(request.path_info) or not user.is_authenticated:
        return None
    return {"name": str(user)}


def portal(request: HttpRequest) -> dict[str, Any]:
    """`portal`: worked out only where a template asks, since the admin never does."""
    return {"portal": SimpleLazyObject(lambda: _portal(request))}
