"""The public watch over quality: aggregates only, as disclosure.py lets them be seen."""

from __future__ import annotations

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Agency
from accounts.selectors import heirs, lineage
from core import tables
from registry.crumbs import crumbs
from registry.models.figures import Cut
from registry.monitoring import dashboard, disclosure, margins, names, reading, standing
from registry.monitoring import indicators as definitions
from registry.monitoring.dashboard import Sheet
from registry.monitoring.measures import added
from registry.monitoring.names import CUTS
from registry.monitoring.periods import Period, read, year
from registry.monitoring.telling import Public

#: Until this month of a year the year before says more.
_EARLY = 3


class _Asked:
    """What an address asks for; what is unknown falls back to the whole."""

    def __init__(self, request: HttpRequest) -> None:
        self.language = get_language() or "uz"
        self.today = timezone.localdate()
        chosen = read(request.GET.get("period", "")[:30])
        self.period: Period = chosen or _usual(self.today)
        by = request.GET.get("by", "")
        self.by = by if by in {str(cut) for cut in CUTS} else str(Cut.DISTRICT)
        key = request.GET.get("agency", "").replace("\x00", "")[:100]
        self.agency = get_object_or_404(Agency, key=key) if key else None
        self.ids = lineage(self.agency) if self.agency else None
        self.teller = Public(self.language)
        #: The agency's key among sums: figures of one that was merged are its successor's.
        self.heir = heirs().get(self.agency.pk, self.agency.pk) if self.agency else None

    @cached_property
    def untold(self) -> margins.Untold:
        """Sums that are not told of the period."""
        return margins.of_period(self.period)

    def query(self, **changes: str) -> str:
        """The query of the same page with something changed."""
        values = {
            "period": self.period.key,
            "agency": self.agency.key if self.agency else "",
            "by": self.by,
        } | changes
        return "?" + urlencode({name: value for name, value in values.items() if value})


def _usual(today: Any) -> Period:
    return year(today.year if today.month > _EARLY else today.year - 1)


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Tiles, months, agencies, one cut, appeals; of one agency where it is named."""
    asked = _Asked(request)
    of_agencies = reading.agencies_of(asked.period, asked.ids)
    counts = added(of_agencies.values())
    before = added(reading.table(Cut.SERVICE, asked.period.before(), asked.ids).values())
    known = names.of_agencies(of_agencies, asked.language)
    context: dict[str, Any] = {
        "asked": asked,
        "period": asked.period.label(asked.language),
        "before": asked.period.before().label(asked.language),
        "closed": reading.closed_until(),
        "choices": _choices(asked),
        "tiles": dashboard.tiles(counts, before, asked.teller, asked.untold.of_agency(asked.heir)),
        "months": dashboard.months(asked.period.last, asked.ids, asked.teller, asked.language),
        "agencies": None
        if asked.agency
        else dashboard.agencies(of_agencies, known, asked.teller, asked.language, asked.untold),
        "cuts": [
            {"label": label, "url": asked.query(by=str(cut)) + "#by", "current": cut == asked.by}
            for cut, label in CUTS.items()
        ],
        "cut": dashboard.by_cut(
            asked.by,
            asked.period,
            asked.ids,
            asked.teller,
            asked.language,
            asked.untold,
            asked.heir,
        ),
        "appeals": dashboard.appeals(asked.ids, asked.teller, asked.language, asked.today),
        "today": asked.today,
        "light": asked.teller.light(counts) if asked.agency else "",
        "query": asked.query()[1:],
        "smallest": disclosure.SMALLEST,
        "many": disclosure.MANY,
        "crumbs": crumbs(),
    }
    return render(request, "registry/quality/overview.html", context)


def _choices(asked: _Asked) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "items": [
                {
                    "label": span.label(asked.language),
                    "key": span.key,
                    "current": span == asked.period,
                }
                for span in spans
            ],
        }
        for label, spans in dashboard.choices(asked.today, reading.first_day())
    ]


@require_safe
def indicators(request: HttpRequest) -> HttpResponse:
    """M1 to M17 of the portal as a whole: values, how they are computed, thresholds."""
    asked = _Asked(request)
    phases = standing.registry(asked.period)
    total = added(phases.values())
    return render(
        request,
        "registry/quality/indicators.html",
        {
            "asked": asked,
            "period": asked.period.label(asked.language),
            "before": asked.period.before().label(asked.language),
            "choices": _choices(asked),
            "indicators": dashboard.indicators(asked.period, None, asked.teller),
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
def download(request: HttpRequest, ending: str) -> HttpResponse:
    """The tables of the page as CSV or JSON: as they are shown, nothing more exact."""
    asked = _Asked(request)
    of_agencies = reading.by_heir(reading.agencies_of(asked.period, asked.ids))
    known = names.of_agencies(of_agencies, asked.language)
    sheets = [
        dashboard.agencies(of_agencies, known, asked.teller, asked.language, asked.untold),
        dashboard.by_cut(
            asked.by,
            asked.period,
            asked.ids,
            asked.teller,
            asked.language,
            asked.untold,
            asked.heir,
        ),
        dashboard.appeals(asked.ids, asked.teller, asked.language, asked.today),
    ]
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
