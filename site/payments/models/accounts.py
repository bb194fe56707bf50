"""Where an agency's money goes: its accounts with providers, with keys that can be rotated."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from core.banking import is_account, is_mfo, is_treasury_account
from core.fields import EncryptedTextField
from payments.models.base import AppendOnly, Row
from payments.states import ProviderName


class MerchantAccount(Row):
    """An agency's account for one way to pay. Its address for the provider holds its uuid."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="merchant_accounts",
        verbose_name=_("agency"),
    )  # fmt: skip
    provider = models.CharField(_("way to pay"), max_length=10, choices=ProviderName.choices)
    active = models.BooleanField(_("active"), default=True)
    #: The provider's side is played by the portal itself.
    sandbox = models.BooleanField(
        _("sandbox"), default=False, help_text=_("No real money: the portal plays the provider.")
    )
    merchant_id = models.CharField(
        _("merchant's number"), max_length=40, blank=True,
        help_text=_("As Payme or Click gave it. Example: 5f3a…"),
    )  # fmt: skip
    service_id = models.CharField(
        _("service's number"), max_length=20, blank=True, help_text=_("Click only. Example: 12345")
    )
    merchant_user_id = models.CharField(
        _("user's number"), max_length=20, blank=True, help_text=_("Click only. Example: 23456")
    )
    payee_name = models.CharField(_("payee"), max_length=200, blank=True)
    payee_stir = models.CharField(
        _("tax number (STIR)"), max_length=9, blank=True, validators=[RegexValidator(r"^\d{9}$")]
    )
    bank_account = models.CharField(
        _("settlement account"),
        max_length=20,
        blank=True,
        validators=[is_account],
        help_text=_("20 digits."),
    )
    bank_name = models.CharField(_("bank"), max_length=200, blank=True)
    bank_mfo = models.CharField(_("MFO of the bank"), max_length=5, blank=True, validators=[is_mfo])
    treasury_account = models.CharField(
        _("account at the treasury"), max_length=27, blank=True, validators=[is_treasury_account],
        help_text=_("27 digits, for bodies that the treasury serves."),
    )  # fmt: skip
    payee_address = models.CharField(
        _("address of the payee"), max_length=250, blank=True,
        help_text=_("Empty: the address of the agency."),
    )  # fmt: skip
    #: For fiscal receipts: code of the catalogue of goods and services, package, VAT.
    ikpu = models.CharField(
        _("IKPU code"), max_length=17, blank=True, validators=[RegexValidator(r"^\d{17}$")],
        help_text=_("17 digits, for fiscal receipts."),
    )  # fmt: skip
    package_code = models.CharField(_("code of the package"), max_length=20, blank=True)
    vat_percent = models.PositiveSmallIntegerField(
        _("VAT, per cent"), default=0, validators=[MaxValueValidator(100)]
    )

    class Meta:
        ordering = ("agency", "provider")
        verbose_name = _("account for payments")
        verbose_name_plural = _("accounts for payments")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["agency", "provider"], condition=models.Q(active=True),
                name="merchant_one_active",
            ),
            models.CheckConstraint(
                condition=models.Q(provider__in=ProviderName.values), name="merchant_provider_known"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.agency.code} · {self.get_provider_display()}"

    def secrets(self) -> list[str]:
        """The keys in use, newest first: several while they are changed over."""
        keys = self.keys.filter(retired_at__isnull=True).order_by("-pk")
        return [key.secret for key in keys if key.secret]


class MerchantKey(Row):
    """A secret shared with a provider. Written once, never shown again, retired when replaced."""

    account = models.ForeignKey(MerchantAccount, on_delete=models.CASCADE, related_name="keys")
    secret = EncryptedTextField(_("key"))
    added_at = models.DateTimeField(_("added"), default=timezone.now)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    retired_at = models.DateTimeField(_("retired"), null=True, blank=True)

    class Meta:
        verbose_name = _("key")
        verbose_name_plural = _("keys")
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(secret=""), name="merchant_key_not_empty")
        ]

    def __str__(self) -> str:
        return f"key {self.pk}"


class CallLog(AppendOnly):
    """One exchange with a provider, either way, with what is secret or personal masked."""

    account = models.ForeignKey(
        MerchantAccount, null=True, on_delete=models.PROTECT, related_name="calls"
    )
    provider = models.CharField(max_length=10, choices=ProviderName.choices)
    #: They called us, or we called them.
    incoming = models.BooleanField(default=True)
    at = models.DateTimeField(default=timezone.now)
    method = models.CharField(max_length=40, blank=True)
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)
    answer = models.TextField(blank=True)
    #: The provider's code of the outcome; 0 for success.
    code = models.IntegerField(null=True)
    milliseconds = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("-at", "-pk")
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        indexes: ClassVar = [models.Index(fields=["provider", "-at"], name="call_provider")]

    def __str__(self) -> str:
        return f"{self.provider} {self.method} {self.code}"
