"""Parts of an agency that share its inbox, and what the agency decides about each service."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from core.fields import TextMapField
from core.rows import Row
from service_pages.models import Service


class Unit(Row):
    """A department of an agency. It divides the work, not the right to see it."""

    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="units", verbose_name=_("agency")
    )
    name = TextMapField(verbose_name=_("name"))
    #: Where the agency stands above nobody, complaints about it come here (complaints.py).
    takes_complaints = models.BooleanField(_("takes complaints about the agency"), default=False)
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering = ("pk",)
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["agency"],
                condition=models.Q(takes_complaints=True, active=True),
                name="unit_one_for_complaints",
            )
        ]

    def __str__(self) -> str:
        return f"unit {self.pk}"


class UnitMember(Row):
    """A person of a unit; somebody may work in several."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "user"], name="unit_member_once")
        ]

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.user_id}"


class ServiceRules(Row):
    """How requests for one service are handled, where the agency wants it otherwise than usual."""

    class Unanswered(models.TextChoices):
        EXPIRED = "expired", _("Closed without a decision")
        REFUSED = "refused", _("Refused: no answer")

    class Signing(models.TextChoices):
        AGENCY = "agency", _("As in the whole agency")
        HEAD = "head", _("The head signs")
        EXECUTOR = "executor", _("The executor answers")

    class Purpose(models.TextChoices):
        SERVICE = "service", _("A service of the agency")
        APPEALS = "appeals", _("Appeals to any agency")
        PORTAL = "portal", _("Appeals about the portal")
        CONTROL = "control", _("Reports to the controller: broken terms, bodies with none above")

    service = models.OneToOneField(Service, on_delete=models.CASCADE, related_name="rules")
    unanswered = models.CharField(
        _("what becomes of a request whose applicant does not answer"),
        max_length=8, choices=Unanswered.choices, default=Unanswered.EXPIRED,
    )  # fmt: skip
    answer_days = models.PositiveSmallIntegerField(
        _("working days that an applicant has for an answer"), default=10
    )
    signing = models.CharField(
        _("who signs"), max_length=8, choices=Signing.choices, default=Signing.AGENCY
    )
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        verbose_name=_("unit that gets its requests"),
    )  # fmt: skip
    purpose = models.CharField(
        _("what it is for"), max_length=8, choices=Purpose.choices, default=Purpose.SERVICE
    )

    class Meta:
        verbose_name = _("rules of a service")
        verbose_name_plural = _("rules of services")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(answer_days__gte=1, answer_days__lte=60),
                name="rules_answer_days_in_range",
            ),
            models.UniqueConstraint(
                fields=["purpose"],
                condition=~models.Q(purpose="service"),
                name="rules_one_for_a_purpose",
            ),
        ]

    def __str__(self) -> str:
        return f"rules of {self.service_id}"
