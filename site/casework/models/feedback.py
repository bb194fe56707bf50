"""What applicants say of an answer."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from casework.models.requests import ServiceRequest
from core.fields import EncryptedTextField
from core.rows import Row

LOWEST, HIGHEST = 1, 5


class Rating(Row):
    """One to five for how a request was handled: once, after it was closed."""

    request = models.OneToOneField(ServiceRequest, on_delete=models.PROTECT, related_name="rating")
    score = models.PositiveSmallIntegerField(_("score"))
    #: May name people: staff of the agency read it, nobody else.
    comment = EncryptedTextField(_("comment"), blank=True)
    rated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("rating")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(score__gte=LOWEST, score__lte=HIGHEST),
                name="rating_score_in_range",
            )
        ]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.score}"
