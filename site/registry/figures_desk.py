"""The watch over quality for those who answer for it: exact figures, and the requests behind them."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.selectors import agencies_of, has_role, lineage
from casework import selectors
from casework.inbox import in_own_language
from forms.readers import is_controller
from registry.models.figures import Cut
from registry.monitoring import dashboard, drilling, names, reading, splitting
from registry.monitoring.asking import Asked
from registry.monitoring.holding import of_one_run
from registry.monitoring.names import CUTS
from registry.monitoring.telling import Exact

PER_PAGE = 50
MOST_PAGES = 100


def may_see(user: Any) -> bool:
    """Whether the reader answers for or controls an agency's requests."""
    return has_role(user, *selectors.STAFF)


class _Asked(Asked):
    """What is asked for, within the reader's agencies. Raises PermissionDenied, Http404."""

    def __init__(self, request: HttpRequest) -> None:
        if not may_see(request.user):
            raise PermissionDenied
        super().__init__(request)
        self.agencies = list(agencies_of(request.user, *selectors.STAFF))
        if self.key:
            self.agency = next((row for row in self.agencies if row.key == self.key), None)
            if self.agency is None:
                raise Http404
        elif len(self.agencies) == 1:
            self.agency = self.agencies[0]
        chosen = [self.agency] if self.agency else self.agencies
        self.ids = (
            None
            if is_controller(request.user) and not self.agency
            else sorted({pk for row in chosen for pk in lineage(row)})
        )
        self.teller = Exact(self.language)


@never_cache
@require_safe
@in_own_language
@of_one_run
def overview(request: HttpRequest) -> HttpResponse:
    """All indicators, months, agencies and one cut, exactly."""
    asked = _Asked(request)
    of_agencies = reading.agencies_of(asked.period, asked.ids)
    known = names.of_agencies(of_agencies, asked.language)
    sheet = dashboard.by_cut(asked.by, asked.period, asked.ids, asked.teller, asked.language)
    drill = reverse("registry_figures_requests")
    return render(
        request,
        "registry/admin/figures.html",
        {
            "asked": asked,
            "period": asked.period.label(asked.language),
            "before": asked.period.before().label(asked.language),
            "closed": reading.closed_until(),
            "choices": asked.choices(),
            "indicators": dashboard.indicators(asked.period, asked.ids, asked.teller),
            "months": dashboard.months(asked.period.last, asked.ids, asked.teller, asked.language),
            "agencies": dashboard.agencies(of_agencies, known, asked.teller, asked.language)
            if len(of_agencies) > 1
            else None,
            "cuts": asked.cuts(),
            "cut": sheet,
            "appeals": dashboard.appeals(asked.ids, asked.teller, asked.language, asked.today),
            "drill": f"{drill}?{asked.query()}",
            "what": list(drilling.WHAT.items()),
        },
    )


@never_cache
@require_safe
@in_own_language
def requests(request: HttpRequest) -> HttpResponse:
    """The requests behind a figure: of the reader's agencies alone."""
    asked = _Asked(request)
    what = request.GET.get("what", "received")
    if what not in drilling.WHAT:
        raise Http404
    value = request.GET.get("value", "").replace("\x00", "")[:100]
    with_value = "value" in request.GET
    number = _page(request.GET.get("page", ""))
    found = drilling.requests(
        request.user, what, asked.period, agency=asked.agency.key if asked.agency else "",
        cut=asked.by if with_value else "", value=value,
        start=(number - 1) * PER_PAGE, count=PER_PAGE + 1,
    )  # fmt: skip
    label = names.of_values(asked.by, [value], asked.language)[value] if with_value else ""
    of_value = "&" + urlencode({"value": value}) if with_value else ""
    return render(
        request,
        "registry/admin/figure_requests.html",
        {
            "asked": asked,
            "what": drilling.WHAT[what],
            "now": what in drilling.NOW,
            "label": label,
            "cut": CUTS[Cut(asked.by)],
            "period": asked.period.label(asked.language),
            "rows": [
                {"row": row, "title": selectors.title_of(row, asked.language)}
                for row in found[:PER_PAGE]
            ],
            "number": number,
            "has_next": len(found) > PER_PAGE and number < MOST_PAGES,
            "query": asked.query(what=what) + of_value,
            "back": "?" + asked.query(),
            "split": _split(request, asked, value) if with_value else None,
            "split_url": f"?{asked.query(what=what)}{of_value}&split=district"
            if with_value and asked.by == Cut.SERVICE
            else "",
            "others": [
                (name, f"?{asked.query(what=key)}{of_value}", key == what)
                for key, name in drilling.WHAT.items()
            ],
        },
    )  # fmt: skip


def _split(request: HttpRequest, asked: _Asked, service: str) -> dashboard.Sheet | None:
    """The districts of the service that is looked into, where they are asked for."""
    if asked.by != Cut.SERVICE or request.GET.get("split") != "district":
        return None
    agency = asked.agency.key if asked.agency else ""
    return splitting.districts(request.user, service, asked.period, asked.language, agency)


def _page(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1
    return max(1, min(number, MOST_PAGES))
