"""The control card: what an act obliges whom to do by which day, and acts that stand in a
service's way (requirements.md S-22, S-28)."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from core.fields import TextMapField
from core.rows import Row, WrittenOnce
from core.texts import pick
from home.models import LegalDocumentPage
from service_pages.models import Service


class ControlTaskQuerySet(models.QuerySet["ControlTask"]):
    """Tasks by where they stand."""

    def open(self) -> ControlTaskQuerySet:
        """Tasks that nobody has confirmed as done, nor dropped."""
        return self.filter(state__in=ControlTask.OPEN)

    def late(self, today: date) -> ControlTaskQuerySet:
        """Open tasks whose day is over."""
        return self.open().filter(due_on__lt=today)


class ControlTask(Row):
    """One clause of an act, or one act to be amended: who answers, by when, how far it has come."""

    class Kind(models.TextChoices):
        CLAUSE = "clause", _("clause of an act")
        BARRIER = "barrier", _("legal barrier to a service")

    class State(models.TextChoices):
        OPEN = "open", _("not done yet")
        REPORTED = "reported", _("reported, waits to be confirmed")
        CONFIRMED = "confirmed", _("done and confirmed")
        DROPPED = "dropped", _("no longer pursued")

    OPEN = (State.OPEN, State.REPORTED)

    #: Of tasks that come with the portal; a task that recurs carries its year in it.
    key = models.CharField(max_length=80, blank=True, db_index=True)
    kind = models.CharField(_("kind"), max_length=7, choices=Kind.choices)
    document = models.ForeignKey(
        LegalDocumentPage, null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        verbose_name=_("act"),
    )  # fmt: skip
    act = models.CharField(
        _("act, where the library has none"), max_length=200, blank=True,
        help_text=_("Body, number and day. Example: Vazirlar Mahkamasi, 31-dekabr 2013, 355-son"),
    )  # fmt: skip
    clause = models.CharField(_("clause"), max_length=60, blank=True, help_text=_("Example: 2(в)"))
    text = TextMapField(verbose_name=_("what is to be done"))
    service = models.ForeignKey(
        Service, null=True, blank=True, on_delete=models.PROTECT, related_name="barriers",
        verbose_name=_("service"),
    )  # fmt: skip
    #: None: the territorial department, whose controllers keep the card.
    agency = models.ForeignKey(
        Agency, null=True, blank=True, on_delete=models.PROTECT, related_name="control_tasks",
        verbose_name=_("agency"),
    )  # fmt: skip
    post = TextMapField(verbose_name=_("post that answers"), blank=True)
    due_on = models.DateField(_("due"))
    every_year = models.BooleanField(_("every year by this day"), default=False)
    #: Stands on the readiness page.
    milestone = models.BooleanField(_("milestone of the portal"), default=False)
    state = models.CharField(
        _("state"), max_length=9, choices=State.choices, default=State.OPEN, db_index=True
    )
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = ControlTaskQuerySet.as_manager()

    class Meta:
        ordering = ("due_on", "pk")
        verbose_name = _("task of the control card")
        verbose_name_plural = _("control card")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(kind="barrier") | models.Q(service__isnull=False),
                name="control_barrier_has_service",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=("confirmed", "dropped"), closed_at__isnull=False)
                | models.Q(state__in=("open", "reported"), closed_at__isnull=True),
                name="control_closed_has_time",
            ),
            models.UniqueConstraint(
                fields=["key"], condition=~models.Q(key=""), name="control_key_once"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "due_on"], name="control_due")]

    def __str__(self) -> str:
        return f"{self.act_label} {self.clause}: {pick(self.text)}"

    @property
    def act_label(self) -> str:
        """The act as it is cited."""
        return str(self.document.title) if self.document else self.act

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done or confirmed."""
        return self.state in self.OPEN


class ControlEvent(WrittenOnce):
    """What was said and done about a task: who, when, with which proof. Append-only."""

    class Kind(models.TextChoices):
        MADE = "made", _("put on the card")
        REPORTED = "reported", _("reported as done")
        RETURNED = "returned", _("returned with remarks")
        CONFIRMED = "confirmed", _("confirmed")
        MOVED = "moved", _("day moved")
        DROPPED = "dropped", _("dropped")

    task = models.ForeignKey(ControlTask, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=9, choices=Kind.choices)
    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.TextField(blank=True)
    #: Where the proof is read: an address of the portal or of lex.uz.
    proof = models.URLField(blank=True)
    moved_from = models.DateField(null=True, blank=True)
    moved_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.task_id}: {self.kind}"
