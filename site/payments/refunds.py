"""Return money: asked for with a reason, approved by another person, carried out, booked."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from accounts.kept import Part
from accounts.models import Role, User
from accounts.selectors import may
from core.money import Tiyin
from payments import ledger, services
from payments.models import Invoice, Refund
from payments.providers import known, provider_of
from payments.states import Account, AttemptState, InvalidMove, InvoiceState

#: Who asks for a refund and who approves one; never the same person.
MONEY = (Role.ACCOUNTANT, Role.HEAD)
#: An approved refund is asked about again after PAUSE, for as long as FOR_DAYS, MOST at a time.
PAUSE, FOR_DAYS, MOST = timedelta(minutes=10), timedelta(days=3), 50
_PENDING = (Refund.State.REQUESTED, Refund.State.APPROVED)


class NotAllowed(PermissionError):
    """This person may not do this with money."""


def returnable(invoice: Invoice) -> Tiyin:
    """What of the invoice's sum may still be returned, in tiyin."""
    if Invoice.objects.filter(paid_with=invoice).exists():
        return Tiyin(0)
    pending = invoice.refunds.filter(state__in=_PENDING, surplus=False).aggregate(n=Sum("amount"))
    return Tiyin(invoice.kept - int(pending["n"] or 0))


@transaction.atomic
def request(
    invoice_pk: int, amount: Tiyin, reason: str, *, actor: User | None = None, note: str = ""
) -> Refund:
    """Ask for money to be returned. `actor` None is the portal itself.

    Raises NotAllowed for a person without the role, ValueError for more than was paid, InvalidMove
    where another refund is under way or nothing was paid by this invoice itself.
    """
    invoice = services.lock(invoice_pk)
    if actor is not None and not may(actor, invoice.agency, *MONEY):
        raise NotAllowed("refund")
    attempt = invoice.attempts.filter(state=AttemptState.PERFORMED).first()
    if attempt is None or invoice.state not in {InvoiceState.PAID, InvoiceState.PARTLY_REFUNDED}:
        raise InvalidMove(invoice.state, InvoiceState.REFUNDING)
    if invoice.refunds.filter(state__in=_PENDING, surplus=False).exists():
        raise InvalidMove(invoice.state, InvoiceState.REFUNDING)
    if not 0 < amount <= returnable(invoice):
        raise ValueError("More than may be returned.")
    return Refund.objects.create(
        invoice=invoice, attempt=attempt, amount=amount, reason=reason, note=note[:1_000],
        requested_by=actor,
    )  # fmt: skip


def _locked(pk: int) -> tuple[Refund, Invoice]:
    invoice = services.lock(Refund.objects.values_list("invoice_id", flat=True).get(pk=pk))
    return Refund.objects.select_for_update(of=("self",)).select_related("attempt").get(
        pk=pk
    ), invoice


def _decide(refund: Refund, invoice: Invoice, actor: User, state: str) -> None:
    # Nobody decides on what they asked for, nor on money that comes back to themselves.
    own = actor.pk in {refund.requested_by_id, invoice.payer_id}
    if own or not may(actor, invoice.agency, *MONEY):
        raise NotAllowed(state)
    if refund.state != Refund.State.REQUESTED:
        raise InvalidMove(refund.state, state)
    refund.state, refund.decided_by, refund.decided_at = state, actor, timezone.now()
    refund.save()


@transaction.atomic
def approve(pk: int, actor: User) -> Refund:
    """A second person approves; the money is asked back from the provider after the commit.

    Raises NotAllowed for whoever asked for it or has no role, InvalidMove once it is decided.
    """
    refund, invoice = _locked(pk)
    _decide(refund, invoice, actor, Refund.State.APPROVED)
    ledger.post(
        invoice, "refund_due", debit=Account.SURPLUS if refund.surplus else Account.INCOME,
        credit=Account.REFUND, amount=refund.amount, attempt=refund.attempt, actor=actor,
    )  # fmt: skip
    if not refund.surplus:
        services.transition(invoice, InvoiceState.REFUNDING, timezone.now())
    transaction.on_commit(lambda: carry_out.enqueue(pk))
    return refund


@transaction.atomic
def reject(pk: int, actor: User) -> Refund:
    """A second person does not approve. Raises as `approve`."""
    refund, invoice = _locked(pk)
    _decide(refund, invoice, actor, Refund.State.REJECTED)
    return refund


@transaction.atomic
def book(pk: int, external_id: str = "", actor: User | None = None) -> Refund:
    """The money went back. Booking it again is the same once.

    Raises InvalidMove for a refund that nobody approved, NotAllowed for a person without the role.
    """
    refund, invoice = _locked(pk)
    if actor is not None and not may(actor, invoice.agency, *MONEY):
        raise NotAllowed("book")
    if refund.state == Refund.State.DONE:
        return refund
    if refund.state != Refund.State.APPROVED:
        raise InvalidMove(refund.state, Refund.State.DONE)
    now = timezone.now()
    refund.state, refund.done_at, refund.external_id = Refund.State.DONE, now, external_id[:64]
    refund.save()
    services.give_back(
        invoice, refund.attempt, refund.amount, now, surplus=refund.surplus, promised=True,
        actor=actor,
    )  # fmt: skip
    return refund


@task()
def carry_out(pk: int) -> None:
    """Ask the provider to return an approved sum; what it cannot do by itself a person books.

    Safe to repeat: a provider that has returned the sum already says so, and it is booked.
    """
    refund = Refund.objects.select_related("attempt__account", "attempt__invoice").get(pk=pk)
    if refund.state != Refund.State.APPROVED or refund.attempt.provider not in known():
        return
    result = provider_of(refund.attempt.provider).refund(refund.attempt, refund.amount)
    if result.done:
        book(pk, result.external_id)


def resume(now: datetime | None = None) -> int:
    """Ask again about approved refunds that are not booked: the worker may have died between the
    provider's answer and our commit, or the provider was silent. How many are booked now."""
    moment = now or timezone.now()
    rows = Refund.objects.filter(
        state=Refund.State.APPROVED, attempt__provider__in=known(),
        decided_at__lt=moment - PAUSE, decided_at__gte=moment - FOR_DAYS,
    )  # fmt: skip
    done = 0
    for pk in list(rows.order_by("decided_at").values_list("pk", flat=True)[:MOST]):
        carry_out.call(pk)
        done += Refund.objects.filter(pk=pk, state=Refund.State.DONE).count()
    return done


def hindrances(user: User) -> list[str]:
    """Money on its way back stands against closing an account: nobody could be asked about it."""
    waiting = Refund.objects.filter(invoice__payer=user, state__in=_PENDING)
    return [_("Money is on its way back to you. Wait until it has come.")] if waiting else []


def kept_parts() -> list[Part]:
    """What payments keep of people."""
    return [
        Part(_("Invoices and payments"), _("to prove who paid what"),
             _("as long as the law on accounting says")),
    ]  # fmt: skip
