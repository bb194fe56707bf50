"""The public watch over quality: aggregates only, as disclosure.py lets them be seen."""

from __future__ import annotations

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Agency
from accounts.selectors import lineage
from core import tables
from registry.crumbs import crumbs
from registry.models.figures import Cut
from registry.monitoring import dashboard, disclosure, margins, names, reading, standing
from registry.monitoring import indicators as definitions
from registry.monitoring.asking import Asked
from registry.monitoring.dashboard import Sheet
from registry.monitoring.holding import heirs, of_one_run
from registry.monitoring.measures import added
from registry.monitoring.periods import Period, year
from registry.monitoring.telling import Public
from registry.monitoring.withholding import Untold

#: Until this month of a year the year before says more.
_EARLY = 3


class _Asked(Asked):
    """What the public asks for: whole months, quarters and years."""

    usual_cut = Cut.DISTRICT
    any_days = False

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        if self.key:
            agency = get_object_or_404(Agency, key=self.key)
            # One that was merged is its heir's part, and a part of figures of few.
            heir = heirs().get(agency.pk)
            self.agency = Agency.objects.get(pk=heir) if heir else agency
        self.ids = lineage(self.agency) if self.agency else None
        self.pk = self.agency.pk if self.agency else None
        self.teller = Public(self.language)

    def usual_period(self) -> Period:
        """Early in a year the year before says more."""
        return year(self.today.year if self.today.month > _EARLY else self.today.year - 1)

    @cached_property
    def untold(self) -> Untold:
        """What is not told of the period."""
        return margins.of_period(self.period)

    def hidden(self, period: Period) -> set[str]:
        """Keys of sums that are not told of another period."""
        return margins.of_period(period).of_agency(self.pk)

    def hidden_in_month(self, month: Period) -> set[str]:
        """The same of a month, whose states are not shown."""
        found = margins.of_year(month.first.year).get(month.key)
        return found.of_agency(self.pk) if found else set()

    def cut(self) -> Sheet:
        """The table of what the figures are taken apart by."""
        return dashboard.by_cut(
            self.by, self.period, self.ids, self.teller, self.language, self.untold, self.pk
        )

    def agencies(self) -> Sheet:
        """The table of agencies."""
        counts = reading.agencies_of(self.period, self.ids, with_today=False)
        known = names.of_agencies(counts, self.language)
        return dashboard.agencies(counts, known, self.teller, self.language, self.untold)

    def appeals(self) -> Sheet:
        """The table of appeals."""
        untold = margins.of_appeals(self.today.year)
        return dashboard.appeals(self.ids, self.teller, self.language, self.today, untold)


@require_safe
@of_one_run
def overview(request: HttpRequest) -> HttpResponse:
    """Tiles, months, agencies, one cut, appeals; of one agency where it is named."""
    asked = _Asked(request)
    before = asked.period.before()
    # First: it brings to mind what the tables below are read from.
    untold = asked.untold
    counts = added(reading.agencies_of(asked.period, asked.ids, with_today=False).values())
    former = added(reading.table(Cut.AGENCY, before, asked.ids, with_today=False).values())
    context: dict[str, Any] = {
        "asked": asked,
        "period": asked.period.label(asked.language),
        "before": before.label(asked.language),
        "closed": reading.closed_until(),
        "choices": asked.choices(),
        "tiles": dashboard.tiles(
            counts, former, asked.teller, untold.of_agency(asked.pk), asked.hidden(before)
        ),
        "months": dashboard.months(
            asked.period.last, asked.ids, asked.teller, asked.language, asked.hidden_in_month
        ),
        "agencies": None if asked.agency else asked.agencies(),
        "cuts": asked.cuts(),
        "cut": asked.cut(),
        "appeals": asked.appeals(),
        "today": asked.today,
        "light": asked.teller.light(counts, untold.of_agency(asked.pk)) if asked.agency else "",
        "query": asked.query(),
        "smallest": disclosure.SMALLEST,
        "many": disclosure.MANY,
        "crumbs": crumbs(),
    }
    return render(request, "registry/quality/overview.html", context)


@require_safe
@of_one_run
def indicators(request: HttpRequest) -> HttpResponse:
    """M1 to M17 of the portal as a whole: values, how they are computed, thresholds."""
    asked = _Asked(request)
    before = asked.period.before()
    phases = standing.registry(asked.period)
    total = added(phases.values())
    return render(
        request,
        "registry/quality/indicators.html",
        {
            "asked": asked,
            "period": asked.period.label(asked.language),
            "before": before.label(asked.language),
            "choices": asked.choices(),
            "indicators": dashboard.indicators(
                asked.period,
                None,
                asked.teller,
                asked.untold.whole,
                margins.of_period(before).whole,
            ),
            "phases": standing.phases(total),
            "lights": [definitions.VALUES[key] for key in definitions.LIGHTS],
            "least": definitions.LEAST_FOR_LIGHT,
            "smallest": disclosure.SMALLEST,
            "step": disclosure.STEP,
            "many": disclosure.MANY,
            "crumbs": crumbs((_("How agencies answer"), "quality:agencies")),
        },
    )


@require_safe
@of_one_run
def download(request: HttpRequest, ending: str) -> HttpResponse:
    """The tables of the page as CSV or JSON: as they are shown, nothing more exact."""
    asked = _Asked(request)
    sheets = [asked.agencies(), asked.cut(), asked.appeals()]
    if ending == "csv":
        rows = [row for one in sheets for row in _rows(one)]
        answer = HttpResponse(tables.to_csv(rows), content_type=tables.CSV)
    elif ending == "json":
        body = {
            "period": [asked.period.first.isoformat(), asked.period.last.isoformat()],
            "tables": [
                {"title": one.caption, "rows": [_record(one, line) for line in one.lines]}
                for one in sheets
            ],
        }
        text = json.dumps(body, ensure_ascii=False, indent=1)
        answer = HttpResponse(text, content_type="application/json")
    else:
        raise Http404
    name = f"figures-{asked.period.key}-{asked.language}.{ending}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _rows(one: Sheet) -> list[list[str]]:
    head = [one.caption, *(label for _key, label in one.columns)]
    return [head, *([line.name, *line.cells] for line in one.lines), []]


def _record(one: Sheet, line: dashboard.Line) -> dict[str, str]:
    keys = [key for key, _label in one.columns]
    return {"key": line.key, "name": line.name, **dict(zip(keys, line.cells, strict=True))}
