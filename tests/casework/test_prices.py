"""The price before the first question, before sending, and on the invoice: the same rules, itemised
with their point of law, by the reader's case and channel."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse

from accounts.models import Agency, Organization, Representation, Role, User
from casework import paying
from core.money import soums
from forms.models import Draft, Source
from payments.models import MerchantAccount
from service_pages.models import Discount, PassportVersion, Service
from tests.casework.support import WEDNESDAY, make_request, make_service, signed_in, staff
from tests.casework.test_paying import FEE, make_paid_service, rule

pytestmark = pytest.mark.django_db
LAW = "OʻRQ-600, 3-band"


@pytest.fixture(autouse=True)
def takes_cash(agency: Agency) -> None:
    cache.clear()
    MerchantAccount.objects.create(agency=agency, provider="cash")


def with_content(service: Service, **content: Any) -> Service:
    """Publish the passport anew with other content."""
    last = PassportVersion.objects.filter(service=service).order_by("-number")[0]
    PassportVersion.objects.create(
        service=service, number=last.number + 1, published_at=WEDNESDAY,
        content_hash=str(last.number).zfill(64),
        content=last.content | {"fee_status": "paid", "payment_means": {}} | content,
    )  # fmt: skip
    return service


def start_page(service: Service, user: User, query: str = "") -> str:
    answer = signed_in(user).get(f"/uz/apply/{service.forms.get().key}/{query}")
    assert answer.status_code == 200
    return str(answer.content.decode())


def money(amount: int) -> str:
    """As pages in Uzbek write it, without thousands' space being looked at."""
    text = f"{amount:,}".replace(",", "\u00a0")
    return f"{text}\u00a0soʻm"


def test_the_whole_price_stands_before_the_first_question(agency: Agency, citizen: User) -> None:
    fees = [rule(), rule("fast", multiplier=None, fixed_tiyin=int(soums(5_000)), kind="service_price",
                         condition={"uz": "Tezkor"}, legal_point={"uz": "VM-1, 7-band"})]  # fmt: skip
    service = with_content(make_paid_service(agency, fees), fee_mode="sum")
    page = start_page(service, citizen)
    for text in ("Nusxa berish", LAW, "Tezkor", "VM-1, 7-band", money(18_540), money(5_000),
                 money(23_540), "0,045"):  # fmt: skip
        assert text in page, text
    # What is frozen at sending is what was shown.
    invoice = paying.invoice_of(make_request(service, citizen))
    assert invoice is not None
    assert invoice.total == soums(23_540)
    assert [item.law("uz") for item in invoice.items.all()] == [LAW, "VM-1, 7-band"]


def test_without_a_point_of_its_own_a_fee_names_the_act(agency: Agency, citizen: User) -> None:
    act = {
        "kind": "cabinet_resolution", "number": "612", "issued_on": "2023-11-20", "point": "",
        "url": "", "title": {"uz": "Tartib"},
    }  # fmt: skip
    service = with_content(
        make_paid_service(agency, [rule(legal_point={})]), fee_mode="sum", legal_bases=[act]
    )
    named = "№ 612, 2023-yil\u00a020-noyabr"
    assert named in start_page(service, citizen)
    invoice = paying.invoice_of(make_request(service, citizen))
    assert invoice is not None
    law = invoice.items.get().law
    assert named in law("uz") and "20\u00a0ноября\u00a02023" in law("ru")


def test_a_free_service_says_so(agency: Agency, citizen: User) -> None:
    service = with_content(make_service(agency), fee_status="free", fee_mode="none")
    assert "Bepul" in start_page(service, citizen)


def test_the_readers_case_is_asked_and_computed(agency: Agency, citizen: User) -> None:
    fees = [
        rule("person", payer="individual"),
        rule("firm", payer="legal_entity", multiplier="0.5"),
    ]
    service = with_content(make_paid_service(agency, fees), fee_mode="choose_one")
    page = start_page(service, citizen)
    assert 'name="payer"' in page
    assert f"{money(18_540)} – {money(206_000)}" in page
    page = start_page(service, citizen, "?payer=legal_entity")
    assert money(206_000) in page.partition("<tfoot>")[2].partition("</tfoot>")[0]


PORTAL_AND_COUNTER = [
    rule("here", channel="portal", multiplier="0.0405", condition={"uz": "Portal orqali"}),
    rule("there", channel="dxm", condition={"uz": "Markazda"}),
]


def test_the_portals_own_price_is_shown_here_and_taken_here(agency: Agency, citizen: User) -> None:
    service = make_paid_service(
        agency, PORTAL_AND_COUNTER, fee_mode="sum", fee_rules=[{"fee": "here"}]
    )
    with_content(service, fee_mode="choose_one")
    page = start_page(service, citizen)
    assert "Portal orqali" in page and money(16_686) in page
    assert "Markazda" not in page and 'name="channel"' not in page
    clerk = staff(agency, Role.CLERK, name="clerk")
    for source, total in (
        (Source.PORTAL, 16_686), (Source.COUNTER, 18_540), (Source.PHONE, 16_686),
        (Source.POST, 16_686),
    ):  # fmt: skip
        by = None if source == Source.PORTAL else clerk
        row = make_request(service, citizen, source=source, entered_by=by)
        invoice = paying.invoice_of(row)
        assert invoice is not None
        assert invoice.total == soums(total), source


@pytest.mark.parametrize("firm", [False, True])
def test_social_discounts_are_for_people(agency: Agency, citizen: User, firm: bool) -> None:
    Discount.objects.create(code="SOC50", percent=50, applies_to=["levy"], channels=["portal"])
    service = make_paid_service(agency, [rule()], discount_rule={"code": "SOC50"})
    mandate = None
    if firm:
        mandate = Representation.objects.create(
            user=citizen, basis="head", valid_from=WEDNESDAY.date(),
            organization=Organization.objects.create(stir="301234561", name="Namuna MChJ"),
        )  # fmt: skip
    row = make_request(service, citizen, representation=mandate)
    invoice = paying.invoice_of(row)
    assert invoice is not None
    assert invoice.total == (FEE if firm else soums(9_270))
    assert row.fee["discount"] == ("" if firm else "SOC50")


def test_a_fee_that_is_no_longer_in_force_is_not_taken_for_another(
    agency: Agency, citizen: User
) -> None:
    fees = [rule("old", effective_to="2026-01-01"), rule("new", multiplier="10")]
    service = make_paid_service(agency, fees, fee_rules=[{"fee": "old"}])
    assert paying.invoice_of(make_request(service, citizen)) is None


def test_before_sending_the_answers_are_priced(agency: Agency, citizen: User) -> None:
    by_speed = [
        {"fee": "main"},
        {"fee": "fast", "condition": {"question": "speed", "operator": "equals", "value": "fast"}},
    ]
    fees = [rule(), rule("fast", multiplier="0.01", condition={"uz": "Tezkor"})]
    service = make_paid_service(agency, fees, fee_rules=by_speed)
    client = signed_in(citizen)
    key = service.forms.get().key
    client.post(f"/uz/apply/{key}/", {"acting": ""})
    for speed, total in (("usual", 18_540), ("fast", 22_660)):
        draft = Draft.objects.get()
        Draft.objects.update(answers={"speed": speed})
        page = client.get(reverse("forms:check", args=[draft.uuid])).content.decode()
        table = page.partition('id="to-pay"')[2]
        assert money(total) in table.partition("<tfoot>")[2].partition("</tfoot>")[0]
        assert ("Tezkor" in table) == (speed == "fast")
        assert LAW in table
