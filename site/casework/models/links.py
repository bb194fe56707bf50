"""Requests that belong together."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from casework.models.requests import ServiceRequest
from core.rows import Row


class RequestLink(Row):
    """Two requests belong together; kept once, the earlier one first."""

    class Kind(models.TextChoices):
        RELATED = "related", _("Related")
        REPEATED = "repeated", _("Sent again")

    earlier = models.ForeignKey(ServiceRequest, on_delete=models.PROTECT, related_name="+")
    later = models.ForeignKey(ServiceRequest, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    #: None where the portal itself saw that it was sent again.
    linked_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    linked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("link between requests")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["earlier", "later"], name="link_once_a_pair"),
            models.CheckConstraint(
                condition=models.Q(earlier__lt=models.F("later")), name="link_earlier_first"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.earlier_id} – {self.later_id}"
