"""What the operator sees: the outbox, recurring work, counted views, the journal."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.fields import EncryptedJSONField, EncryptedTextField
from core.rows import Row, WrittenOnce


class OutboxMessage(models.Model):
    """One message to one person over one channel, written in the transaction that caused it.

    It is marked `sending` before it is handed over. A crash in between leaves it `sending`; the
    sweep turns that into `unknown`, which an operator sees and which is never resent by itself:
    a protocol without idempotency cannot promise both "nothing lost" and "nothing twice". So does
    an answer that nobody can read, or none.
    """

    # Nothing that editors choose refers to it: saving it must not index references.
    wagtail_reference_index_ignore = True

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENDING = "sending", _("sending")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")
        UNKNOWN = "unknown", _("unknown")

    class Delivery(models.TextChoices):
        DELIVERED = "delivered", _("delivered")
        UNDELIVERED = "undelivered", _("not delivered")

    #: What caused it, such as `request:<uuid>:3`; makes the message unique with channel, address.
    event_key = models.CharField(max_length=120)
    #: Name of a registered channel (operations/channels.py).
    channel = models.CharField(max_length=20)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    address = EncryptedTextField()
    #: HMAC of the address: unique without being readable.
    address_index = models.CharField(max_length=64)
    template = models.CharField(max_length=120)
    #: The version of its words in force when it was queued; 0 for those of the house.
    template_version = models.PositiveIntegerField(default=0)
    language = models.CharField(max_length=10)
    context = EncryptedJSONField(blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    #: The gateway's own name for it, and what it told of its way since.
    reference = models.CharField(max_length=80, blank=True)
    delivery = models.CharField(max_length=11, choices=Delivery.choices, blank=True)
    #: Class of the last error; never its text, which may name the address.
    error = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("outbox")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["event_key", "channel", "address_index"], name="outbox_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="sent") | models.Q(sent_at__isnull=False),
                name="outbox_sent_has_time",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_try"],
                condition=models.Q(state="waiting"),
                name="outbox_due",
            ),
            models.Index(
                fields=["-id"],
                condition=models.Q(state__in=["failed", "unknown"]),
                name="outbox_in_trouble",
            ),
            models.Index(
                fields=["reference"],
                condition=~models.Q(reference=""),
                name="outbox_reference",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_key} {self.channel}"


class MessageVersion(WrittenOnce):
    """Words of a kind of message as an administrator wrote them; the newest version is in force."""

    #: Of `operations.wording.Kind`.
    key = models.CharField(max_length=120)
    number = models.PositiveIntegerField()
    #: `{language: {"subject", "email", "sms"}}`, of what differs from the words of the house.
    content = models.JSONField(default=dict)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "number"], name="message_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.number}"


class SiteMessage(Row):
    """A message that its reader finds after signing in: a title and where it leads."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="site_messages"
    )
    #: What caused it; the same event is told once.
    event_key = models.CharField(max_length=120)
    title = EncryptedTextField()
    #: Path within the site; empty where it leads nowhere.
    path = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("message")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "event_key"], name="site_message_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["user", "-created_at", "-id"], name="site_message_of_user"),
            models.Index(fields=["created_at"], name="site_message_age"),
            models.Index(
                fields=["user"], condition=models.Q(read_at__isnull=True), name="site_message_new"
            ),
        ]

    def __str__(self) -> str:
        return f"message {self.pk}"


class ScheduledWork(models.Model):
    """When a piece of recurring work last ran, and whether it runs now."""

    # Nothing that editors choose refers to it: saving it must not index references.
    wagtail_reference_index_ignore = True

    name = models.CharField(max_length=80, unique=True)
    last_started = models.DateTimeField(null=True)
    last_finished = models.DateTimeField(null=True)
    locked_until = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.name


class DailyViews(models.Model):
    """How often something was read on a day: no cookie, no address, no identifier."""

    # Nothing that editors choose refers to it: saving it must not index references.
    wagtail_reference_index_ignore = True

    key = models.CharField(max_length=80)
    day = models.DateField()
    views = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "day"], name="views_once_a_day")
        ]
        indexes: ClassVar = [models.Index(fields=["day"], name="views_day")]

    def __str__(self) -> str:
        return f"{self.key} {self.day}: {self.views}"


class DailyServing(Row):
    """How many answers of a day took up to so many milliseconds, and how many of them failed."""

    day = models.DateField()
    under_ms = models.PositiveIntegerField()
    answers = models.PositiveIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["day", "under_ms"], name="serving_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.under_ms}: {self.answers}"


class DailyUptime(Row):
    """In how many minutes of a day the portal was ready to answer."""

    day = models.DateField(unique=True)
    #: Of the day (0 to 1439), from which on it should have been.
    first_minute = models.PositiveSmallIntegerField(default=0)
    last_minute = models.SmallIntegerField(default=-1)
    minutes_up = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.day}: {self.minutes_up}"


class AppendOnly(WrittenOnce):
    """A line of the journal: the database has a trigger against any change, too."""

    append_only = True

    class Meta:
        abstract = True


class AuditStream(models.Model):
    """The end of a day's audit: locked while an entry is appended. Not part of the proof."""

    wagtail_reference_index_ignore = True

    name = models.CharField(max_length=40, unique=True)
    sequence = models.PositiveIntegerField(default=0)
    head = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return self.name


class AuditEntry(AppendOnly):
    """One thing done to people's data outside a request's own history: who, what, when."""

    stream = models.CharField(max_length=40)
    sequence = models.PositiveIntegerField()
    at = models.DateTimeField()
    #: The account's id, not a relation: an entry outlives what it names.
    actor_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=40)
    thing = models.CharField(max_length=120)
    data = models.JSONField(default=dict)
    prev_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["stream", "sequence"], name="audit_sequence_once")
        ]
        indexes: ClassVar = [models.Index(fields=["thing", "at"], name="audit_thing")]

    def __str__(self) -> str:
        return f"{self.stream}/{self.sequence} {self.kind}"

    def computed_hash(self) -> str:
        """SHA-256 over everything the entry says and the hash before it."""
        body = json.dumps(
            [self.stream, self.sequence, self.at.astimezone(UTC).isoformat(), self.actor_id,
             self.kind, self.thing, self.data, self.prev_hash],
            ensure_ascii=False, sort_keys=True, separators=(",", ":"),
        )  # fmt: skip
        return hashlib.sha256(body.encode()).hexdigest()


class Anchor(AppendOnly):
    """A day's root over the ends of all chains and the root before, sealed with a key."""

    day = models.DateField(unique=True)
    made_at = models.DateTimeField()
    prev = models.CharField(max_length=64, blank=True)
    root = models.CharField(max_length=64)
    seal = models.CharField(max_length=64)
    count = models.PositiveIntegerField()
    #: How far each room's chains were read.
    marks = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.day.isoformat()


class AnchoredHead(AppendOnly):
    """The end of one chain as it was anchored."""

    anchor = models.ForeignKey(Anchor, on_delete=models.PROTECT, related_name="heads")
    stream = models.CharField(max_length=80)
    sequence = models.PositiveIntegerField()
    hash = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["anchor", "stream"], name="anchored_once")
        ]

    def __str__(self) -> str:
        return f"{self.stream}/{self.sequence}"


class Tally(models.Model):
    """How often something was tried in a window; written by `operations.throttle` alone."""

    # Nothing that editors choose refers to it: saving it must not index references.
    wagtail_reference_index_ignore = True

    #: HMAC of what is counted: no phone and no address can be read from it.
    key = models.CharField(max_length=64, primary_key=True)
    tries = models.PositiveIntegerField()
    #: Seconds since the epoch at which the window ends.
    until = models.BigIntegerField(db_index=True)

    class Meta:
        verbose_name = "tally"
        verbose_name_plural = "tallies"

    def __str__(self) -> str:
        return self.key[:8]
