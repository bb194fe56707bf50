"""What officers keep on their desk: filters, drafts, a library of texts, who stands in for whom."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from casework.models.requests import ServiceRequest
from core.fields import EncryptedTextField, TextMapField
from core.rows import Row
from service_pages.models import Service


class SavedFilter(Row):
    """A view of the inbox under a name of the officer's own."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=60)
    #: The query of the address: of known parameters only.
    query = models.CharField(max_length=400)

    class Meta:
        ordering = ("name",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "name"], name="filter_once_a_name")
        ]

    def __str__(self) -> str:
        return self.name


class AnswerDraft(Row):
    """A text that an officer has begun for a request: nobody else sees it."""

    request = models.ForeignKey(ServiceRequest, on_delete=models.CASCADE, related_name="drafts")
    author = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    #: The action it is for, such as `approve`.
    action = models.CharField(max_length=20)
    text = EncryptedTextField()
    ground = models.CharField(max_length=60, blank=True)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "author"], name="draft_once_an_author")
        ]

    def __str__(self) -> str:
        return f"draft {self.pk}"


class AnswerTemplate(Row):
    """A text of an agency's library, for one service or all of them; `{number}` stands in it for
    the number of the request."""

    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="+", verbose_name=_("agency")
    )
    service = models.ForeignKey(
        Service, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("service"), help_text=_("Empty: for every service of the agency."),
    )  # fmt: skip
    name = models.CharField(_("name"), max_length=80)
    text = TextMapField(verbose_name=_("text"))
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering = ("name", "pk")
        verbose_name = _("text of the library")
        verbose_name_plural = _("library of texts")

    def __str__(self) -> str:
        return self.name


class AbsenceQuerySet(models.QuerySet["Absence"]):
    """Absences by intent."""

    def on(self, day: date) -> AbsenceQuerySet:
        """Those of a day."""
        return self.filter(first_day__lte=day, last_day__gte=day)


class Absence(Row):
    """Days on which a member of staff is away and who stands in for them."""

    person = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="+", verbose_name=_("who is away")
    )
    substitute = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="+", verbose_name=_("who stands in")
    )
    agency = models.ForeignKey(
        Agency, on_delete=models.CASCADE, related_name="+", verbose_name=_("agency")
    )
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        ordering = ("first_day", "pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")), name="absence_in_order"
            ),
            models.CheckConstraint(
                condition=~models.Q(person=models.F("substitute")), name="absence_of_another"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["substitute", "last_day"], name="absence_substitute")
        ]

    def __str__(self) -> str:
        return f"absence {self.pk}"
