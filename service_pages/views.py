"""The catalogue: filters are links, so it works without scripts."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Agency
from core.texts import pick
from service_pages import browsing, passport, reference, selectors, vocabulary
from service_pages.models import CatalogueEntry


def _catalogue(request: HttpRequest, title: str, intro: str = "", **fixed: str) -> HttpResponse:
    language = get_language() or "uz"
    context = browsing.catalogue(language, request.GET, fixed)
    context |= {"title": title, "intro": intro, "landing": bool(fixed)}
    return render(request, "service_pages/catalogue.html", context)


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """All services."""
    return _catalogue(request, _("All services"))


@require_safe
def by_topic(request: HttpRequest, topic: str) -> HttpResponse:
    """Services of a topic; 404 where there is none of that key."""
    row = reference.topics().get(topic)
    if row is None:
        raise Http404
    return _catalogue(request, pick(row.name), _("Services on this topic"), topic=row.key)


@require_safe
def by_event(request: HttpRequest, event: str) -> HttpResponse:
    """Services of a life event; 404 where there is none of that key."""
    row = reference.events().get(event)
    if row is None:
        raise Http404
    intro = _("Services that may be needed in this situation")
    return _catalogue(request, pick(row.name), intro, event=row.key)


@require_safe
def by_audience(request: HttpRequest, audience: str) -> HttpResponse:
    """Services for a category of applicants; 404 on an unknown one."""
    if audience not in vocabulary.Audience.values:
        raise Http404
    label = str(vocabulary.Audience(audience).label)
    return _catalogue(request, label, _("Services for these applicants"), audience=audience)


@require_safe
def by_agency(request: HttpRequest, agency: str) -> HttpResponse:
    """Services of an agency; 404 where there is none of that key."""
    row = get_object_or_404(Agency, key=agency, active=True)
    return _catalogue(request, row.label(), _("Services of this organisation"), agency=row.key)


@require_safe
def sample(request: HttpRequest, service: str, sample: str) -> HttpResponse:
    """A blank form or sample of a service on a page to print; 404 where there is none."""
    language = get_language() or "uz"
    entry = get_object_or_404(
        CatalogueEntry.objects.select_related("service", "agency"),
        service__key=service,
        language=language,
    )
    published = passport.current(entry.service)
    row = published.sample(sample, language) if published else None
    if row is None:
        raise Http404
    context = {
        "sample": row | {"kind_label": vocabulary.SampleKind(row["kind"]).label},
        "entry": entry,
        "crumbs": selectors.crumbs(
            language,
            (pick(entry.agency.name, language), entry.path.rsplit("/", 2)[0] + "/"),
            (entry.title, entry.path),
        ),
    }
    return render(request, "service_pages/sample.html", context)
