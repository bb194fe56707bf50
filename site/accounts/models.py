"""People and organisations: applicants, staff, agencies, firms. No Wagtail page is known here."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelsearch import index

from accounts.mandate_models import Invitation as Invitation
from accounts.mandate_models import Organization as Organization
from accounts.mandate_models import Representation as Representation
from accounts.mandate_models import RepresentedPerson as RepresentedPerson
from accounts.membership import Membership as Membership
from accounts.membership import Role as Role
from accounts.paper_models import MandatePaper as MandatePaper
from accounts.recovery_models import Recovery as Recovery
from core.fields import EncryptedTextField, TextMapField
from core.rows import WrittenOnce
from core.texts import pick
from operations.crypto import blind_index


class IdentityLevel(models.TextChoices):
    """How surely we know who an account belongs to, from least to most."""

    NONE = "none", _("no sign-in needed")
    ACCOUNT = "account", _("account with a confirmed phone or e-mail")
    ONEID = "oneid", _("OneID")
    EDS = "eds", _("electronic signature")

    def reaches(self, needed: str) -> bool:
        """Whether this level is at least `needed`."""
        order = list(IdentityLevel)
        return order.index(self) >= order.index(IdentityLevel(needed))


class UserManager(BaseUserManager["User"]):
    """Makes accounts whose login is the e-mail or, without one, the phone."""

    def create_user(
        self,
        *,
        email: str | None = None,
        phone: str | None = None,
        password: str | None = None,
        **fields: Any,
    ) -> User:
        """A new account. Raises ValueError without e-mail and phone."""
        if not email and not phone:
            raise ValueError("An account needs an e-mail or a phone.")
        user = self.model(email=email or None, phone=phone or None, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, login: str, password: str | None = None, **fields: Any) -> User:
        """An administrator, for `manage.py createsuperuser`; `login` is an e-mail or a phone."""
        contact = {"email" if "@" in login else "phone": login}
        return self.create_user(
            **{**fields, **contact}, password=password, is_staff=True, is_superuser=True
        )

    def get_by_natural_key(self, username: str | None) -> User:
        """By login, without regard to case."""
        return self.get(login=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """An account. Phone or e-mail, either alone is enough: many citizens have no e-mail.

    An account that OneID opened may have neither until its owner adds one.
    """

    # Nothing that editors choose refers to it: saving it must not index references.
    wagtail_reference_index_ignore = True

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    #: E-mail in small letters or, without one, the phone; what password sign-in asks for. An
    #: account with neither has a name that nobody can type (`#` and the identifier).
    login = models.CharField(_("login"), max_length=254, unique=True)
    email = models.EmailField(_("e-mail"), unique=True, null=True, blank=True)
    phone = models.CharField(
        _("phone"),
        max_length=16,
        unique=True,
        null=True,
        blank=True,
        validators=[RegexValidator(r"^\+[1-9]\d{7,14}$")],
        help_text=_("In international form. Example: +998901234567"),
    )
    phone_verified = models.BooleanField(default=False)
    full_name = models.CharField(_("full name"), max_length=150, blank=True)
    language = models.CharField(_("language"), max_length=10, default="uz")
    identity_level = models.CharField(
        _("level of identity"),
        max_length=8,
        choices=IdentityLevel.choices,
        default=IdentityLevel.ACCOUNT,
    )
    is_staff = models.BooleanField(_("works in an agency"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    #: Demonstration accounts have public passwords; production refuses to start with one.
    is_demo = models.BooleanField(default=False, editable=False)
    #: The account was closed by its owner and emptied; its row stays for what refers to it.
    closed_at = models.DateTimeField(null=True, editable=False)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "login"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(email__isnull=False)
                | models.Q(phone__isnull=False)
                | models.Q(login__startswith="#"),
                name="user_email_or_phone_or_oneid",
            ),
            models.CheckConstraint(condition=~models.Q(login=""), name="user_login_filled"),
            models.CheckConstraint(
                condition=models.Q(email__isnull=True) | models.Q(email=Lower("email")),
                name="user_email_in_small_letters",
            ),
            models.CheckConstraint(
                condition=models.Q(phone__isnull=True) | models.Q(phone__startswith="+"),
                name="user_phone_international",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name or f"#{self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the login equal to the e-mail or the phone; "#" and the identifier without both."""
        self.email = self.email.strip().lower() if self.email else None
        self.phone = self.phone or None
        self.login = self.email or self.phone or f"#{self.uuid}"
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "login"}
        super().save(*args, **kwargs)

    def get_full_name(self) -> str:
        """The name, as Wagtail's admin shows it."""
        return str(self)

    def get_short_name(self) -> str:
        """The name again: Uzbek names are not cut."""
        return str(self)

    def reaches(self, needed: str) -> bool:
        """Whether the account's level of identity is at least `needed`."""
        return IdentityLevel(self.identity_level).reaches(needed)


class Profile(models.Model):
    """What an applicant's forms are filled in with. Only the applicant reads and changes it."""

    # Nothing that editors choose refers to it: saving it must not index references.
    wagtail_reference_index_ignore = True

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="profile")
    full_name_latin = models.CharField(_("name in Latin letters"), max_length=150, blank=True)
    full_name_cyrillic = models.CharField(_("name in Cyrillic letters"), max_length=150, blank=True)
    #: Personal number (JShShIR), 14 digits, encrypted; the index finds it without reading it.
    pinfl = EncryptedTextField(_("personal number (PINFL)"), blank=True)
    pinfl_index = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    district = models.ForeignKey(
        "core.District", null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        verbose_name=_("city or district"),
    )  # fmt: skip
    address = models.CharField(_("address"), max_length=250, blank=True)
    notify_email = models.BooleanField(_("messages by e-mail"), default=True)
    #: None before it was chosen: then only where there is no e-mail (accounts/notifying.py).
    notify_sms = models.BooleanField(_("messages by SMS"), null=True, blank=True)
    #: Names of further channels that were asked for.
    more_channels = models.JSONField(default=list, blank=True)

    #: Where SMS about requests go instead, if the phone's owner agreed: one phone in a family.
    notice_phone = EncryptedTextField(blank=True, editable=False)
    notice_phone_index = models.CharField(max_length=64, blank=True, db_index=True, editable=False)

    class Meta:
        verbose_name = _("profile")

    def __str__(self) -> str:
        return f"profile {self.user_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep what finds the numbers without reading them."""
        self.pinfl_index = blind_index(self.pinfl) if self.pinfl else ""
        self.notice_phone_index = blind_index(self.notice_phone) if self.notice_phone else ""
        super().save(*args, **kwargs)


class Agency(index.Indexed, models.Model):
    """A public body: the tenant that owns services, requests and a subtree of pages."""

    #: What staff find it by in the admin.
    search_fields: ClassVar = [
        index.AutocompleteField("name"),
        index.AutocompleteField("key"),
        index.AutocompleteField("code"),
        index.RelatedFields("former_names", [index.AutocompleteField("name")]),
    ]

    class Kind(models.TextChoices):
        COUNCIL = "council", _("Council of Ministers")
        MINISTRY = "ministry", _("Ministries")
        COMMITTEE = "committee", _("Committees")
        DEPARTMENT = "department", _("Departments and agencies")
        ECONOMIC_BODY = "economic_body", _("Economic-management bodies")
        HOKIMIYAT = "hokimiyat", _("City and district hokimiyats")

    class Level(models.TextChoices):
        REPUBLIC = "republic", _("republic")
        CITY = "city", _("city")
        DISTRICT = "district", _("district")

    key = models.SlugField(_("key"), max_length=100, unique=True)
    #: Stands in request numbers; no I and O, which look like 1 and 0.
    code = models.CharField(
        _("code"),
        max_length=5,
        unique=True,
        validators=[
            RegexValidator(r"^[A-HJ-NP-Z]{2,5}$", _("2 to 5 Latin capitals without I and O."))
        ],
        help_text=_("Stands in the numbers of requests. Example: ADL"),
    )
    kind = models.CharField(_("kind"), max_length=14, choices=Kind.choices)
    level = models.CharField(_("level"), max_length=10, choices=Level.choices)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children",
        verbose_name=_("superior body"),
    )  # fmt: skip
    territory = models.ForeignKey(
        "core.District", null=True, blank=True, on_delete=models.PROTECT, related_name="agencies",
        verbose_name=_("territory"),
    )  # fmt: skip
    name = TextMapField(verbose_name=_("name"))
    head_post = TextMapField(verbose_name=_("post of the head"), blank=True)
    head_name = models.CharField(_("head"), max_length=120, blank=True)
    executor_post = TextMapField(verbose_name=_("post of the responsible executor"), blank=True)
    executor_name = models.CharField(_("responsible executor"), max_length=120, blank=True)
    phone = models.CharField(_("phone"), max_length=24, blank=True)
    hotline = models.CharField(_("hotline"), max_length=24, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    website = models.URLField(_("website"), blank=True)
    address = TextMapField(verbose_name=_("address"), blank=True)
    #: `{"days": [...], "from", "to", "break_from", "break_to"}`, times as HH:MM.
    working_hours = models.JSONField(_("working hours"), default=dict, blank=True)
    reception = TextMapField(verbose_name=_("reception of citizens"), blank=True)
    #: The executor drafts an answer, the head signs it.
    sign_off_required = models.BooleanField(_("the head signs answers"), default=False)
    active = models.BooleanField(_("active"), default=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ("order", "key")
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(parent__isnull=True) | ~models.Q(parent=models.F("pk")),
                name="agency_parent_is_another",
            )
        ]

    def __str__(self) -> str:
        return self.label()

    def label(self, language: str | None = None) -> str:
        """The name for a reader of `language` (default: the active one)."""
        return pick(self.name, language)


class AgencySuccession(WrittenOnce):
    """One agency took over what another did, from a day on (requirements.md S-27)."""

    former = models.OneToOneField(
        Agency, on_delete=models.PROTECT, related_name="succession", verbose_name=_("agency")
    )
    successor = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="successions", verbose_name=_("successor")
    )
    on = models.DateField(_("day"))
    act = models.CharField(_("act"), max_length=200)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("on", "pk")
        verbose_name = _("succession of agencies")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(former=models.F("successor")), name="succession_of_another"
            )
        ]

    def __str__(self) -> str:
        return f"{self.former_id} → {self.successor_id}, {self.on}"


class AgencyName(index.Indexed, models.Model):
    """A former name of an agency, with its dates."""

    search_fields: ClassVar = [index.AutocompleteField("name")]

    agency = models.ForeignKey(
        Agency, on_delete=models.CASCADE, related_name="former_names", verbose_name=_("agency")
    )
    name = TextMapField(verbose_name=_("name"))
    used_from = models.DateField(_("used from"), null=True, blank=True)
    used_to = models.DateField(_("used to"), null=True, blank=True)
    #: Where only a year or an act is known.
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        ordering = ("-used_to", "pk")
        verbose_name = _("former name")
        verbose_name_plural = _("former names")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(used_from__isnull=True)
                | models.Q(used_to__isnull=True)
                | models.Q(used_to__gte=models.F("used_from")),
                name="agency_name_dates_in_order",
            )
        ]

    def __str__(self) -> str:
        return pick(self.name)
