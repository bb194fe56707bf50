"""A lost telephone: asked for at a counter by one person, approved by another."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.fields import EncryptedTextField
from operations.crypto import blind_index


class Recovery(models.Model):
    """The wish to put another phone into an account whose owner cannot sign in any more."""

    # Nothing that editors choose refers to it: saving it must not index references.
    wagtail_reference_index_ignore = True

    class State(models.TextChoices):
        ASKED = "asked", _("waits for the code from the new phone")
        PROVEN = "proven", _("waits for a second person")
        APPROVED = "approved", _("approved")
        DONE = "done", _("done")
        REFUSED = "refused", _("refused")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="recoveries"
    )
    agency = models.ForeignKey("accounts.Agency", on_delete=models.PROTECT, related_name="+")
    #: The new phone (E.164).
    phone = EncryptedTextField()
    phone_index = models.CharField(max_length=64, editable=False)
    #: What the clerk saw: the identity card, and what ties the person to the lost phone.
    proof = EncryptedTextField()
    code_digest = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    #: When an approved one takes effect: its owner may refuse until then.
    due_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("recovery of an account")
        verbose_name_plural = _("recoveries of accounts")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(state__in=["asked", "proven", "approved"]),
                name="recovery_one_under_way",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["approved", "done"])
                | (models.Q(decided_by__isnull=False) & ~models.Q(decided_by=models.F("asked_by"))),
                name="recovery_four_eyes",
            ),
        ]

    def __str__(self) -> str:
        return f"recovery {self.uuid}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the index of the phone."""
        self.phone_index = blind_index(self.phone)
        super().save(*args, **kwargs)
