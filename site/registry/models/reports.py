"""The yearly report to the council (S-20): frozen figures, comments, and who took which step."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.rows import Row, WrittenOnce


class ReportQuerySet(models.QuerySet["Report"]):
    """Reports by who may read them."""

    def public(self) -> ReportQuerySet:
        """Signed ones: nothing in them changes any more."""
        return self.filter(state__in=[Report.State.SIGNED, Report.State.SENT])

    def of(self, year: int) -> ReportQuerySet:
        """Editions of a year, the newest first."""
        return self.filter(year=year).order_by("-edition")


class Report(Row):
    """The report of a year. Once signed, figures and comments are locked by a hash.

    What was signed wrongly is corrected by another edition, which stands beside it.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        CHECKED = "checked", _("checked")
        SIGNED = "signed", _("signed")
        SENT = "sent", _("sent to the council")

    year = models.PositiveSmallIntegerField(_("year"))
    edition = models.PositiveSmallIntegerField(_("edition"), default=1)
    first_day = models.DateField()
    last_day = models.DateField()
    #: Figures as the run of this number knew them; see registry/reports/freezing.py.
    run = models.PositiveIntegerField(default=0)
    figures = models.JSONField(default=dict)
    frozen_at = models.DateTimeField(null=True)
    #: Key of a section → text in the languages.
    comments = models.JSONField(default=dict)
    state = models.CharField(max_length=7, choices=State.choices, default=State.DRAFT)
    #: SHA-256 over year, span, figures and comments, from the signature on.
    hash = models.CharField(max_length=64, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ("-year", "-edition")
        verbose_name = _("yearly report")
        verbose_name_plural = _("yearly reports")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["year", "edition"], name="report_edition_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "checked"], hash="")
                | (models.Q(state__in=["signed", "sent"]) & ~models.Q(hash="")),
                name="report_signed_has_hash",
            ),
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")), name="report_in_order"
            ),
        ]

    def __str__(self) -> str:
        if self.edition == 1:
            return str(self.year)
        return f"{self.year} · {_('corrected edition')} {self.edition}"


class ReportEvent(WrittenOnce):
    """A step of a report: who, when, to which state, with which remark."""

    class Kind(models.TextChoices):
        CREATED = "created", _("begun")
        FROZEN = "frozen", _("figures taken")
        COMMENTED = "commented", _("comment written")
        CHECK = "check", _("checked")
        RETURN = "return", _("returned with remarks")
        SIGN = "sign", _("signed")
        SEND = "send", _("sent to the council")

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.report_id}: {self.kind}"
