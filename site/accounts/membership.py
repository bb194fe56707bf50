"""Who works where, as what, from when until when."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a member of staff does in an agency."""

    OFFICER = "officer", _("officer")
    HEAD = "head", _("head")
    DEPUTY = "deputy", _("deputy who signs")
    CLERK = "clerk", _("clerk at the counter")
    EDITOR = "editor", _("editor")
    TRANSLATOR = "translator", _("translator")
    APPROVER = "approver", _("approver")
    AUDITOR = "auditor", _("auditor")
    CONTROLLER = "controller", _("controller")
    ACCOUNTANT = "accountant", _("accountant")
    COUNCIL = "council", _("council member")
    SUPPORT = "support", _("operator's support")


#: What a head may give in the own agency. Heads themselves are named from above, and controllers,
#: council and support belong to no single agency.
GIVEN_BY_HEADS = (
    Role.DEPUTY,
    Role.OFFICER,
    Role.CLERK,
    Role.EDITOR,
    Role.TRANSLATOR,
    Role.APPROVER,
    Role.AUDITOR,
)
#: Whoever works on requests: writes answers, or signs them.
ANSWERING = (Role.OFFICER, Role.HEAD, Role.DEPUTY)
#: Whoever signs answers.
SIGNING = (Role.HEAD, Role.DEPUTY)


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Memberships by intent."""

    def valid(self, on: date) -> MembershipQuerySet:
        """Those in force on a day, the last one included."""
        return self.filter(
            models.Q(valid_from__isnull=True) | models.Q(valid_from__lte=on),
            models.Q(valid_until__isnull=True) | models.Q(valid_until__gte=on),
        )


class _InForce(models.Manager["Membership"]):
    """Only memberships in force today: no room can forget to ask for the dates."""

    def get_queryset(self) -> MembershipQuerySet:
        """Rows in force today."""
        return MembershipQuerySet(self.model, using=self._db).valid(timezone.localdate())


class Membership(models.Model):
    """A person's role in one agency, or in all of them (controllers, translators).

    `objects` and relations give what is in force today; `with_dates` also what begins later or
    has ended.
    """

    # Nothing that editors choose refers to it: saving it must not index references.
    wagtail_reference_index_ignore = True

    user = models.ForeignKey(
        "accounts.User",
        on_delete=models.CASCADE,
        related_name="memberships",
        verbose_name=_("account"),
    )
    agency = models.ForeignKey(
        "accounts.Agency",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="memberships",
        verbose_name=_("agency"),
        help_text=_("Empty: all agencies."),
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    #: An editor of one district's offices only.
    district = models.ForeignKey(
        "core.District",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("city or district"),
        help_text=_("Only for an editor of this district's offices."),
    )
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_until = models.DateField(_("until"), null=True, blank=True)

    objects = _InForce()
    with_dates = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        base_manager_name = "with_dates"
        constraints: ClassVar = [
            # An empty agency or district counts as a value; SQLite has no NULLS NOT DISTINCT.
            models.UniqueConstraint(
                "user",
                "role",
                Coalesce("agency", 0),
                Coalesce("district", 0),
                name="membership_once",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_from__isnull=True)
                | models.Q(valid_until__isnull=True)
                | models.Q(valid_until__gte=models.F("valid_from")),
                name="membership_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"

    @property
    def in_force(self) -> bool:
        """Whether it holds today."""
        today = timezone.localdate()
        return (self.valid_from or today) <= today <= (self.valid_until or today)
