"""A report in words: sections with tables and charts, in the active language, from what is frozen.

The same sections stand on the desk, on the public page and in the files; `teller` says whether
figures are told exactly or as the public may see them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import Agency
from casework.counted import ApplicantKind
from core import charts
from core.texts import pick
from forms.models import Source
from home.models.feedback import PageComment
from languages.dates import format_month
from languages.sorting import sort_key
from registry.models import ControlTask, Proposal, Report
from registry.monitoring.indicators import VALUES
from registry.monitoring.measures import GROUND
from registry.monitoring.names import KINDS
from registry.monitoring.telling import NOTHING, Exact, Teller
from registry.reports import withheld
from registry.reports.cells import Cells
from registry.reports.freezing import phase_label
from registry.reports.parts import OF_AGENCIES, OF_VALUES, Cell, Section, Table
from registry.reports.withheld import Withheld
from registry.reports.working import SECTIONS

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


class _Shown(Cells):
    def __init__(
        self, report: Report, language: str, before: Report | None, teller: Teller
    ) -> None:
        super().__init__(language, teller)
        self.report, self.before = report, before
        self.figures: dict[str, Any] = report.figures
        self.total = _whole(self.figures)
        self.former = _whole(before.figures) if before else None
        self.withheld = Withheld() if teller.exact else withheld.of(report)
        self.withheld_before = Withheld() if teller.exact or not before else withheld.of(before)

    def _values(self, *keys: str) -> Table:
        head = [_("Indicator"), str(self.report.year)]
        head += [str(self.before.year)] if self.before else []
        rows = []
        for key in keys:
            row = [Cell(str(VALUES[key].label))]
            row.append(self.value(key, self.total, withheld=key in self.withheld.whole))
            if self.former is not None:
                hidden = key in self.withheld_before.whole
                row.append(self.value(key, self.former, withheld=hidden))
            rows.append(row)
        return Table("", head, rows, [3, *[1.0] * (len(head) - 1)])

    def _counts(
        self, title: str, head: Sequence[str], rows: Sequence[tuple[str, int]], *,
        of_people: bool = False,
    ) -> Table:  # fmt: skip
        count = self.people if of_people else self.count
        cells = [[Cell(name), count(number)] for name, number in rows]
        return Table(title, list(head), cells, [3, 1])

    def _cut(self, title: str, name: str, cut: str, labels: Mapping[str, str]) -> Table:
        rows = [
            [
                Cell(labels.get(value) or value or _("Not known")),
                *(
                    self.value(
                        key, found,
                        withheld=is_blank or (cut, value, key) in self.withheld.values,
                    )
                    for key in OF_VALUES
                ),
            ]
            for value, found, is_blank in self._rows_of(cut)
        ]  # fmt: skip
        head = [name, *(str(VALUES[key].label) for key in OF_VALUES)]
        return Table(title, head, rows, [2.4, *[1.0] * len(OF_VALUES)], not self.teller.exact)

    def _rows_of(self, cut: str) -> list[tuple[str, Mapping[str, int], bool]]:
        """(value, its counts, whether nothing of it is told), those with most first as they are told;
        of few there is no row. Where it is not told how many came, the row is blank and the last."""
        rows = []
        for value, counts in self.figures["cuts"][cut].items():
            is_blank = (cut, value, "received") in self.withheld.values
            if is_blank or self.teller.tells(counts.get("received", 0)):
                came = 0 if is_blank else self.teller.number(VALUES["received"], counts) or 0
                rows.append((is_blank, -came, value, counts))
        return [(value, counts, blank) for blank, _came, value, counts in sorted(rows)]

    def method(self, part: Section) -> None:
        report = self.report
        days = f"{self.day(report.first_day)} – {self.day(report.last_day)}"
        frozen = self.day(report.frozen_at.date()) if report.frozen_at else NOTHING
        rows = [
            (_("Period"), days),
            (_("Figures as of"), frozen),
            (_("State"), capfirst(str(report.get_state_display()))),
            (_("Compared with"), str(self.before.year) if self.before else NOTHING),
            ("SHA-256", report.hash or NOTHING),
        ]
        cells = [[Cell(name), Cell(text)] for name, text in rows]
        part.tables.append(Table("", [_("Fact"), _("Value")], cells, [1, 2.6]))

    def registry(self, part: Section) -> None:
        part.tables.append(self._values("registry", "online"))
        phases = [
            (capfirst(phase_label(phase)), self.total.get(f"phase:{phase}", 0))
            for phase in range(6)
        ]
        part.tables.append(self._counts(_("By phase"), [_("Phase"), _("Services")], phases))
        kinds = _labels(Agency.Kind)
        by_kind = self.figures.get("registry_kinds") or {}
        part.tables.append(
            self._counts(
                _("By kind of agency"), [_("Kind of agency"), _("Services")],
                [(label, by_kind[kind].get("registry", 0))
                 for kind, label in kinds.items() if kind in by_kind],
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
                self.service(line), Cell(pick(line["agency"], self.language)),
                Cell(self.day(line["planned"])),
                Cell(self.day(line["started"]) if line["started"] else NOTHING),
                self.reasons(line["reasons"]),
            ]
            for line in self.figures["late"]
        ]  # fmt: skip
        head = [_("Service"), _("Agency"), _("Planned to start"), _("Started"), _("Why")]
        part.tables.append(
            Table(_("Late lines of the plan"), head, rows, [1.7, 1.9, 1.5, 1.5, 1.7])
        )

    def volumes(self, part: Section) -> None:
        part.tables.append(self._values("received", "decided", "open", "paid", "completed"))
        part.charts += [*self._months(part), self._districts()]
        names = self.figures["names"]
        for title, name, cut, labels in (
            (_("By service"), _("Service"), "service", names["service"][self.language]),
            (_("By city and district"), _("City or district"), "district",
             names["district"][self.language]),
            (_("By channel"), _("Channel"), "channel", _labels(Source)),
            (_("By kind of applicant"), _("Applicant"), "applicant", _labels(ApplicantKind)),
            (_("By kind"), _("Kind"), "kind", _named(KINDS)),
        ):  # fmt: skip
            part.tables.append(self._cut(title, name, cut, labels))

    def _months(self, part: Section) -> list[charts.Chart]:
        months = self.figures.get("months") or []
        if not months:
            return []
        keys = ("received", "decided", "on_time")
        rows = [
            [
                Cell(self._month(row["month"])),
                *(
                    self.value(key, row, withheld=(row["month"], key) in self.withheld.months)
                    for key in keys
                ),
            ]
            for row in months
        ]
        head = [_("Month"), *(str(VALUES[key].label) for key in keys)]
        part.tables.append(Table(_("By month"), head, rows, [3, 1, 1, 1]))
        series = [
            charts.Series(str(VALUES[key].label), [row[place].number for row in rows])
            for place, key in enumerate(keys[:2], 1)
        ]
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
        labels = self.figures["names"]["district"][self.language]
        told = [
            (
                labels.get(key) or key or _("Not known"),
                self.value("received", found, withheld=is_blank),
            )
            for key, found, is_blank in self._rows_of("district")
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
                name = pick(texts.get(code) or {}, self.language) or code
                rows.append([Cell(name), self.people(number)])
        table = Table(_("Refusals by ground"), [_("Ground"), _("Refused")], rows, [4, 1])
        table.leaves_out = not self.teller.exact
        part.tables.append(table)

    def satisfaction(self, part: Section) -> None:
        part.tables.append(self._values("rating", "rated", "response", "low"))
        found = self.figures.get("feedback")
        if not found:
            return
        part.tables.append(
            self._counts(
                _("Was this page useful?"), [_("Answer"), _("How many")],
                [(_("Useful"), found["yes"]), (_("Not useful"), found["no"])], of_people=True,
            )
        )  # fmt: skip
        themes = _labels(PageComment.Theme)
        rows = [(themes.get(theme, theme), number) for theme, number in found["themes"].items()]
        if rows:
            rows += [(_("Of all: answered"), found["answered"]),
                     (_("Of all: page corrected"), found["corrected"])]  # fmt: skip
        part.tables.append(
            self._counts(_("Comments of readers by theme"), [_("Theme"), _("How many")], rows,
                         of_people=True)
        )  # fmt: skip

    def payments(self, part: Section) -> None:
        head = [_("Indicator"), str(self.report.year)]
        head += [str(self.before.year)] if self.before else []
        rows = []
        for label, name, cases in (
            (_("Paid"), "income_tiyin", "invoices"), (_("Returned"), "returned_tiyin", ""),
            (_("Discounts"), "discount_tiyin", "discounts"),
        ):  # fmt: skip
            row = [Cell(label)]
            for counts in (self.total, *([] if self.former is None else [self.former])):
                text, told = self.teller.money(
                    counts.get(name, 0), counts.get(cases, 0) if cases else None
                )
                row.append(Cell(text, None if told is None else told / 100, right=True))
            rows.append(row)
        part.tables.append(Table("", head, rows, [3, *[1.4] * (len(head) - 1)]))

    def incidents(self, part: Section) -> None:
        part.tables.append(self._values("uptime", "errors", "p95", "searches", "searches_empty"))

    def law(self, part: Section) -> None:
        states = _labels(ControlTask.State)
        rows = [
            [
                self.service(row), self.act(row), self.said(row["text"]),
                Cell(self.day(row["due"])),
                Cell(states[row["state"]]),
            ]
            for row in self.figures.get("law") or []
        ]  # fmt: skip
        head = [_("Service"), _("Act"), capfirst(_("what is to be done")), capfirst(_("due")),
                _("State")]  # fmt: skip
        part.tables.append(
            Table(_("Acts that stand in a service's way"), head, rows, [1.7, 1.6, 2.2, 1.5, 1.2])
        )

    def responsibility(self, part: Section) -> None:
        words = {"green": _("green"), "yellow": _("yellow"), "red": _("red"), "": _("too few")}
        rows = []
        for agency in self.figures["agencies"]:
            counts = agency["counts"]
            is_blank = (agency["key"], "received") in self.withheld.agencies
            if not is_blank and not self.teller.tells(counts.get("received", 0)):
                continue
            hidden = {name for key, name in self.withheld.agencies if key == agency["key"]}
            light = self.teller.light(counts, hidden)
            name = pick(agency["name"], self.language)
            rows.append((_SIGNS.index(light), sort_key(name), [
                # A name of a person is written in both scripts of Uzbek, and stays else.
                Cell(name), Cell(self.said(agency["head"]).text), Cell(capfirst(words[light])),
                *(self.value(
                    key, counts,
                    withheld=is_blank or (agency["key"], key) in self.withheld.agencies,
                  ) for key in OF_AGENCIES),
            ]))  # fmt: skip
        head = [_("Agency"), _("Responsible head"), _("Signal")]
        head += [str(VALUES[key].label) for key in OF_AGENCIES]
        part.tables.append(
            Table(
                _("Agencies"), head, [row for _place, _name, row in sorted(rows)],
                [2.9, 1.6, 1.2, 1.1, 1.05, 1.25, 0.9], not self.teller.exact,
            )
        )  # fmt: skip

    def proposals(self, part: Section) -> None:
        part.empty = _("Nothing is proposed.")
        rows = [
            [
                self.service(row), Cell(pick(row["agency"], self.language)),
                Cell(capfirst(str(Proposal.Kind(row["kind"]).label))),
                Cell(capfirst(phase_label(row["phase"])) or NOTHING),
                Cell(self.day(row["planned"]) if row["planned"] else NOTHING),
                self.said(row["reason"]),
            ]
            for row in self.figures["proposals"]
        ]  # fmt: skip
        head = [_("Service"), _("Agency"), _("What is proposed"), _("Phase"),
                _("Planned to start"), _("Why")]  # fmt: skip
        part.tables.append(Table("", head, rows, [1.6, 1.7, 1.2, 1.2, 1.5, 1.8]))


def _whole(figures: Mapping[str, Any]) -> dict[str, int]:
    parts = (figures["total"], figures["house"], figures["plan"], figures["registry"])
    return {name: number for part in parts for name, number in part.items()}


def _named(labels: Mapping[str, Any]) -> dict[str, str]:
    """Names of rows: they begin with a capital."""
    return {str(value): capfirst(str(label)) for value, label in labels.items()}


def _labels(choices: Any) -> dict[str, str]:
    return _named(dict(choices.choices))
