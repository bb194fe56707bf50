"""What was counted, day by day: rows that are only ever added."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accounts.models import Agency
from core.rows import Row, WrittenOnce


class Cut(models.TextChoices):
    """By what the counts of a row are taken apart; each request stands once in every cut."""

    SERVICE = "service"
    DISTRICT = "district"
    CHANNEL = "channel"
    APPLICANT = "applicant"
    KIND = "kind"
    #: All services of an agency together, so that its sums are one row.
    AGENCY = "agency"
    #: Of the portal or an agency as a whole: passports, sign-ins, the server, searches.
    HOUSE = "house"


class Span(models.TextChoices):
    """Over how long a row counts; see registry/monitoring/spans.py."""

    DAY = "d"
    TEN = "t"
    MONTH = "m"
    QUARTER = "q"
    YEAR = "y"


class _Counted(WrittenOnce):
    """What was counted: the database has triggers against any change, too."""

    append_only = True

    class Meta:
        abstract = True


class FigureRun(_Counted):
    """A time at which days were closed: until which day, and until which event of casework."""

    #: Two processes cannot close the same days: the later one meets this number.
    number = models.PositiveIntegerField(unique=True)
    made_at = models.DateTimeField()
    #: The last day that is closed.
    closed = models.DateField()
    #: Events up to this one are counted; later ones of closed days come as corrections.
    until_event = models.BigIntegerField()

    class Meta:
        ordering = ("-number",)

    def __str__(self) -> str:
        return f"{self.number}: {self.closed}"


class Figure(_Counted):
    """Counts of one agency in one value of a cut on a day or over a longer span, as a run found them.

    What a later run finds of a closed day comes as another row of the same day: sums over rows
    are the truth, and rows of runs before a moment say what was known then. `counts` are those of
    `registry.monitoring.measures`; states (open, overdue) stand in rows of days alone.
    """

    run = models.ForeignKey(FigureRun, on_delete=models.PROTECT, related_name="figures")
    span = models.CharField(max_length=1, choices=Span.choices)
    #: The day, or the first one of the span.
    day = models.DateField()
    #: None: of the portal itself.
    agency = models.ForeignKey(Agency, null=True, on_delete=models.PROTECT, related_name="+")
    cut = models.CharField(max_length=9, choices=Cut.choices)
    #: Key of the service or the district, the channel, the kind; empty where it is not known.
    value = models.CharField(max_length=100, blank=True)
    counts = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["run", "span", "day", "cut", "value", "agency"], name="figure_once_a_run"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["cut", "span", "day"], name="figure_cut_day"),
            models.Index(fields=["agency", "cut", "span", "day"], name="figure_agency_cut_day"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.cut} {self.value}"


class Withheld(Row):
    """What the public is not told of a year's flows or of the states at the end of a day.

    Worked out once after a run, from all tables of the time together (registry/monitoring/margins.py);
    whoever asks first does it where the nightly run has not. Those of older runs go.
    """

    run = models.ForeignKey(FigureRun, on_delete=models.CASCADE, related_name="+")
    #: The year, such as `2026`, or the day.
    time = models.CharField(max_length=10)
    #: Which agencies stood for which: what is summed follows from it.
    lineage = models.CharField(max_length=64)
    #: Key of the period → what is not told of it.
    found = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "time", "lineage"], name="withheld_once_a_run")
        ]

    def __str__(self) -> str:
        return f"{self.time} {self.run_id}"


class FigureMark(Row):
    """The newest event that was seen, and when: whatever is older has been committed since.

    One row; not part of the figures.
    """

    event = models.BigIntegerField(default=0)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.event)
