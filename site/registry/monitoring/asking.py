"""What an address of a dashboard asks for: period, agency, by what the figures are taken apart."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language

from accounts.models import Agency
from registry.models.figures import Cut
from registry.monitoring import dashboard, reading
from registry.monitoring.names import CUTS
from registry.monitoring.periods import Period, read, year


class Asked:
    """The same for the public and for staff; what is unknown falls back to the whole."""

    #: By what figures are taken apart where nothing is said.
    usual_cut = Cut.SERVICE
    #: Whether any span of days may be asked for; else whole months, quarters and years.
    any_days = True
    agency: Agency | None = None

    def __init__(self, request: HttpRequest) -> None:
        self.language = get_language() or "uz"
        self.today = timezone.localdate()
        period = read(request.GET.get("period", "")[:30])
        if period is None or not (self.any_days or period.is_of_calendar):
            period = self.usual_period()
        self.period: Period = period
        by = request.GET.get("by", "")
        self.by = by if by in {str(cut) for cut in CUTS} else str(self.usual_cut)
        self.key = request.GET.get("agency", "").replace("\x00", "")[:100]

    def usual_period(self) -> Period:
        """The period where nothing is said."""
        return year(self.today.year)

    def query(self, **changes: str) -> str:
        """The query of the same page with something changed, without `?`."""
        values = {
            "period": self.period.key,
            "agency": self.agency.key if self.agency else "",
            "by": self.by,
        } | changes
        return urlencode({name: value for name, value in values.items() if value})

    def cuts(self) -> list[dict[str, Any]]:
        """Links to what figures can be taken apart by."""
        return [
            {"label": label, "url": f"?{self.query(by=str(cut))}#by", "current": cut == self.by}
            for cut, label in CUTS.items()
        ]

    def choices(self) -> list[dict[str, Any]]:
        """Periods to choose from, in groups."""
        return [
            {
                "label": label,
                "items": [
                    {
                        "label": span.label(self.language),
                        "key": span.key,
                        "current": span == self.period,
                    }
                    for span in spans
                ],
            }
            for label, spans in dashboard.choices(self.today, reading.first_day())
        ]
