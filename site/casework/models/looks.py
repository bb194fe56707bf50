"""Who saw a request in a list with names: one row a request, person and day."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from accounts.models import User
from casework.models.requests import ServiceRequest
from core.rows import WrittenOnce


class ListLook(WrittenOnce):
    """A member of staff was shown a request in a list with the applicant's name.

    The rows of a person's day are one stream of the journal, anchored when the day is over.
    """

    append_only = True

    request = models.ForeignKey(
        ServiceRequest, on_delete=models.PROTECT, related_name="list_looks", db_index=False
    )
    viewer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["request", "viewer", "day"], name="list_look_once_a_day"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["viewer", "day"], name="list_look_viewer")]

    def __str__(self) -> str:
        return f"{self.request_id} seen by {self.viewer_id} on {self.day}"
