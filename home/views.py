"""Pages that are no Wagtail pages: the map of the site and the reading aids."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from home import reading, selectors


@require_safe
def site_map(request: HttpRequest) -> HttpResponse:
    """All sections for people."""
    return render(
        request, "home/site_map.html", {"pages": selectors.site_map(get_language() or "uz")}
    )


@require_safe
def reading_aids(request: HttpRequest) -> HttpResponse:
    """Text size, contrast and pictures as links: no script, no cookie before a choice.

    `?set=NAME` keeps a choice in a cookie and leads back to `next`, a path of this site.
    """
    choice = request.GET.get("set", "")
    if choice in reading.CHOICES:
        target = request.GET.get("next", "")
        if not url_has_allowed_host_and_scheme(target, allowed_hosts=None):
            target = request.path
        response = HttpResponseRedirect(target)
        reading.keep(request, response, choice)
        return response
    return render(
        request,
        "home/reading_aids.html",
        {"groups": reading.groups(request), "next": request.GET.get("next", "")},
    )
