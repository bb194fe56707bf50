"""Whatever calls come in whatever order: money in is money recorded, and nothing is both."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Agency, User
from core.money import Tiyin, soums
from payments import ledger, services
from payments.models import Attempt, Invoice
from payments.services import Item, issue
from payments.states import InvalidMove

FEE = soums(18_540)
NUMBERS = st.sampled_from(["one", "two", "three"])
CALLS = st.lists(
    st.one_of(
        st.tuples(st.just("begin"), NUMBERS, st.sampled_from(["payme", "click"])),
        st.tuples(st.just("perform"), NUMBERS, st.just("")),
        st.tuples(st.just("cancel"), NUMBERS, st.just("")),
        st.tuples(st.just("receive"), NUMBERS, st.sampled_from(["-1", "0", "1"])),
        st.tuples(st.just("withdraw"), st.just(""), st.just("")),
        st.tuples(st.just("expire"), st.just(""), st.just("")),
    ),
    max_size=12,
)


def call(invoice: Invoice, verb: str, number: str, word: str) -> None:
    """One call as it may come from anywhere; what cannot be is refused and changes nothing."""
    attempt = Attempt.objects.filter(invoice=invoice, external_id=number).first()
    try:
        if verb == "begin" and attempt is None:
            services.begin(invoice.pk, word, number, invoice.total)
        elif verb == "perform" and attempt is not None:
            services.perform(attempt.pk)
        elif verb == "cancel" and attempt is not None:
            services.cancel_attempt(attempt.pk, 3)
        elif verb == "receive":
            services.receive(invoice.pk, "bank", f"b-{number}", Tiyin(invoice.total + int(word)))
        elif verb == "withdraw":
            services.cancel(invoice.pk)
        elif verb == "expire":
            services.expire(invoice.pk, now=invoice.due_at)
    except InvalidMove:
        pass


def check(invoice: Invoice) -> None:
    invoice.refresh_from_db()
    assert ledger.disagreements(invoice) == []
    assert ledger.broken_links(invoice) == []
    there = sum(
        (a.amount for a in invoice.attempts.filter(state__in=["performed", "surplus"])), Tiyin()
    )
    balances = ledger.balances(invoice)
    here = sum(
        (balances.get(name, Tiyin()) for name in ("payme", "click", "bank", "cash")), Tiyin()
    )
    assert there == here == invoice.kept + invoice.surplus_kept
    states = set(invoice.attempts.values_list("state", flat=True))
    assert not (invoice.state in {"cancelled", "expired"} and "performed" in states)
    assert (invoice.state == "paid") == ("performed" in states)


@pytest.mark.django_db
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(calls=CALLS)
def test_any_sequence_of_calls(
    agency: Agency, citizen: User, calls: list[tuple[str, str, str]]
) -> None:
    invoice = issue(agency, [Item("levy", FEE)], language="uz", payer=citizen)
    assert invoice is not None
    for verb, number, word in calls:
        number = f"{number}-{invoice.pk}"
        call(invoice, verb, number, word)
        before = (invoice.entries.count(), Invoice.objects.values_list("state").get(pk=invoice.pk))
        if verb in {"perform", "cancel", "receive", "withdraw"}:
            # A repeat changes nothing more.
            call(invoice, verb, number, word)
            assert before == (
                invoice.entries.count(), Invoice.objects.values_list("state").get(pk=invoice.pk)
            )  # fmt: skip
        check(invoice)
