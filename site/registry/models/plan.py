"""The transition plan: which service reaches which phase by which day (S-15, S-21)."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.fields import TextMapField
from registry.models.council import Decision, Row
from service_pages.models import Service
from service_pages.vocabulary import Phase


class PlanLineQuerySet(models.QuerySet["PlanLine"]):
    """Lines by where they stand."""

    def open(self) -> PlanLineQuerySet:
        """Lines whose service has not reached the phase yet."""
        return self.filter(launched_on__isnull=True, dropped_by__isnull=True)

    def late(self, today: date) -> PlanLineQuerySet:
        """Open lines whose day is over."""
        return self.open().filter(planned_on__lt=today)


class PlanLine(Row):
    """A service, the phase it is to reach, and the day; the day moves only by a decision."""

    service = models.ForeignKey(
        Service, on_delete=models.PROTECT, related_name="plan_lines", verbose_name=_("service")
    )
    phase = models.PositiveSmallIntegerField(_("phase"), choices=Phase.choices)
    planned_on = models.DateField(_("planned to start"))
    #: The day that was decided first: moved lines stay comparable.
    first_planned_on = models.DateField(_("planned at first"))
    launched_on = models.DateField(_("started"), null=True, blank=True)
    launched_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="plan_lines")
    #: The decision by which the line is no longer pursued.
    dropped_by = models.ForeignKey(
        Decision, null=True, blank=True, on_delete=models.PROTECT, related_name="dropped_lines"
    )

    objects = PlanLineQuerySet.as_manager()

    class Meta:
        ordering = ("planned_on", "pk")
        verbose_name = _("line of the plan")
        verbose_name_plural = _("lines of the plan")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["service"],
                condition=models.Q(launched_on__isnull=True, dropped_by__isnull=True),
                name="plan_line_one_open",
            ),
            models.CheckConstraint(
                condition=models.Q(launched_on__isnull=True) | models.Q(dropped_by__isnull=True),
                name="plan_line_launched_or_dropped",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["planned_on"], name="plan_line_day")]

    def __str__(self) -> str:
        return f"{self.service} → {self.phase}, {self.planned_on}"


class PlanMove(Row):
    """A planned day that was moved: from, to, why, and by which decision (requirements.md §5.4)."""

    line = models.ForeignKey(PlanLine, on_delete=models.PROTECT, related_name="moves")
    moved_from = models.DateField()
    moved_to = models.DateField()
    #: In the languages: every reader of the plan is told.
    reason = TextMapField()
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="moves")

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.moved_from} → {self.moved_to}"
