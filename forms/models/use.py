"""How forms are used, without a trace of who used them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forms.models.versions import FormVersion


class FormEvent(models.Model):
    """Something happened to somebody's form. Says neither whose nor what was answered."""

    # Nothing that editors choose refers to it: saving it must not index references.
    wagtail_reference_index_ignore = True

    class Kind(models.TextChoices):
        """What happened."""

        STARTED = "started", _("started")
        STEP = "step", _("step finished")
        ERROR = "error", _("answer refused")
        SENT = "sent", _("sent")
        ABANDONED = "abandoned", _("abandoned")

    version = models.ForeignKey(FormVersion, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    #: Key of the step (finished, abandoned at) or of the question (refused); else empty.
    place = models.CharField(max_length=60, blank=True)
    #: From the start to the sending.
    seconds = models.PositiveIntegerField(null=True, blank=True)
    #: The day alone: the minute would lead to a person where few apply.
    day = models.DateField(default=timezone.localdate)

    class Meta:
        verbose_name = _("event of a form")
        verbose_name_plural = _("events of forms")
        indexes: ClassVar = [
            models.Index(fields=["version", "kind"], name="form_event_kind"),
            models.Index(fields=["day", "kind"], name="form_event_day"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["started", "step", "error", "sent", "abandoned"]),
                name="form_event_kind_known",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.place}".strip()
