"""A report in words: sections with tables and charts, in the active language, from what is frozen.

The same sections stand on the desk, on the public page and in the files; `teller` says whether
figures are told exactly or as the public may see them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Agency
from casework.counted import ApplicantKind
from core import charts
from core.texts import pick
from forms.models import Source
from home.models.feedback import PageComment
from languages.dates import format_date, format_money, format_month, format_number
from registry.models import ControlTask, Proposal, Report
from registry.monitoring import indicators
from registry.monitoring.indicators import VALUES
from registry.monitoring.measures import GROUND
from registry.monitoring.names import KINDS
from registry.monitoring.telling import NOTHING, Exact, Teller
from registry.reports.freezing import phase_label
from registry.reports.parts import Cell, Section, Table
from registry.reports.working import SECTIONS

#: Values that tell of no person: always told exactly.
_OF_NOBODY = frozenset({
    "registry", "online", "plan_due", "plan_kept", "uptime", "errors", "p95", "searches",
    "searches_empty",
})  # fmt: skip
_VOLUME = ("received", "decided", "open", "on_time", "overdue", "median")
_ANSWER = ("received", "on_time", "overdue", "rating")
_SIGNS = ("red", "yellow", "green", "")


def titles() -> dict[str, str]:
    """Names of the sections."""
    return {
        "method": _("Period and method"), "registry": _("The registry"),
        "plan": _("The plan is kept"), "volumes": _("Requests and appeals"),
        "timeliness": _("Answers in time"), "outcomes": _("Outcomes"),
        "satisfaction": _("Ratings and what readers say"),
        "payments": _("Payments and discounts"),
        "incidents": _("How the portal works"), "law": _("Changes of the law"),
        "responsibility": _("Agencies and who answers for them"),
        "proposals": _("Annex: proposals for the registry"),
        "decisions": _("Decisions asked of the council"),
    }  # fmt: skip


def sections(
    report: Report, language: str, before: Report | None = None, teller: Teller | None = None
) -> list[Section]:
    """All sections in their order; `before` is last year's report, to compare with."""
    shown = _Shown(report, language, before, teller or Exact(language))
    named = titles()
    found = []
    for key in SECTIONS:
        part = Section(key, named[key], pick(report.comments.get(key) or {}, language))
        part.empty = _("Nothing was reported.")
        getattr(shown, key, lambda _part: None)(part)
        found.append(part)
    return found


class _Shown:
    def __init__(
        self, report: Report, language: str, before: Report | None, teller: Teller
    ) -> None:
        self.report, self.language, self.before, self.teller = report, language, before, teller
        self.figures: dict[str, Any] = report.figures
        self.total = _whole(self.figures)
        self.former = _whole(before.figures) if before else None

    def _day(self, day: str | date) -> str:
        return format_date(date.fromisoformat(day) if isinstance(day, str) else day, self.language)

    def _value(self, key: str, counts: Mapping[str, int]) -> Cell:
        value = VALUES[key]
        teller = Exact(self.language) if key in _OF_NOBODY else self.teller
        number = teller.number(value, counts)
        rounded = None if number is None else round(number, 2)
        return Cell(teller.value(value, counts), rounded, right=True)

    def _count(self, number: int) -> Cell:
        """A number that tells of no person: services, versions, presses."""
        return Cell(format_number(number, self.language), number, right=True)

    def _values(self, *keys: str) -> Table:
        head = [_("Indicator"), str(self.report.year)]
        head += [str(self.before.year)] if self.before else []
        rows = []
        for key in keys:
            row = [Cell(str(VALUES[key].label)), self._value(key, self.total)]
            if self.former is not None:
                row.append(self._value(key, self.former))
            rows.append(row)
        return Table("", head, rows, [3, *[1.0] * (len(head) - 1)])

    def _counts(self, title: str, head: Sequence[str], rows: Sequence[tuple[str, int]]) -> Table:
        cells = [[Cell(name), self._count(number)] for name, number in rows]
        return Table(title, list(head), cells, [3, 1])

    def _cut(self, title: str, cut: str, labels: Mapping[str, str]) -> Table:
        counts = self.figures["cuts"][cut]
        ordered = sorted(counts.items(), key=lambda row: (-row[1].get("received", 0), row[0]))
        rows = [
            [
                Cell(labels.get(value) or value or _("Not known")),
                *(self._value(key, found) for key in _VOLUME),
            ]
            for value, found in ordered
            if self.teller.tells(found.get("received", 0))
        ]
        head = [title, *(str(VALUES[key].label) for key in _VOLUME)]
        return Table(title, head, rows, [2.4, *[1.0] * len(_VOLUME)], len(ordered) - len(rows))

    def method(self, part: Section) -> None:
        report = self.report
        days = f"{self._day(report.first_day)} – {self._day(report.last_day)}"
        frozen = self._day(report.frozen_at.date()) if report.frozen_at else NOTHING
        rows = [
            (_("Period"), days),
            (_("Figures as of"), frozen),
            (_("State"), str(report.get_state_display())),
            (_("Compared with"), str(self.before.year) if self.before else NOTHING),
            ("SHA-256", report.hash or NOTHING),
        ]
        cells = [[Cell(name), Cell(text)] for name, text in rows]
        part.tables.append(Table("", [_("Fact"), _("Value")], cells, [1, 2.6]))

    def registry(self, part: Section) -> None:
        part.tables.append(self._values("registry", "online"))
        phases = [(phase_label(phase), self.total.get(f"phase:{phase}", 0)) for phase in range(6)]
        part.tables.append(self._counts(_("By phase"), [_("Phase"), _("Services")], phases))
        kinds = _labels(Agency.Kind)
        by_kind = self.figures.get("registry_kinds") or {}
        part.tables.append(
            self._counts(
                _("By kind of agency"), [_("Kind of agency"), _("Services")],
                [(kinds.get(kind, kind), counts.get("registry", 0))
                 for kind, counts in by_kind.items()],
            )
        )  # fmt: skip
        moves = self.figures.get("registry_moves") or {}
        words = {"versions": _("Versions published"), "added": _("Added"),
                 "changed": _("Changed"), "removed": _("Removed")}  # fmt: skip
        part.tables.append(
            self._counts(
                _("Changes of the registry in the period"), [_("What was changed"), _("How many")],
                [(label, moves[name]) for name, label in words.items() if name in moves],
            )
        )  # fmt: skip

    def plan(self, part: Section) -> None:
        part.tables.append(self._values("plan_due", "plan_kept"))
        rows = [
            [
                Cell(line["number"]), Cell(pick(line["agency"], self.language)),
                Cell(self._day(line["planned"])),
                Cell(self._day(line["started"]) if line["started"] else NOTHING),
                Cell("; ".join(line["reasons"]) or NOTHING),
            ]
            for line in self.figures["late"]
        ]  # fmt: skip
        head = [_("Service"), _("Agency"), _("Planned to start"), _("Started"), _("Why")]
        part.tables.append(Table(_("Late lines of the plan"), head, rows, [1, 2, 1.3, 1.3, 2]))

    def volumes(self, part: Section) -> None:
        part.tables.append(self._values("received", "decided", "open", "paid", "completed"))
        part.charts += [*self._months(part), self._districts()]
        names = self.figures["names"]
        for title, cut, labels in (
            (_("Service"), "service", names["service"][self.language]),
            (_("City or district"), "district", names["district"][self.language]),
            (_("Door"), "channel", _labels(Source)),
            (_("Applicant"), "applicant", _labels(ApplicantKind)),
            (_("Kind"), "kind", _named(KINDS)),
        ):
            part.tables.append(self._cut(title, cut, labels))

    def _months(self, part: Section) -> list[charts.Chart]:
        months = self.figures.get("months") or []
        if not months:
            return []
        keys = ("received", "decided", "on_time")
        rows = [
            [Cell(self._month(row["month"])), *(self._value(key, row) for key in keys)]
            for row in months
        ]
        head = [_("Month"), *(str(VALUES[key].label) for key in keys)]
        part.tables.append(Table(_("By month"), head, rows, [3, 1, 1, 1]))
        series = [
            charts.Series(str(VALUES[key].label), [self.teller.number(VALUES[key], m) for m in months])
            for key in keys[:2]
        ]  # fmt: skip
        return [
            charts.columns(
                "months", _("Requests by month"),
                _("Columns of requests received and answered in each month; the table by month "
                  "has the numbers."),
                [f"{row['month'][5:]}.{row['month'][2:4]}" for row in months], series,
            )
        ]  # fmt: skip

    def _month(self, key: str) -> str:
        return format_month(date.fromisoformat(f"{key}-01"), self.language)

    def _districts(self) -> charts.Chart:
        counts = self.figures["cuts"]["district"]
        labels = self.figures["names"]["district"][self.language]
        ordered = sorted(counts.items(), key=lambda row: (-row[1].get("received", 0), row[0]))
        told = [
            (labels.get(key) or key or _("Not known"), self._value("received", found))
            for key, found in ordered
            if self.teller.tells(found.get("received", 0))
        ]
        return charts.bars(
            "districts", _("Requests by city and district"),
            _("Bars of requests received in each city and district; the table of cities and "
              "districts has the numbers."),
            [name for name, _cell in told],
            charts.Series(str(VALUES["received"].label), [cell.number for _n, cell in told]),
            [cell.text for _name, cell in told],
        )  # fmt: skip

    def timeliness(self, part: Section) -> None:
        part.tables.append(
            self._values("on_time", "overdue", "overdue_days", "median", "p90", "promised",
                         "registered_late", "taken_after", "forwarded_late")
        )  # fmt: skip

    def outcomes(self, part: Section) -> None:
        part.tables.append(self._values("approved", "refused", "repeats_share", "asked", "upheld"))
        grounds = {n[len(GROUND) :]: c for n, c in self.total.items() if n.startswith(GROUND)}
        texts = self.figures.get("grounds") or {}
        rows = []
        for code, number in sorted(grounds.items(), key=lambda row: (-row[1], row[0])):
            if self.teller.tells(number):
                told = self.teller.counts([number], number)[0][0]
                name = pick(texts.get(code) or {}, self.language) or code
                rows.append([Cell(name), Cell(told, number, right=True)])
        table = Table(_("Refusals by ground"), [_("Ground"), _("Refused")], rows, [4, 1])
        table.few = len(grounds) - len(rows)
        part.tables.append(table)

    def satisfaction(self, part: Section) -> None:
        part.tables.append(self._values("rating", "rated", "response", "low"))
        found = self.figures.get("feedback")
        if not found:
            return
        part.tables.append(
            self._counts(
                _("Was this page useful?"), [_("Answer"), _("How many")],
                [(_("Useful"), found["yes"]), (_("Not useful"), found["no"])],
            )
        )  # fmt: skip
        themes = _labels(PageComment.Theme)
        rows = [(themes.get(theme, theme), number) for theme, number in found["themes"].items()]
        if rows:
            rows += [(_("Of all: answered"), found["answered"]),
                     (_("Of all: page corrected"), found["corrected"])]  # fmt: skip
        part.tables.append(
            self._counts(_("Comments of readers by theme"), [_("Theme"), _("How many")], rows)
        )

    def payments(self, part: Section) -> None:
        head = [_("Indicator"), str(self.report.year)]
        head += [str(self.before.year)] if self.before else []
        rows = []
        for label, name in (
            (_("Paid"), "income_tiyin"), (_("Returned"), "returned_tiyin"),
            (_("Discounts"), "discount_tiyin"),
        ):  # fmt: skip
            row = [Cell(label)]
            for counts in filter(lambda found: found is not None, (self.total, self.former)):
                assert counts is not None
                row.append(self._money(counts.get(name, 0)))
            rows.append(row)
        part.tables.append(Table("", head, rows, [3, *[1.4] * (len(head) - 1)]))

    def _money(self, tiyin: int) -> Cell:
        return Cell(format_money(tiyin, self.language), tiyin / 100, right=True)

    def incidents(self, part: Section) -> None:
        part.tables.append(self._values("uptime", "errors", "p95", "searches", "searches_empty"))

    def law(self, part: Section) -> None:
        states = _labels(ControlTask.State)
        rows = [
            [
                Cell(row["number"] or NOTHING), Cell(f"{row['act']} {row['clause']}".strip()),
                Cell(pick(row["text"], self.language)), Cell(self._day(row["due"])),
                Cell(states[row["state"]]),
            ]
            for row in self.figures.get("law") or []
        ]  # fmt: skip
        head = [_("Service"), _("Act"), _("what is to be done"), _("due"), _("State")]
        part.tables.append(
            Table(_("Acts that stand in a service's way"), head, rows, [1, 2, 2.4, 1.2, 1.2])
        )

    def responsibility(self, part: Section) -> None:
        words = {"green": _("green"), "yellow": _("yellow"), "red": _("red"), "": _("too few")}
        rows, few = [], 0
        for agency in self.figures["agencies"]:
            counts = agency["counts"]
            if not self.teller.tells(counts.get("received", 0)):
                few += 1
                continue
            light = indicators.light(counts)
            name = pick(agency["name"], self.language)
            rows.append((_SIGNS.index(light), name, [
                Cell(name), Cell(agency["head"] or NOTHING), Cell(words[light]),
                *(self._value(key, counts) for key in _ANSWER),
            ]))  # fmt: skip
        head = [_("Agency"), _("Responsible head"), _("Signal")]
        head += [str(VALUES[key].label) for key in _ANSWER]
        part.tables.append(
            Table(
                _("Agencies"), head, [row for _place, _name, row in sorted(rows)],
                [2.9, 1.6, 1.2, 1.1, 1.05, 1.25, 0.9], few,
            )
        )  # fmt: skip

    def proposals(self, part: Section) -> None:
        part.empty = _("Nothing is proposed.")
        rows = [
            [
                Cell(row["number"]), Cell(pick(row["agency"], self.language)),
                Cell(str(Proposal.Kind(row["kind"]).label)), Cell(phase_label(row["phase"])),
                Cell(self._day(row["planned"]) if row["planned"] else NOTHING),
                # Reports that were frozen before have it in one language.
                Cell(row["reason"] if isinstance(row["reason"], str)
                     else pick(row["reason"], self.language)),
            ]
            for row in self.figures["proposals"]
        ]  # fmt: skip
        head = [_("Service"), _("Agency"), _("What is proposed"), _("Phase"),
                _("Planned to start"), _("Why")]  # fmt: skip
        part.tables.append(Table("", head, rows, [1, 2, 1.4, 1.3, 1.3, 2]))


def _whole(figures: Mapping[str, Any]) -> dict[str, int]:
    parts = (figures["total"], figures["house"], figures["plan"], figures["registry"])
    return {name: number for part in parts for name, number in part.items()}


def _named(labels: Mapping[str, Any]) -> dict[str, str]:
    return {str(value): str(label) for value, label in labels.items()}


def _labels(choices: Any) -> dict[str, str]:
    return _named(dict(choices.choices))
