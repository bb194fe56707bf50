"""What happened to a request: its events with their texts, and messages about it."""

from __future__ import annotations

import hashlib
import json
import secrets
from datetime import UTC
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from casework.models.requests import ServiceRequest
from core.fields import EncryptedJSONField
from core.rows import Row, WrittenOnce


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
