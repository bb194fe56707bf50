"""One window: what other agencies answer for a request, and requests that belong together."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from casework.models.requests import ServiceRequest
from core.fields import EncryptedJSONField, EncryptedTextField
from core.rows import Row


class RequestTaskQuerySet(models.QuerySet["RequestTask"]):
    """Tasks by intent."""

    def open(self) -> RequestTaskQuerySet:
        """Tasks that wait for an answer."""
        return self.filter(status=RequestTask.Status.OPEN)

    def overdue(self, now: datetime) -> RequestTaskQuerySet:
        """Tasks whose own term has passed: counted of the agency that was asked."""
        return self.open().filter(due_at__lt=now)


class RequestTask(Row):
    """What another agency is asked about a request, with a term of its own.

    The applicant has one window: the agency that took the request asks the others and answers.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("Waits for an answer")
        ANSWERED = "answered", _("Answered")
        CALLED_BACK = "called_back", _("Called back")

    request = models.ForeignKey(ServiceRequest, on_delete=models.PROTECT, related_name="tasks")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="tasks")
    status = models.CharField(
        _("state"), max_length=11, choices=Status.choices, default=Status.OPEN
    )
    matter = EncryptedTextField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(_("due"))
    #: `{"text", "files"}`.
    answer = EncryptedJSONField(blank=True)
    ended_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = RequestTaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["request", "agency"],
                condition=models.Q(status="open"),
                name="task_one_open_per_agency",
            ),
            models.CheckConstraint(
                condition=models.Q(status="open", ended_at__isnull=True)
                | (~models.Q(status="open") & models.Q(ended_at__isnull=False)),
                name="task_ended_has_time",
            ),
            models.CheckConstraint(
                condition=models.Q(due_at__gte=models.F("asked_at")), name="task_due_after_asked"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["agency", "status", "due_at"], name="task_inbox")]

    def __str__(self) -> str:
        return f"task {self.pk}"

    @property
    def is_overdue(self) -> bool:
        """Whether its term has passed unanswered: computed, not stored."""
        return self.status == self.Status.OPEN and self.due_at < timezone.now()

    @property
    def was_late(self) -> bool:
        """Whether it was answered after its term."""
        return self.ended_at is not None and self.ended_at > self.due_at

    @property
    def text(self) -> str:
        """What was answered."""
        return str((self.answer or {}).get("text", ""))

    @property
    def files(self) -> list[dict[str, Any]]:
        """`{"uuid", "name", "size"}` of each file of the answer."""
        return list((self.answer or {}).get("files", []))
