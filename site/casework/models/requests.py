"""Requests once they are sent: state, term, history. Nothing here is ever deleted."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, IdentityLevel, Organization, Representation, User
from casework.graph import ACTS_NOW, CLOSED, RUNNING, Outcome, Party, State
from casework.models.units import Unit
from core.fields import EncryptedJSONField, EncryptedTextField
from core.rows import Row
from forms.models import Source, Submission
from service_pages.models import PassportVersion, Service

#: Sorted: a set would order itself anew in each process and write a migration each time.
_CLOSED = sorted(CLOSED)
_DECIDED = sorted(CLOSED | {State.APPROVED})


class NumberCounter(Row):
    """The last serial of an agency in a year; the row is locked while one is taken."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "year"], name="number_counter_once")
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.year}: {self.last}"


class Kind(models.TextChoices):
    """A request for a service, or one of the appeals that the law knows."""

    REQUEST = "request", _("Request")
    APPLICATION = "application", _("Application")
    PROPOSAL = "proposal", _("Proposal")
    COMPLAINT = "complaint", _("Complaint")


class ServiceRequestQuerySet(models.QuerySet["ServiceRequest"]):
    """Requests by intent."""

    def of_agencies(self, agencies: Iterable[Agency]) -> ServiceRequestQuerySet:
        """Requests that these agencies answer."""
        return self.filter(agency__in=agencies)

    def open(self) -> ServiceRequestQuerySet:
        """Requests that are not decided or ended."""
        return self.exclude(state__in=_DECIDED)

    def overdue(self, now: datetime) -> ServiceRequestQuerySet:
        """Requests whose term has passed while the clock ran: computed, not stored by luck."""
        return self.filter(state__in=RUNNING, due_at__lt=now)

    def unanswered(self, now: datetime) -> ServiceRequestQuerySet:
        """Requests whose applicant did not answer a question in time."""
        return self.filter(state=State.INFO_REQUESTED, answer_by__lt=now)

    def for_lists(self) -> ServiceRequestQuerySet:
        """With what a list shows, without the encrypted texts that it does not."""
        return self.select_related(
            "service",
            "agency",
            "applicant",
            "assignee",
            "organization",
            "submission__version",
            "passport_version",
        ).defer("subject", "proposed", "submission__answers")


class ServiceRequest(Row):
    """A request or appeal with its number, deadline and the person who answers for it."""

    #: Public identity in addresses.
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    #: Shown to citizens and clerks; never grants access (the uuid does that, with the account).
    number = models.CharField(_("number"), max_length=32, unique=True)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="requests")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="requests")
    submission = models.OneToOneField(Submission, on_delete=models.PROTECT, related_name="request")
    #: The passport as it was when the request was sent.
    passport_version = models.ForeignKey(
        PassportVersion, null=True, on_delete=models.PROTECT, related_name="+"
    )
    #: None while what came by another door than the portal belongs to no account.
    applicant = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="requests"
    )
    #: The firm on whose behalf it was sent, with the mandate for it.
    organization = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.PROTECT, related_name="requests"
    )
    representation = models.ForeignKey(
        Representation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    #: Name, personal number, address, organisation as at sending.
    subject = EncryptedJSONField()
    identity_level = models.CharField(max_length=8, choices=IdentityLevel.choices)
    language = models.CharField(max_length=10)
    state = models.CharField(_("state"), max_length=18, choices=State.choices)
    state_since = models.DateTimeField()
    #: How it was decided or ended; stays when an approved request is completed.
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    ground_code = models.CharField(max_length=60, blank=True)
    #: What the form's answers make it in the law on appeals (ZRU-445, art. 3).
    kind = models.CharField(_("kind"), max_length=11, choices=Kind.choices, default=Kind.REQUEST)
    #: The request that this one follows: a complaint about it, or the same again.
    follows = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="followed_by"
    )
    #: The secret beside the number for a look without signing in; empty for the oldest.
    access_code = EncryptedTextField(blank=True)
    #: How often the applicant was asked for something: the clock may stop once (see transitions).
    asked_count = models.PositiveSmallIntegerField(default=0)
    #: When the head put the term off, which may happen once.
    extended_at = models.DateTimeField(null=True, blank=True)
    assignee = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="assigned_requests"
    )
    #: The part of the agency that works on it; None before anybody divided the work.
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.SET_NULL, related_name="requests"
    )
    #: The inner date by which the head wants a draft, with the resolution; earlier than `due_at`.
    control_at = models.DateTimeField(null=True, blank=True)
    #: No name, or none that can be (requirements.md, L-06, L-08): kept, marked, not considered.
    is_anonymous = models.BooleanField(_("anonymous"), default=False)
    #: An appeal about the portal itself (requirements.md, S-10).
    about_portal = models.BooleanField(_("about the portal"), default=False)
    #: HMAC of the personal number: finds what the same person sent by other doors.
    person_index = models.CharField(max_length=64, blank=True)
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.PORTAL)
    entered_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField(_("received"))
    registered_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(_("due"), null=True)
    #: The term by which `due_at` was set: `{"key", "value", "unit"}`.
    term = models.JSONField(default=dict)
    #: The price as it was quoted: `{"total_tiyin", "keys", "discount"}`; empty where free.
    fee = models.JSONField(default=dict, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    #: Until when the applicant's answer is awaited.
    answer_by = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    #: Whether its names and numbers were noted for the officers' search (finding.py).
    findable = models.BooleanField(default=False)
    #: When what is personal went (rights.py).
    anonymised_at = models.DateTimeField(null=True, blank=True)
    #: Drafted by the executor, waiting for the head:
    #: `{"target", "text", "ground", "by", "files"}`.
    proposed = EncryptedJSONField(blank=True)
    is_proposed = models.BooleanField(default=False)

    objects = ServiceRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=State.values), name="request_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=_CLOSED, closed_at__isnull=False)
                | (~models.Q(state__in=_CLOSED) & models.Q(closed_at__isnull=True)),
                name="request_closed_has_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=_DECIDED) | ~models.Q(outcome=""),
                name="request_decided_has_outcome",
            ),
            models.CheckConstraint(
                # A mandate for a person (a child, a ward) names no firm.
                condition=models.Q(organization__isnull=True)
                | models.Q(representation__isnull=False),
                name="request_represented_has_mandate",
            ),
            models.CheckConstraint(
                condition=models.Q(state="info_requested", answer_by__isnull=False)
                | (~models.Q(state="info_requested") & models.Q(answer_by__isnull=True)),
                name="request_question_has_deadline",
            ),
            models.CheckConstraint(
                condition=models.Q(source="portal") | models.Q(entered_by__isnull=False),
                name="request_clerk_for_other_doors",
            ),
            models.CheckConstraint(
                condition=models.Q(applicant__isnull=False)
                | ~models.Q(source="portal")
                | models.Q(is_anonymous=True)
                # What follows something that itself belongs to no account.
                | models.Q(follows__isnull=False)
                | models.Q(anonymised_at__isnull=False),
                name="request_applicant_of_the_portal",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="refused") | ~models.Q(ground_code=""),
                name="request_refused_has_ground",
            ),
            models.CheckConstraint(
                condition=models.Q(state="info_requested", paused_at__isnull=False)
                | (~models.Q(state="info_requested") & models.Q(paused_at__isnull=True)),
                name="request_paused_while_applicant_acts",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["agency", "state", "due_at"], name="request_inbox"),
            models.Index(
                fields=["agency"], condition=models.Q(is_proposed=True), name="request_to_sign"
            ),
            models.Index(
                fields=["assignee", "due_at"],
                condition=~models.Q(state__in=_DECIDED),
                name="request_open_of_person",
            ),
            # The inbox, first due first, without reading what is decided.
            models.Index(
                fields=["agency", "due_at", "submitted_at", "id"],
                condition=~models.Q(state__in=_DECIDED),
                name="request_open_of_agency",
            ),
            models.Index(
                fields=["due_at", "submitted_at", "id"],
                condition=~models.Q(state__in=_DECIDED),
                name="request_open",
            ),
            models.Index(
                fields=["agency", "due_at", "submitted_at", "id"], name="request_all_of_agency"
            ),
            models.Index(
                fields=["unit", "due_at", "submitted_at", "id"],
                condition=~models.Q(state__in=_DECIDED),
                name="request_open_of_unit",
            ),
            models.Index(
                fields=["control_at"],
                condition=models.Q(control_at__isnull=False),
                name="request_control",
            ),
            # The same by the day they came, read from either end.
            models.Index(
                fields=["agency", "submitted_at", "id"],
                condition=~models.Q(state__in=_DECIDED),
                name="request_open_by_day",
            ),
            models.Index(fields=["agency", "submitted_at", "id"], name="request_all_by_day"),
            models.Index(
                fields=["person_index", "-submitted_at"],
                condition=~models.Q(person_index=""),
                name="request_of_person",
            ),
            models.Index(fields=["applicant", "-submitted_at"], name="request_applicant"),
            models.Index(fields=["service", "submitted_at"], name="request_service"),
            models.Index(
                fields=["id"], condition=models.Q(findable=False), name="request_not_findable"
            ),
            models.Index(
                fields=["answer_by"],
                condition=models.Q(state="info_requested"),
                name="request_unanswered",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def acts_now(self) -> Party:
        """Who must act now."""
        return ACTS_NOW[State(self.state)]

    @property
    def is_overdue(self) -> bool:
        """Whether the term has passed while the clock runs."""
        return self.state in RUNNING and self.due_at is not None and self.due_at < timezone.now()

    @property
    def complained_about(self) -> ServiceRequest | None:
        """The request that this is a complaint about; None for anything else."""
        return self.follows if self.kind == Kind.COMPLAINT and self.follows_id else None

    @property
    def is_closed(self) -> bool:
        """Whether it is decided or ended."""
        return self.state in CLOSED
