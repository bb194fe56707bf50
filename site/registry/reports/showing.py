"""A report in words: sections with tables and a chart, in the active language, from what is frozen."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from casework.counted import ApplicantKind
from casework.models import Kind
from core import charts
from core.texts import pick
from forms.models import Source
from languages.dates import format_date, format_money, format_number
from registry.models import Proposal, Report
from registry.monitoring import indicators
from registry.monitoring.indicators import VALUES
from registry.monitoring.measures import GROUND
from registry.monitoring.telling import Exact
from registry.reports.freezing import phase_label
from registry.reports.working import SECTIONS

#: Rows of a table in the PDF; the annex has all.
MOST = 40
_VOLUME = ("received", "decided", "open", "on_time", "overdue", "median")


@dataclass
class Table:
    """A table of texts."""

    title: str
    head: list[str]
    rows: list[list[str]]


@dataclass
class Section:
    """A section of the report."""

    key: str
    title: str
    comment: str
    tables: list[Table] = field(default_factory=list)
    chart: charts.Chart | None = None


def titles() -> dict[str, str]:
    """Names of the sections."""
    return {
        "method": _("Period and method"), "registry": _("The registry"),
        "plan": _("The plan is kept"), "volumes": _("Requests and appeals"),
        "timeliness": _("Answers in time"), "outcomes": _("Outcomes"),
        "satisfaction": _("Ratings"), "payments": _("Payments and discounts"),
        "incidents": _("How the portal works"), "law": _("Changes of the law"),
        "responsibility": _("Agencies and who answers for them"),
        "proposals": _("Annex: proposals for the registry"),
        "decisions": _("Decisions asked of the council"),
    }  # fmt: skip


def sections(report: Report, language: str, before: Report | None = None) -> list[Section]:
    """All sections in their order; `before` is last year's report, to compare with."""
    shown = _Shown(report, language, before)
    named = titles()
    found = []
    for key in SECTIONS:
        part = Section(key, named[key], pick(report.comments.get(key) or {}, language))
        getattr(shown, key, lambda _part: None)(part)
        found.append(part)
    return found


class _Shown:
    def __init__(self, report: Report, language: str, before: Report | None) -> None:
        self.report, self.language, self.before = report, language, before
        self.figures: dict[str, Any] = report.figures
        self.teller = Exact(language)
        self.total = self._whole(self.figures)
        self.former = self._whole(before.figures) if before else None

    def _whole(self, figures: dict[str, Any]) -> dict[str, int]:
        parts = (figures["total"], figures["house"], figures["plan"], figures["registry"])
        return {name: number for part in parts for name, number in part.items()}

    def _values(self, *keys: str) -> Table:
        head = [_("Indicator"), str(self.report.year)]
        head += [str(self.before.year)] if self.before else []
        rows = []
        for key in keys:
            row = [str(VALUES[key].label), self.teller.value(VALUES[key], self.total)]
            if self.former is not None:
                row.append(self.teller.value(VALUES[key], self.former))
            rows.append(row)
        return Table("", head, rows)

    def _cut(self, title: str, cut: str, labels: dict[str, str]) -> Table:
        counts = self.figures["cuts"][cut]
        ordered = sorted(counts.items(), key=lambda row: (-row[1].get("received", 0), row[0]))
        return Table(
            title, [title, *(str(VALUES[key].label) for key in _VOLUME)],
            [
                [labels.get(value) or value or _("Not known"),
                 *(self.teller.value(VALUES[key], found) for key in _VOLUME)]
                for value, found in ordered
            ],
        )  # fmt: skip

    def method(self, part: Section) -> None:
        report = self.report
        days = f"{self._day(report.first_day)} – {self._day(report.last_day)}"
        frozen = self._day(report.frozen_at.date()) if report.frozen_at else "–"
        part.tables.append(
            Table(
                "",
                [_("Period"), days],
                [[_("Figures as of"), frozen], ["SHA-256", report.hash or "–"]],
            )
        )

    def _day(self, day: date) -> str:
        return format_date(day, self.language)

    def registry(self, part: Section) -> None:
        part.tables.append(self._values("registry", "online"))
        phases = [
            [phase_label(phase), format_number(self.total.get(f"phase:{phase}", 0), self.language)]
            for phase in range(6)
        ]
        part.tables.append(Table(_("By phase"), [_("Phase"), _("Services")], phases))

    def plan(self, part: Section) -> None:
        part.tables.append(self._values("plan_due", "plan_kept"))
        rows = [
            [line["number"], pick(line["agency"], self.language),
             self._day(date.fromisoformat(line["planned"])),
             self._day(date.fromisoformat(line["started"])) if line["started"] else "–",
             "; ".join(line["reasons"])]
            for line in self.figures["late"]
        ]  # fmt: skip
        head = [_("Service"), _("Agency"), _("Planned to start"), _("Started"), _("Why")]
        part.tables.append(Table(_("Late lines of the plan"), head, rows))

    def volumes(self, part: Section) -> None:
        part.tables.append(self._values("received", "decided", "open", "paid", "completed"))
        names = self.figures["names"]
        for title, cut, labels in (
            (_("Service"), "service", names["service"][self.language]),
            (_("City or district"), "district", names["district"][self.language]),
            (_("Door"), "channel", _labels(Source)),
            (_("Applicant"), "applicant", _labels(ApplicantKind)),
            (_("Kind"), "kind", _labels(Kind)),
        ):
            part.tables.append(self._cut(title, cut, labels))
        districts = part.tables[2].rows[:17]
        counts = self.figures["cuts"]["district"]
        values = sorted((c.get("received", 0) for c in counts.values()), reverse=True)[:17]
        part.chart = charts.columns(
            "districts", _("Requests by city and district"),
            _("Columns of requests received, in the order of the table of cities and districts."),
            [str(number) for number in range(1, len(districts) + 1)],
            [charts.Series(str(VALUES["received"].label), values)],
        )  # fmt: skip

    def timeliness(self, part: Section) -> None:
        part.tables.append(
            self._values("on_time", "overdue", "overdue_days", "median", "p90", "promised",
                         "registered_late", "taken_after", "forwarded_late")
        )  # fmt: skip

    def outcomes(self, part: Section) -> None:
        part.tables.append(self._values("approved", "refused", "repeats_share", "asked", "upheld"))
        grounds = {n[len(GROUND) :]: c for n, c in self.total.items() if n.startswith(GROUND)}
        rows = [[code, format_number(n, self.language)]
                for code, n in sorted(grounds.items(), key=lambda row: (-row[1], row[0]))]  # fmt: skip
        part.tables.append(Table(_("Refusals by ground"), [_("Ground"), _("Refused")], rows))

    def satisfaction(self, part: Section) -> None:
        part.tables.append(self._values("rating", "rated", "response", "low"))

    def payments(self, part: Section) -> None:
        money = [
            [label, format_money(self.total.get(name, 0), self.language)]
            for label, name in (
                (_("Paid"), "income_tiyin"), (_("Returned"), "returned_tiyin"),
                (_("Discounts"), "discount_tiyin"),
            )
        ]  # fmt: skip
        part.tables.append(Table("", [_("Indicator"), str(self.report.year)], money))

    def incidents(self, part: Section) -> None:
        part.tables.append(self._values("uptime", "errors", "p95", "searches", "searches_empty"))

    def responsibility(self, part: Section) -> None:
        signs = {"green": _("green"), "yellow": _("yellow"), "red": _("red"), "": _("too few")}
        order = ("red", "yellow", "green", "")
        rows = []
        for agency in self.figures["agencies"]:
            counts = agency["counts"]
            light = indicators.light(counts)
            rows.append((order.index(light), [
                pick(agency["name"], self.language), agency["head"] or "–", signs[light],
                *(self.teller.value(VALUES[key], counts)
                  for key in ("received", "on_time", "overdue", "rating")),
            ]))  # fmt: skip
        head = [_("Agency"), _("Responsible head"), _("Signal")]
        head += [str(VALUES[key].label) for key in ("received", "on_time", "overdue", "rating")]
        part.tables.append(Table(_("Agencies"), head, [row for _place, row in sorted(rows)]))

    def proposals(self, part: Section) -> None:
        rows = [
            [row["number"], pick(row["agency"], self.language),
             str(Proposal.Kind(row["kind"]).label), phase_label(row["phase"]),
             self._day(date.fromisoformat(row["planned"])) if row["planned"] else "–",
             row["reason"]]
            for row in self.figures["proposals"]
        ]  # fmt: skip
        head = [_("Service"), _("Agency"), _("What is proposed"), _("Phase"),
                _("Planned to start"), _("Why")]  # fmt: skip
        part.tables.append(Table("", head, rows))


def _labels(choices: Any) -> dict[str, str]:
    return {str(value): str(label) for value, label in choices.choices}
