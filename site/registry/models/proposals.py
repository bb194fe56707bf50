"""Proposals of agencies on their way to the council (requirements.md §5.3)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.fields import TextMapField
from core.rows import WrittenOnce
from registry.models.council import AgendaItem, Row
from service_pages.models import Service


class Proposal(Row):
    """What an agency proposes for one of its services, and how far the proposal has come."""

    class Kind(models.TextChoices):
        INCLUDE = "include", _("take into the registry")
        ADVANCE = "advance", _("move to another phase")
        RESCHEDULE = "reschedule", _("move the planned day")
        SUSPEND = "suspend", _("suspend")
        RETIRE = "retire", _("retire")

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("being checked by the territorial department")
        CHECKED = "checked", _("waits for the head's signature")
        SIGNED = "signed", _("waits for a session of the council")
        ON_AGENDA = "on_agenda", _("on the agenda")
        ADOPTED = "adopted", _("adopted")
        REJECTED = "rejected", _("rejected")
        WITHDRAWN = "withdrawn", _("withdrawn")

    service = models.ForeignKey(
        Service, on_delete=models.PROTECT, related_name="proposals", verbose_name=_("service")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    #: As an item of the agenda has it.
    change = models.JSONField(default=dict)
    reason = TextMapField(verbose_name=_("reason"))
    state = models.CharField(
        _("state"), max_length=9, choices=State.choices, default=State.DRAFT, db_index=True
    )
    item = models.OneToOneField(
        AgendaItem, null=True, blank=True, on_delete=models.SET_NULL, related_name="proposal"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")

    def __str__(self) -> str:
        return f"{self.service}: {self.get_kind_display()}"


class ProposalEvent(WrittenOnce):
    """A step of a proposal: who moved it, when, with which remark. Append-only."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    from_state = models.CharField(max_length=9, choices=Proposal.State.choices, blank=True)
    to_state = models.CharField(max_length=9, choices=Proposal.State.choices)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.proposal_id}: {self.to_state}"
