"""What our books and a provider's say differently of one day."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Agency
from core.fields import TiyinField
from payments.models.accounts import MerchantAccount
from payments.models.base import Row
from payments.models.invoices import Invoice
from payments.states import ProviderName


class Comparison(Row):
    """A day of an account that was compared with the provider's statement."""

    account = models.ForeignKey(
        MerchantAccount, on_delete=models.CASCADE, related_name="comparisons"
    )
    day = models.DateField(_("day"))
    at = models.DateTimeField(_("compared"), default=timezone.now)
    #: How many transactions the statement had, and how many differed.
    lines = models.PositiveIntegerField(_("transactions"))
    found = models.PositiveIntegerField(_("differences"))
    #: Who brought the statement as a file; None where the provider was asked.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("-day", "account")
        verbose_name = _("comparison")
        verbose_name_plural = _("comparisons")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "day"], name="comparison_once")
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.day}"


class Difference(Row):
    """One transaction that the two sides see differently. It stays until it is settled."""

    class Kind(models.TextChoices):
        MISSING_HERE = "missing_here", pgettext_lazy("difference", "Paid there, unknown here")
        MISSING_THERE = "missing_there", pgettext_lazy("difference", "Paid here, unknown there")
        AMOUNT = "amount", pgettext_lazy("difference", "The sums differ")
        STATE = "state", pgettext_lazy("difference", "Paid on one side only")
        LEDGER = "ledger", pgettext_lazy("difference", "Invoice and ledger disagree")
        SUBJECT = "subject", pgettext_lazy("difference", "Paid, but the request still waits")

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    provider = models.CharField(max_length=10, choices=ProviderName.choices, blank=True)
    day = models.DateField(_("day"))
    kind = models.CharField(max_length=14, choices=Kind.choices)
    external_id = models.CharField(max_length=64)
    invoice = models.ForeignKey(
        Invoice, null=True, blank=True, on_delete=models.PROTECT, related_name="differences"
    )
    #: In tiyin; None where a side knows nothing of it.
    here = TiyinField(null=True, blank=True)
    there = TiyinField(null=True, blank=True)
    found_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, blank=True)
    #: None where the next comparison found both sides equal.
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("-day", "pk")
        verbose_name = _("difference")
        verbose_name_plural = _("differences")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["agency", "kind", "external_id"],
                condition=models.Q(settled_at__isnull=True),
                name="difference_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.external_id}"

    @property
    def is_money_there(self) -> bool:
        """Whether the provider has money of us that we have not recorded."""
        if self.settled_at is not None:
            return False
        return self.kind == self.Kind.MISSING_HERE or (
            self.kind == self.Kind.STATE and self.here is None
        )
