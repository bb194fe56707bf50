"""Money of generated requests: their invoices are issued and paid as of the days they tell of.

Of one agency alone, the one that takes money in the demonstration. Sums are those of its passports on
the day; a request that was refused gets its money back. Nobody is told of anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from casework import paying
from casework.graph import State
from casework.models import RequestEvent
from demo.payments import AGENCY
from operations.models import OutboxMessage
from payments import services
from payments.models import Invoice
from payments.states import ProviderName
from service_pages import fees
from service_pages.passport import Passport

#: How soon after a refusal the money is back.
_RETURNED = timedelta(days=4)
_PROVIDERS = (ProviderName.PAYME, ProviderName.CLICK, ProviderName.BANK)


def load_money(mark: str) -> int:
    """Issue and settle what is missing; how many invoices. `mark` begins the submit tokens."""
    made = 0
    for event in _paid(mark):
        items = _items(event)
        if items and not Invoice.objects.filter(about=event.request.number).exists():
            _settle(event, items)
            made += 1
    return made


def _paid(mark: str) -> Iterator[RequestEvent]:
    """The events by which requests of the agency were paid, the first one first."""
    rows = RequestEvent.objects.filter(
        kind=State.REGISTERED, from_state=State.AWAITING_PAYMENT,
        request__service__agency__key=AGENCY,
        request__submission__submit_token__startswith=mark,
    )  # fmt: skip
    chosen = rows.select_related(
        "request__service", "request__agency", "request__applicant", "request__organization",
        "request__passport_version",
    )  # fmt: skip
    yield from chosen.order_by("at", "pk")


def _items(event: RequestEvent) -> list[services.Item]:
    """What the passport asked for on the day; nothing where no base amount is known for it."""
    version = event.request.passport_version
    if version is None:
        return []
    current = Passport(version.content, version)
    try:
        quote = fees.quote(current.content, event.request.submitted_at.date(), channel="portal")
    except LookupError:
        return []
    return paying.items_of(current, [quote], "")


def _settle(event: RequestEvent, items: list[services.Item]) -> None:
    request = event.request
    invoice = services.issue(
        request.service.agency, items, language=request.language, about=request.number,
        service=request.service, payer=request.applicant, organization=request.organization,
        now=request.submitted_at,
    )  # fmt: skip
    if invoice is None:
        return
    provider = _PROVIDERS[request.pk % len(_PROVIDERS)]
    attempt = services.receive(
        invoice.pk, provider, f"demo-{request.number}", invoice.total, now=event.at
    )
    if request.state == State.REFUSED and request.closed_at is not None:
        invoice.refresh_from_db()
        services.give_back(
            invoice, attempt, invoice.total, request.closed_at + _RETURNED, surplus=False,
            promised=False,
        )  # fmt: skip
    OutboxMessage.objects.filter(event_key__startswith=f"invoice:{invoice.uuid}:").update(
        state=OutboxMessage.State.SENT, sent_at=event.at
    )
