"""What happened to money: attempts to pay, and the ledger that only grows."""

from __future__ import annotations

import hashlib
import json
import uuid
from datetime import UTC
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.fields import TiyinField
from payments.models.accounts import MerchantAccount
from payments.models.base import AppendOnly, Row
from payments.models.invoices import Invoice
from payments.states import Account, AttemptState, ProviderName


class Attempt(Row):
    """One attempt to pay an invoice: a provider's transaction, a line of a bank's statement, or a
    receipt of the cash desk. Times of the provider are kept as it gave them."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="attempts")
    provider = models.CharField(_("way to pay"), max_length=10, choices=ProviderName.choices)
    #: Whose account took the money; None for money that came by hand.
    account = models.ForeignKey(
        MerchantAccount, null=True, blank=True, on_delete=models.PROTECT, related_name="attempts"
    )
    #: The provider's own number of the transaction.
    external_id = models.CharField(max_length=64)
    amount = TiyinField(_("sum in tiyin"))
    state = models.CharField(
        _("state"), max_length=10, choices=AttemptState.choices, default=AttemptState.CREATED
    )
    #: Milliseconds since 1970 in UTC as the provider gave them; 0 where it gave none.
    provider_time = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    performed_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    #: Why it was cancelled, in the provider's own code.
    reason = models.SmallIntegerField(null=True, blank=True)
    #: What else the provider told: number of the paper, fiscal receipt. Nothing personal.
    data = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("attempt to pay")
        verbose_name_plural = _("attempts to pay")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "external_id"], name="attempt_known_once"),
            models.UniqueConstraint(
                fields=["invoice"], condition=models.Q(state="created"), name="attempt_one_live"
            ),
            models.UniqueConstraint(
                fields=["invoice"], condition=models.Q(state="performed"), name="attempt_one_paid"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=AttemptState.values), name="attempt_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(amount__gt=0), name="attempt_amount_positive"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["created", "cancelled"], performed_at__isnull=True)
                | models.Q(
                    state__in=["performed", "reversed", "surplus"], performed_at__isnull=False
                ),
                name="attempt_money_has_time",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["cancelled", "reversed"], cancelled_at__isnull=False)
                | models.Q(
                    state__in=["created", "performed", "surplus"], cancelled_at__isnull=True
                ),
                name="attempt_end_has_time",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["provider", "provider_time"], name="attempt_statement"),
            models.Index(fields=["performed_at"], name="attempt_performed"),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.external_id}"


class LedgerEntry(AppendOnly):
    """A sum moved from the credited account to the debited one. What one gains the other loses,
    so the ledger balances by its shape. Entries of an invoice form a hash chain."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="entries")
    sequence = models.PositiveIntegerField()
    at = models.DateTimeField(default=timezone.now)
    #: `issued`, `paid`, `surplus`, `cancelled`, `expired`, `refund_due`, `refunded`, `carried`.
    kind = models.CharField(max_length=16)
    debit = models.CharField(max_length=10, choices=Account.choices)
    credit = models.CharField(max_length=10, choices=Account.choices)
    amount = TiyinField()
    attempt = models.ForeignKey(
        Attempt, null=True, blank=True, on_delete=models.PROTECT, related_name="entries"
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    prev_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ("invoice", "sequence")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["invoice", "sequence"], name="ledger_sequence_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="ledger_amount_positive"),
            models.CheckConstraint(
                condition=~models.Q(debit=models.F("credit")), name="ledger_two_accounts"
            ),
            models.UniqueConstraint(
                fields=["attempt", "kind"],
                condition=models.Q(kind__in=["paid", "surplus"]),
                name="ledger_attempt_once",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["at"], name="ledger_at")]

    def __str__(self) -> str:
        return f"{self.invoice_id}/{self.sequence} {self.kind}"

    def computed_hash(self) -> str:
        """SHA-256 over everything the entry says and the hash before it."""
        body = json.dumps(
            [
                self.invoice_id, self.sequence, self.at.astimezone(UTC).isoformat(), self.kind,
                self.debit, self.credit, int(self.amount), self.attempt_id, self.actor_id,
                self.prev_hash,
            ],
            separators=(",", ":"),
        )  # fmt: skip
        return hashlib.sha256(body.encode()).hexdigest()
