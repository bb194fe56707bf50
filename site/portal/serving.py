"""Serve Wagtail's pages: one look-up by path, and whole answers kept for anonymous readers.

Wagtail walks the tree with a query and a `specific` per level, which is 30–42 % of a page
(measured). Here the page is found by `url_path`; what follows is Wagtail's own `serve`, so page
hooks, view restrictions and previews keep working.

Public pages carry no token, no cookie and nothing about the reader, so one answer serves all. The
key holds the content generation, raised on commit of whatever changes public content, and the
reading aids, the only choice of a reader that shows.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, time, timedelta

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from wagtail import views as wagtail_views
from wagtail.models import Page, Site
from wagtail.url_routing import RouteResult

from core.models import BasePage
from core.publishing import generation, held_generation, kept
from home import reading
from operations.counting import count_view

LIFETIME = 600


def _roots() -> dict[str, str]:
    """language → `url_path` of its home page."""
    homes = Page.objects.filter(depth=2).values_list("locale__language_code", "url_path")
    return kept("roots", lambda: dict(homes))


def _site() -> Site | None:
    sites = Site.objects.select_related("root_page").filter(is_default_site=True)
    return kept("site", sites.first)


def _key(*parts: object) -> str:
    """A key of the present content generation, short however long the path in `parts` is."""
    said = "\0".join(map(str, (generation(), *parts)))
    return "page:" + hashlib.blake2b(said.encode(errors="replace"), digest_size=16).hexdigest()


def find_page(path: str, language: str) -> Page | None:
    """The published page at `path` (without the language) in `language`, as its own type.

    The kind of the page at an address is kept, so that one query reads the page whole.
    """
    root = _roots().get(language)
    if root is None:
        return None
    path = path.strip("/")
    url_path = f"{root}{path}/" if path else root
    key = _key("kind", url_path)
    known: int | None = cache.get(key)
    kind = (
        Page.objects.filter(url_path=url_path, live=True)
        .values_list("content_type_id", flat=True)
        .first()
        if known is None
        else known
    )
    if kind is None:
        return None
    if known is None:
        cache.set(key, kind, 3600)
    model = ContentType.objects.get_for_id(kind).model_class()
    found = (model or Page)._default_manager.filter(url_path=url_path, live=True).first()
    # Another kind of page may have come to the address since its kind was kept.
    if found is None and known is not None:
        cache.delete(key)
        return find_page(path, language)
    return found


def _lifetime() -> int:
    """Seconds: ten minutes, or until midnight, when "send it today" and fees change."""
    now = timezone.localtime()
    midnight = datetime.combine(now.date() + timedelta(days=1), time(), now.tzinfo)
    return max(1, min(LIFETIME, int((midnight - now).total_seconds())))


def serve(request: HttpRequest, path: str) -> HttpResponse:
    """Answer with the page at `path`; 404 where there is none."""
    with held_generation():
        return _serve(request, path)


def _serve(request: HttpRequest, path: str) -> HttpResponse:
    language = get_language() or settings.LANGUAGE_CODE
    cacheable = (
        settings.PAGE_CACHE
        and request.method in {"GET", "HEAD"}
        and not request.META["QUERY_STRING"]
    )
    key = _key("answer", language, reading.classes(request), path) if cacheable else ""
    if cacheable:
        answer = cache.get(key)
        if answer is not None:
            content, content_type, view_key = answer
            count_view(view_key)
            return _public(HttpResponse(content, content_type=content_type))
    page = find_page(path, language)
    if page is None:
        raise Http404
    request._wagtail_site = _site()  # type: ignore[attr-defined]
    request._wagtail_route_for_request = RouteResult(page)  # type: ignore[attr-defined]
    response = wagtail_views.serve(request, path)
    if not isinstance(page, BasePage) or response.status_code != 200:
        return response
    # Wagtail says so of a restricted page, be it shown or asked a password for.
    if "no-store" in response.get("Cache-Control", ""):
        return response
    if hasattr(response, "render"):
        response.render()
    count_view(page.view_key)
    if cacheable and not response.cookies:
        cache.set(key, (response.content, response["Content-Type"], page.view_key), _lifetime())
    return _public(response)


def _public(response: HttpResponse) -> HttpResponse:
    """Let a browser ask again cheaply; a proxy may keep it for a minute."""
    response["Cache-Control"] = "public, max-age=0, s-maxage=60, stale-while-revalidate=30"
    patch_vary_headers(response, ["Cookie"])
    return response
