"""Paid requests: an invoice at sending, the clock once it is paid, what becomes of the money."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from casework.graph import State
from casework.models import RequestEvent, ServiceRequest
from casework.transitions import transition
from payments import refunds, requisites, selectors, services
from payments.models import Invoice
from payments.states import InvoiceState
from service_pages.fees import Quote
from service_pages.passport import Passport

KIND = "request"
#: Nobody of the agency has taken it up: a provider may still take the money back.
_UNTOUCHED = frozenset({State.AWAITING_PAYMENT, State.REGISTERED, State.WITHDRAWN})


def items_of(current: Passport, quotes: Sequence[Quote], discount: str) -> list[services.Item]:
    """Lines of an invoice from the day's prices, with the passport's words and points of law."""
    rules = {rule["key"]: rule for rule in current.fees}
    return [
        services.Item(
            fee_kind=line.kind,
            amount=line.amount,
            label=rules[line.key].get("condition") or {},
            legal_point=current.law_of(rules[line.key]),
            key=line.key,
            multiplier=line.multiplier,
            base=quote.base_amount if line.multiplier is not None else None,
            discount=line.discount,
            discount_code=discount if line.discount else "",
        )
        for quote in quotes
        for line in quote.lines
    ]


def issue(request: ServiceRequest, items: Sequence[services.Item], validity: int | None) -> None:
    """Issue the invoice of a request that waits for its payment.

    A payment that a refusal left unused pays it at once.
    """
    subject = request.subject
    firm = request.organization
    invoice = services.issue(
        request.agency,
        items,
        language=request.language,
        kind=KIND,
        reference=str(request.uuid),
        about=request.number,
        service=request.service,
        payer=request.applicant,
        organization=firm,
        billed_to=requisites.of_payer(subject.get("full_name", ""), firm),
        validity_days=validity,
        now=request.submitted_at,
    )
    if invoice is None or request.applicant is None:
        return
    unused = selectors.reusable(request.service, request.applicant, firm, invoice.total)
    if unused is not None:
        services.pay_with(invoice.pk, unused.pk)


def invoice_of(request: ServiceRequest) -> Invoice | None:
    """The invoice of a request, or None where nothing was to be paid."""
    return selectors.invoice_of(KIND, str(request.uuid))


def standing(request: ServiceRequest) -> str:
    """Paid or not, in a word for officers, who see nothing else of the money; "" where nothing is
    paid through the portal."""
    invoice = invoice_of(request) if request.fee else None
    if invoice is None:
        return ""
    if invoice.state in {InvoiceState.REFUNDED, InvoiceState.REFUNDING}:
        return _("returned to the payer")
    return _("paid") if invoice.is_settled else _("not paid")


def on_moved(sender: Any, request: ServiceRequest, event: RequestEvent, **_kwargs: Any) -> None:
    """A request taken back owes nothing; a refused one leaves its payment to another."""
    if event.from_state == State.AWAITING_PAYMENT and event.to_state == State.WITHDRAWN:
        invoice = invoice_of(request)
        if invoice is not None and invoice.is_payable:
            services.cancel(invoice.pk, actor=event.actor, now=event.at)
    elif event.to_state == State.WITHDRAWN and event.from_state == State.REGISTERED:
        # Nobody worked on it yet: the money goes back, once an accountant approves.
        invoice = invoice_of(request)
        if (
            invoice is not None
            and invoice.state == InvoiceState.PAID
            and invoice.paid_with_id is None
        ):
            refunds.request(invoice.pk, refunds.returnable(invoice), "withdrawn")
    elif event.to_state == State.REFUSED:
        invoice = invoice_of(request)
        if invoice is not None:
            services.keep_for_another(invoice.pk, now=event.at)


class RequestSubject:
    """What payments need to know of a request (`payments.subjects.Subject`)."""

    def lock(self, reference: str) -> None:
        """Lock the request's row."""
        ServiceRequest.objects.select_for_update().filter(uuid=reference).values("pk").first()

    def awaits(self, reference: str) -> bool:
        """Whether it waits for its payment."""
        return self._state(reference) == State.AWAITING_PAYMENT

    def taken_up(self, reference: str) -> bool:
        """Whether an officer has begun to consider it."""
        return self._state(reference) not in _UNTOUCHED

    def settled(self, invoice: Invoice) -> None:
        """It is registered now, and its clock starts."""
        transition(self._pk(invoice), State.REGISTERED, actor=None, now=invoice.paid_at)

    def expired(self, invoice: Invoice) -> None:
        """It ends without a decision."""
        if self.awaits(invoice.reference):
            transition(self._pk(invoice), State.EXPIRED, actor=None, now=invoice.state_since)

    def refunded(self, invoice: Invoice) -> None:
        """What is not taken up yet ends: nobody works for money that was taken back."""
        if self._state(invoice.reference) == State.REGISTERED:
            transition(self._pk(invoice), State.EXPIRED, actor=None, now=invoice.state_since)

    def url(self, reference: str) -> str:
        """The request's page."""
        return reverse("casework:request", args=[reference])

    def _state(self, reference: str) -> str:
        return ServiceRequest.objects.values_list("state", flat=True).get(uuid=reference)

    def _pk(self, invoice: Invoice) -> int:
        return ServiceRequest.objects.values_list("pk", flat=True).get(uuid=invoice.reference)
