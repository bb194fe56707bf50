"""Requests once they are sent: state, term, history. Nothing here is ever deleted."""

from __future__ import annotations

import hashlib
import json
import secrets
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, IdentityLevel, Organization, Representation, User
from casework.graph import ACTS_NOW, CLOSED, RUNNING, Outcome, Party, State
from core.fields import EncryptedJSONField, EncryptedTextField
from core.rows import Row, WrittenOnce
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
    #: The firm on whose behalf it was sent, with the mandate for it; both or neither.
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
                condition=models.Q(organization__isnull=True, representation__isnull=True)
                | models.Q(organization__isnull=False, representation__isnull=False),
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
    def is_closed(self) -> bool:
        """Whether it is decided or ended."""
        return self.state in CLOSED


class RequestEvent(WrittenOnce):
    """One line of a request's history. Append-only: history, timeline and statistics in one.

    Events of a request form a hash chain. The hash covers a salted digest of the personal text,
    not the text, so that anonymising leaves the chain valid.
    """

    #: Read by `manage.py limit_rights`: the site's own role may not change it.
    append_only = True

    request = models.ForeignKey(ServiceRequest, on_delete=models.PROTECT, related_name="events")
    sequence = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(max_length=30)
    from_state = models.CharField(max_length=18, blank=True)
    to_state = models.CharField(max_length=18, blank=True)
    ground_code = models.CharField(max_length=60, blank=True)
    #: Facts that are nobody's: keys of agencies, dates, numbers of days.
    data = models.JSONField(default=dict)
    text_digest = models.CharField(max_length=64, blank=True)
    prev_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ("sequence",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "sequence"], name="event_sequence_once")
        ]
        indexes: ClassVar = [models.Index(fields=["kind", "at"], name="event_kind")]

    def __str__(self) -> str:
        return f"{self.request_id}/{self.sequence} {self.kind}"

    def computed_hash(self) -> str:
        """SHA-256 over everything the event says and the hash before it."""
        body = json.dumps(
            [
                self.request_id, self.sequence, self.at.astimezone(UTC).isoformat(), self.actor_id, self.kind,
                self.from_state, self.to_state, self.ground_code, self.data, self.text_digest,
                self.prev_hash,
            ],
            ensure_ascii=False, sort_keys=True, separators=(",", ":"),
        )  # fmt: skip
        return hashlib.sha256(body.encode()).hexdigest()


def _salt() -> str:
    return secrets.token_hex(16)


class EventText(Row):
    """The personal text of an event: a row of its own, so that it can be anonymised."""

    event = models.OneToOneField(RequestEvent, on_delete=models.PROTECT, related_name="text")
    salt = models.CharField(max_length=32, default=_salt)
    #: `{"public": what the applicant reads, "private": what staff reads, "files": [...]}`.
    content = EncryptedJSONField()
    anonymised_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"text of {self.event_id}"

    @staticmethod
    def digest(salt: str, content: dict[str, Any]) -> str:
        """SHA-256 of salt and text."""
        text = json.dumps(content, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256((salt + text).encode()).hexdigest()


class RequestMessage(Row):
    """A message between applicant and agency about a request."""

    class Side(models.TextChoices):
        APPLICANT = "applicant", _("Applicant")
        AGENCY = "agency", _("Agency")

    request = models.ForeignKey(ServiceRequest, on_delete=models.PROTECT, related_name="messages")
    side = models.CharField(max_length=10, choices=Side.choices)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    content = EncryptedJSONField()
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("sent_at", "pk")
        verbose_name = _("message")

    def __str__(self) -> str:
        return f"message {self.pk}"

    @property
    def text(self) -> str:
        """What was written."""
        return str(self.content.get("text", ""))

    @property
    def files(self) -> list[dict[str, Any]]:
        """`{"uuid", "name", "size"}` of each file that came with it."""
        return list(self.content.get("files", []))
