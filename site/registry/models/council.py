"""The Coordinating Council: its sessions, what it talks about and what it decides (S-14…S-17)."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.fields import TextMapField
from core.rows import Row, WrittenOnce
from core.texts import pick
from languages.dates import format_date
from service_pages.vocabulary import Phase, Status


class Session(Row):
    """A session of the council."""

    number = models.CharField(_("number"), max_length=20, unique=True)
    held_on = models.DateField(_("day"))
    place = TextMapField(verbose_name=_("place"), blank=True)
    #: Set when its decisions are recorded; nothing is put on the agenda afterwards.
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    class Meta:
        ordering = ("-held_on", "-pk")
        verbose_name = _("session of the council")
        verbose_name_plural = _("sessions of the council")

    def __str__(self) -> str:
        return f"{self.number} ({self.held_on})"


class Decision(WrittenOnce):
    """A decision of the council, with its number, day and text. It never changes."""

    session = models.ForeignKey(
        Session, null=True, blank=True, on_delete=models.PROTECT, related_name="decisions",
        verbose_name=_("session of the council"),
    )  # fmt: skip
    number = models.CharField(_("number"), max_length=40)
    decided_on = models.DateField(_("day"))
    text = TextMapField(verbose_name=_("text"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-decided_on", "-pk")
        verbose_name = _("decision of the council")
        verbose_name_plural = _("decisions of the council")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["number", "decided_on"], name="decision_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.number}, {self.decided_on}"


class AgendaItem(Row):
    """One thing that a session talks about: a proposal, a line that is late, a finding."""

    class Kind(models.TextChoices):
        INCLUDE = "include", _("take into the registry")
        ADVANCE = "advance", _("move to another phase")
        RESCHEDULE = "reschedule", _("move the planned day")
        SUSPEND = "suspend", _("suspend")
        RETIRE = "retire", _("retire")
        OVERDUE = "overdue", _("late line of the plan")
        FINDING = "finding", _("finding on quality")

    class Outcome(models.TextChoices):
        OPEN = "open", _("not decided")
        ADOPTED = "adopted", _("adopted")
        REJECTED = "rejected", _("rejected")
        POSTPONED = "postponed", _("postponed")

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="items")
    #: Whom a finding is about; other items have a service, and it an agency.
    agency = models.ForeignKey(
        "accounts.Agency", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("agency"),
    )  # fmt: skip
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    service = models.ForeignKey(
        "service_pages.Service", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("service"),
    )  # fmt: skip
    text = TextMapField(verbose_name=_("text"), blank=True)
    #: What is to change: any of `phase`, `status`, `planned_on` (ISO), `launched_on` (ISO).
    change = models.JSONField(default=dict, blank=True)
    outcome = models.CharField(
        _("outcome"), max_length=9, choices=Outcome.choices, default=Outcome.OPEN
    )
    decision = models.ForeignKey(
        Decision, null=True, blank=True, on_delete=models.PROTECT, related_name="items"
    )
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("order", "pk")
        verbose_name = _("item of the agenda")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(outcome__in=["adopted", "rejected"])
                | models.Q(decision__isnull=False),
                name="agenda_decided_by_decision",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.service or pick(self.text)}"

    def changes(self) -> list[tuple[str, str]]:
        """(name of the column, what it becomes) for people."""
        shown = []
        if "phase" in self.change:
            shown.append((str(_("phase")), str(Phase(self.change["phase"]).label)))
        if "status" in self.change:
            shown.append((str(_("status")), str(Status(self.change["status"]).label)))
        if "planned_on" in self.change:
            shown.append((str(_("planned to start")), self._day("planned_on")))
        if "launched_on" in self.change:
            shown.append((str(_("started")), self._day("launched_on")))
        return shown

    def _day(self, name: str) -> str:
        return format_date(date.fromisoformat(self.change[name]), get_language() or "uz")
