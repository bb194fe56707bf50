"""On whose behalf somebody acts: legal entities, represented people, mandates, invitations."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelsearch import index

from core.banking import is_account, is_mfo
from core.fields import EncryptedTextField
from operations.crypto import blind_index

#: No letters and digits that look alike: it is read aloud at the counter.
_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


def new_reference() -> str:
    """What a mandate is found by at the counter: 8 signs."""
    return "".join(secrets.choice(_ALPHABET) for _n in range(8))


class Organization(index.Indexed, models.Model):
    """A firm or another legal entity, known by its tax number."""

    search_fields: ClassVar = [index.AutocompleteField("name"), index.AutocompleteField("stir")]

    stir = models.CharField(
        _("tax number (STIR)"), max_length=9, unique=True, validators=[RegexValidator(r"^\d{9}$")]
    )
    name = models.CharField(_("name"), max_length=200)
    #: Its requisites, as its people wrote them: they stand on invoices.
    address = models.CharField(_("address"), max_length=250, blank=True)
    bank_account = models.CharField(
        _("settlement account"), max_length=20, blank=True, validators=[is_account]
    )
    bank_name = models.CharField(_("bank"), max_length=200, blank=True)
    bank_mfo = models.CharField(_("MFO of the bank"), max_length=5, blank=True, validators=[is_mfo])

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")

    def __str__(self) -> str:
        return self.name


class RepresentedPerson(models.Model):
    """Somebody who does not act alone: a child, a ward, an elderly relative. No account needed."""

    # Nothing that editors choose refers to it: saving it must not index references.
    wagtail_reference_index_ignore = True

    full_name = models.CharField(_("full name"), max_length=150)
    pinfl = EncryptedTextField(_("personal number (PINFL)"))
    pinfl_index = models.CharField(max_length=64, db_index=True, editable=False)
    birth_date = models.DateField(_("date of birth"))

    class Meta:
        verbose_name = _("represented person")
        verbose_name_plural = _("represented people")

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the index of the personal number."""
        self.pinfl_index = blind_index(self.pinfl)
        super().save(*args, **kwargs)


class RepresentationQuerySet(models.QuerySet["Representation"]):
    """Mandates by intent."""

    def not_over(self, on: date) -> RepresentationQuerySet:
        """Mandates, confirmed or not, that nobody ended and whose last day is not past on a day."""
        return self.filter(revoked_at__isnull=True).filter(
            models.Q(valid_until__isnull=True) | models.Q(valid_until__gte=on)
        )

    def valid(self, on: date) -> RepresentationQuerySet:
        """Mandates that are confirmed and in force on a day."""
        return self.not_over(on).filter(valid_from__lte=on, confirmed_at__isnull=False)

    def waiting(self, on: date) -> RepresentationQuerySet:
        """Mandates for people that are asked for and that nobody has confirmed yet."""
        return self.not_over(on).filter(person__isnull=False, confirmed_at__isnull=True)


class Representation(models.Model):
    """The mandate of a person for an organisation, or for another person."""

    # Nothing that editors choose refers to it: saving it must not index references.
    wagtail_reference_index_ignore = True

    class Role(models.TextChoices):
        HEAD = "head", _("head of the organisation")
        REPRESENTATIVE = "representative", _("representative")

    class Basis(models.TextChoices):
        HEAD = "head", _("head of the organisation")
        POWER_OF_ATTORNEY = "power_of_attorney", _("power of attorney")
        ONEID = "oneid", _("OneID")
        INVITATION = "invitation", _("given by the head")
        CHILD = "child", _("parent of a child")
        WARD = "ward", _("guardian or trustee")
        RELATIVE = "relative", _("relative of an elderly or disabled person")

    class Confirmation(models.TextChoices):
        SOURCE = "source", _("by its source")
        PERSON = "person", _("by the person, in their account")
        COUNTER = "counter", _("at the counter, by the documents")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="representations",
        verbose_name=_("account"),
    )  # fmt: skip
    organization = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.CASCADE,
        related_name="representations", verbose_name=_("organisation"),
    )  # fmt: skip
    person = models.ForeignKey(
        RepresentedPerson, null=True, blank=True, on_delete=models.CASCADE,
        related_name="representations", verbose_name=_("represented person"),
    )  # fmt: skip
    role = models.CharField(
        _("role"), max_length=20, choices=Role.choices, default=Role.REPRESENTATIVE
    )
    basis = models.CharField(_("basis"), max_length=20, choices=Basis.choices)
    #: Kind, number, date and issuer of the paper that shows it.
    document = models.CharField(_("document"), max_length=200, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    #: Empty: asked for, and not yet in force.
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True, default=timezone.now)
    confirmation = models.CharField(
        _("how confirmed"), max_length=8, choices=Confirmation.choices,
        default=Confirmation.SOURCE, blank=True,
    )  # fmt: skip
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL,
        related_name="+", verbose_name=_("confirmed by"),
    )  # fmt: skip
    reference = models.CharField(
        _("code for the counter"), max_length=8, default=new_reference, db_index=True
    )
    scope = models.JSONField(
        _("services"), default=list, blank=True, help_text=_("Keys of services; empty: all.")
    )

    objects = RepresentationQuerySet.as_manager()

    class Meta:
        verbose_name = _("mandate")
        verbose_name_plural = _("mandates")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "organization"],
                condition=models.Q(revoked_at__isnull=True),
                name="representation_one_in_force",
            ),
            models.UniqueConstraint(
                fields=["user", "person"],
                condition=models.Q(revoked_at__isnull=True),
                name="representation_one_for_a_person",
            ),
            models.CheckConstraint(
                condition=models.Q(organization__isnull=False, person__isnull=True)
                | models.Q(organization__isnull=True, person__isnull=False),
                name="representation_of_one",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_until__isnull=True)
                | models.Q(valid_until__gte=models.F("valid_from")),
                name="representation_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} → {self.represented}"

    @property
    def represented(self) -> Organization | RepresentedPerson:
        """Who is acted for."""
        found = self.organization or self.person
        assert found is not None  # held by the constraint `representation_of_one`
        return found


class Invitation(models.Model):
    """A head asks somebody to act for the firm; whoever has confirmed that contact may accept."""

    # Nothing that editors choose refers to it: saving it must not index references.
    wagtail_reference_index_ignore = True

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting for an answer")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="invitations"
    )
    #: Phone (E.164) or e-mail (small letters).
    contact = EncryptedTextField()
    contact_index = models.CharField(max_length=64, db_index=True, editable=False)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    scope = models.JSONField(default=list, blank=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "contact_index"],
                condition=models.Q(state="waiting"),
                name="invitation_one_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organization} #{self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the index of the contact."""
        self.contact_index = blind_index(self.contact)
        super().save(*args, **kwargs)
