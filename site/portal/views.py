"""The portal's own few addresses."""

from __future__ import annotations

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_request
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from wagtail.models import Page

from core.links import page_path


@require_safe
def to_the_readers_language(request: HttpRequest) -> HttpResponse:
    """`/` → the reader's language, as the browser asks; the state language otherwise."""
    response = HttpResponseRedirect(f"/{get_language_from_request(request)}/")
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response


@require_safe
@cache_control(public=True, max_age=3600)
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers may read: everything public."""
    lines = ["User-agent: *", "Disallow: /admin/", "Disallow: /api/"]
    for code, _name in settings.LANGUAGES:
        lines += [f"Disallow: /{code}/{part}/" for part in ("accounts", "apply", "my", "search")]
    lines.append(f"Sitemap: {settings.BASE_URL}/sitemap.xml")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


@require_safe
@cache_control(public=True, max_age=3600)
def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for it unasked; a 404 page would be larger than the mark."""
    return HttpResponseRedirect(staticfiles_storage.url("core/svg/favicon.svg"))


@require_safe
@cache_control(public=True, max_age=3600)
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """One sitemap per language."""
    return render(
        request,
        "portal/sitemap_index.xml",
        {"base": settings.BASE_URL, "languages": [code for code, _name in settings.LANGUAGES]},
        content_type="application/xml",
    )


@require_safe
@cache_control(public=True, max_age=3600)
def sitemap(request: HttpRequest, language: str) -> HttpResponse:
    """Published pages of a language that have a text of their own (no aliases). 404 otherwise."""
    if language not in dict(settings.LANGUAGES):
        raise Http404
    rows = (
        Page.objects.live()
        .public()
        .filter(locale__language_code=language, depth__gt=1, alias_of__isnull=True)
        .order_by("path")
        .values_list("url_path", "last_published_at")[:50_000]
    )
    pages = [(settings.BASE_URL + page_path(url_path, language), when) for url_path, when in rows]
    return render(request, "portal/sitemap.xml", {"pages": pages}, content_type="application/xml")
