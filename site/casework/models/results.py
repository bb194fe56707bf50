"""Documents that the portal itself makes of a favourable decision, which anybody can verify."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from casework.models.requests import ServiceRequest
from core.fields import EncryptedTextField
from core.rows import Row


class ResultDocument(Row):
    """A result as PDF with a code: valid until the request is reopened."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    request = models.ForeignKey(ServiceRequest, on_delete=models.PROTECT, related_name="results")
    #: Beside the number, for whoever holds the paper; see access.py.
    code = EncryptedTextField()
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    #: The file in the applicant's hands, and what its bytes add up to.
    attachment = models.UUIDField()
    sha256 = models.CharField(max_length=64)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("result document")
        ordering = ("issued_at", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["request"],
                condition=models.Q(revoked_at__isnull=True),
                name="result_one_valid",
            ),
            models.CheckConstraint(
                condition=models.Q(revoked_at__isnull=True)
                | models.Q(revoked_at__gte=models.F("issued_at")),
                name="result_revoked_after_issued",
            ),
        ]

    def __str__(self) -> str:
        return f"result {self.pk}"
