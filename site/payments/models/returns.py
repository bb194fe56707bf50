"""Money that goes back, and money that comes by hand: each step by another person."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Agency
from core.fields import EncryptedJSONField, EncryptedTextField, TiyinField
from payments.models.base import Row
from payments.models.invoices import Invoice
from payments.models.money import Attempt


class Refund(Row):
    """Money to be returned: asked for by one person (or by the portal), approved by another."""

    class State(models.TextChoices):
        REQUESTED = "requested", pgettext_lazy("refund", "Waits for approval")
        APPROVED = "approved", pgettext_lazy("refund", "Approved, being returned")
        REJECTED = "rejected", pgettext_lazy("refund", "Not approved")
        DONE = "done", pgettext_lazy("refund", "Returned")

    class Reason(models.TextChoices):
        SURPLUS = "surplus", _("paid too much, or too late")
        WITHDRAWN = "withdrawn", _("the request was taken back")
        REFUSED = "refused", _("the request was refused")
        MISTAKE = "mistake", _("a mistake in the sum")
        OTHER = "other", _("another reason")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="refunds")
    #: Where the money came from and goes back to.
    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="refunds")
    amount = TiyinField(_("sum in tiyin"))
    #: Out of what came beyond the invoice's sum.
    surplus = models.BooleanField(default=False)
    reason = models.CharField(_("reason"), max_length=10, choices=Reason.choices)
    note = EncryptedTextField(_("note"), blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.REQUESTED
    )
    requested_at = models.DateTimeField(default=timezone.now)
    #: None: the portal itself.
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    done_at = models.DateTimeField(null=True, blank=True)
    external_id = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="refund_amount_positive"),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True)
                | models.Q(requested_by__isnull=True)
                | ~models.Q(decided_by=models.F("requested_by")),
                name="refund_four_eyes",
            ),
            models.CheckConstraint(
                condition=models.Q(state="requested", decided_by__isnull=True)
                | (~models.Q(state="requested") & models.Q(decided_by__isnull=False)),
                name="refund_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(state="done", done_at__isnull=False)
                | (~models.Q(state="done") & models.Q(done_at__isnull=True)),
                name="refund_done_has_time",
            ),
            models.UniqueConstraint(
                fields=["invoice"],
                condition=models.Q(state__in=["requested", "approved"], surplus=False),
                name="refund_one_under_way",
            ),
        ]

    def __str__(self) -> str:
        return f"refund {self.pk}"


class CashReceipt(Row):
    """A receipt of the cash desk: entered by one person, confirmed by another."""

    class State(models.TextChoices):
        ENTERED = "entered", pgettext_lazy("cash receipt", "Waits for a second person")
        CONFIRMED = "confirmed", pgettext_lazy("cash receipt", "Confirmed")
        REJECTED = "rejected", pgettext_lazy("cash receipt", "Not confirmed")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="cash_receipts")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(_("number of the receipt"), max_length=40)
    amount = TiyinField(_("sum in tiyin"))
    state = models.CharField(max_length=10, choices=State.choices, default=State.ENTERED)
    entered_at = models.DateTimeField(default=timezone.now)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("receipt of the cash desk")
        verbose_name_plural = _("receipts of the cash desk")
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="cash_amount_positive"),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True)
                | ~models.Q(decided_by=models.F("entered_by")),
                name="cash_four_eyes",
            ),
            models.CheckConstraint(
                condition=models.Q(state="entered", decided_by__isnull=True)
                | (~models.Q(state="entered") & models.Q(decided_by__isnull=False)),
                name="cash_decided_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["agency", "number"],
                condition=~models.Q(state="rejected"),
                name="cash_receipt_once",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class BankLine(Row):
    """A line of a bank's statement: money that came to the agency's account."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="bank_lines")
    day = models.DateField(_("day"))
    document = models.CharField(_("number of the document"), max_length=40)
    amount = TiyinField(_("sum in tiyin"))
    #: Who paid, for telling lines apart: each payer counts documents from 1.
    payer_index = models.CharField(max_length=64, default="", editable=False)
    #: `{"payer", "stir", "purpose"}` as the bank wrote it.
    content = EncryptedJSONField()
    #: None while no invoice was recognised.
    attempt = models.OneToOneField(
        Attempt, null=True, blank=True, on_delete=models.PROTECT, related_name="bank_line"
    )
    imported_at = models.DateTimeField(default=timezone.now)
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("-day", "-pk")
        verbose_name = _("line of a bank's statement")
        verbose_name_plural = _("lines of bank statements")
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="bank_amount_positive"),
            models.UniqueConstraint(
                fields=["agency", "day", "document", "amount", "payer_index"],
                name="bank_line_once_of_payer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.document}"
