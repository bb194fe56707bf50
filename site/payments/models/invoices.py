"""Invoices: who owes what to which agency for which service, frozen when issued."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, Organization
from core.fields import EncryptedJSONField, TextMapField, TiyinField
from core.money import Tiyin
from core.texts import pick
from payments.models.base import AppendOnly, Row
from payments.states import PAYABLE, SETTLED, InvoiceState
from service_pages.models import Service
from service_pages.vocabulary import FeeKind

_SETTLED = sorted(SETTLED)


class NumberSeries(Row):
    """The last serial of an agency in a year; the row is locked while one is taken."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "year"], name="invoice_series_once")
        ]

    def __str__(self) -> str:
        return f"{self.agency_id}/{self.year}: {self.last}"


class Invoice(Row):
    """A sum owed to an agency. Sums and items never change; only `services` moves its state.

    `kind` and `reference` name what is paid for in the room that registered the kind
    (`payments.subjects`); both are empty for a free-standing invoice.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(_("number"), max_length=24, unique=True)
    kind = models.CharField(max_length=20, blank=True)
    reference = models.CharField(max_length=64, blank=True)
    #: What the payer knows it by: the number of the request.
    about = models.CharField(_("request"), max_length=64, blank=True)
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="invoices", verbose_name=_("agency")
    )
    service = models.ForeignKey(
        Service, null=True, blank=True, on_delete=models.PROTECT, related_name="invoices",
        verbose_name=_("service"),
    )  # fmt: skip
    payer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT,
        related_name="invoices",
    )  # fmt: skip
    organization = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.PROTECT, related_name="invoices",
        verbose_name=_("organisation"),
    )  # fmt: skip
    #: Requisites of both sides as on the day it was issued (`payments.requisites`).
    billed_to = EncryptedJSONField(blank=True)
    payee = models.JSONField(default=dict, blank=True)
    language = models.CharField(max_length=10)
    total = TiyinField(_("sum in tiyin"))
    state = models.CharField(
        _("state"), max_length=16, choices=InvoiceState.choices, default=InvoiceState.OPEN
    )
    state_since = models.DateTimeField(default=timezone.now)
    issued_at = models.DateTimeField(_("issued"), default=timezone.now)
    due_at = models.DateTimeField(_("to be paid by"))
    paid_at = models.DateTimeField(_("paid"), null=True, blank=True)
    #: How much of `total` was returned.
    refunded = TiyinField(_("returned, in tiyin"), default=0)
    #: What came beyond `total`, and how much of that was returned.
    surplus = TiyinField(_("paid too much, in tiyin"), default=0)
    surplus_refunded = TiyinField(default=0)
    #: Days for which a payment serves another request after a refusal; None where it does not.
    validity_days = models.PositiveSmallIntegerField(null=True, blank=True)
    #: Until when it does, once the request was refused.
    reusable_until = models.DateTimeField(null=True, blank=True)
    #: The invoice whose payment this one uses; a payment serves one other request at most.
    paid_with = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="used_by"
    )

    class Meta:
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=InvoiceState.values), name="invoice_state_known"
            ),
            models.CheckConstraint(condition=models.Q(total__gt=0), name="invoice_total_positive"),
            models.CheckConstraint(
                condition=models.Q(state__in=_SETTLED, paid_at__isnull=False)
                | (~models.Q(state__in=_SETTLED) & models.Q(paid_at__isnull=True)),
                name="invoice_settled_has_time",
            ),
            models.CheckConstraint(
                condition=models.Q(refunded__gte=0, refunded__lte=models.F("total")),
                name="invoice_refund_within_total",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=_SETTLED) | models.Q(refunded=0),
                name="invoice_refund_only_of_paid",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="refunded") | models.Q(refunded=models.F("total")),
                name="invoice_refunded_whole",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="paid") | models.Q(refunded=0),
                name="invoice_paid_keeps_all",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    surplus_refunded__gte=0, surplus_refunded__lte=models.F("surplus")
                ),
                name="invoice_surplus_refund_within",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="", reference="")
                | (~models.Q(kind="") & ~models.Q(reference="")),
                name="invoice_subject_whole",
            ),
            models.UniqueConstraint(
                fields=["kind", "reference"],
                condition=~models.Q(kind="") & ~models.Q(state__in=["cancelled", "expired"]),
                name="invoice_once_per_subject",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["agency", "-issued_at"], name="invoice_agency"),
            models.Index(
                fields=["due_at"], condition=models.Q(state__in=sorted(PAYABLE)), name="invoice_due"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_payable(self) -> bool:
        """Whether money is owed."""
        return self.state in PAYABLE

    @property
    def is_settled(self) -> bool:
        """Whether its sum came in, whatever was returned since."""
        return self.state in SETTLED

    @property
    def kept(self) -> Tiyin:
        """What of the sum the agency still has, in tiyin."""
        return Tiyin(self.total - self.refunded) if self.is_settled else Tiyin(0)

    @property
    def surplus_kept(self) -> Tiyin:
        """What came beyond the sum and was not returned yet, in tiyin."""
        return Tiyin(self.surplus - self.surplus_refunded)


class InvoiceItem(AppendOnly):
    """A line of an invoice, as the passport's rule made it on the day."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField()
    #: Key of the passport's fee rule.
    key = models.CharField(max_length=60, blank=True)
    fee_kind = models.CharField(max_length=14, choices=FeeKind.choices)
    label = TextMapField(blank=True)
    legal_point = TextMapField(blank=True)
    #: Multiple of the base amount, and the base amount of the day; both empty for a fixed sum.
    multiplier = models.DecimalField(max_digits=9, decimal_places=4, null=True, blank=True)
    base = TiyinField(null=True, blank=True)
    amount = TiyinField()
    discount = TiyinField(default=0)
    discount_code = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ("position",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["invoice", "position"], name="invoice_item_once"),
            models.CheckConstraint(
                condition=models.Q(
                    amount__gte=0, discount__gte=0, discount__lte=models.F("amount")
                ),
                name="invoice_item_sums",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.invoice_id}/{self.position}"

    @property
    def due(self) -> Tiyin:
        """What is paid for the line, in tiyin."""
        return Tiyin(self.amount - self.discount)

    def text(self, language: str | None = None) -> Any:
        """What the line is for: its case, or what the fee is in law."""
        return pick(self.label, language) or FeeKind(self.fee_kind).label

    def law(self, language: str | None = None) -> str:
        """The point of law that sets it; empty where none is written."""
        return pick(self.legal_point, language)
