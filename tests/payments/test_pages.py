"""The payer's pages: the sum and its law, ways to pay, documents; nobody else sees them."""

from __future__ import annotations

import io

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from accounts.models import Agency, Organization, Representation, User
from core.icons import ICONS
from core.money import Tiyin, soums
from operations import wording
from operations.models import OutboxMessage
from payments import documents, presenting, requisites, services
from payments.models import Invoice, MerchantAccount
from payments.services import Item, issue
from tests.casework.support import applicant, make_service, signed_in
from tests.payments.conftest import FEE, WEDNESDAY

PAGES = ["invoice", "return", "invoice_pdf", "receipt_pdf"]


def address(name: str, invoice: Invoice) -> str:
    return reverse(f"payments:{name}", args=[invoice.uuid])


@pytest.fixture
def fresh(agency: Agency, citizen: User) -> Invoice:
    """An invoice of today, with a discount."""
    item = Item(
        "state_duty",
        soums(412_000),
        discount=soums(206_000),
        legal_point={"uz": "OʻRQ-600, 3-band"},
    )
    made = issue(agency, [item], language="uz", payer=citizen, billed_to={"name": "Demo Fuqaro"})
    assert made is not None
    return made


def test_the_page_says_what_is_paid_by_which_law_and_how(fresh: Invoice, citizen: User) -> None:
    MerchantAccount.objects.create(
        agency=fresh.agency, provider="bank", payee_name="Namuna idora", bank_account="2" * 20,
        bank_name="Namuna bank", bank_mfo="00621",
    )  # fmt: skip
    page = signed_in(citizen).get(address("invoice", fresh)).content.decode()
    for text in ("OʻRQ-600, 3-band", "206\u00a0000", fresh.number, "2222 2222", "00621"):
        assert text in page


@pytest.mark.parametrize("name", PAGES)
def test_others_see_nothing(fresh: Invoice, name: str) -> None:
    services.receive(fresh.pk, "cash", "1", fresh.total)
    assert Client().get(address(name, fresh)).status_code == 302
    assert signed_in(applicant(2)).get(address(name, fresh)).status_code == 404


def test_the_firms_people_see_the_firms_invoices(agency: Agency, citizen: User) -> None:
    firm = Organization.objects.create(stir="301234561", name="Namuna MChJ")
    made = issue(agency, [Item("levy", FEE)], language="uz", organization=firm)
    other = applicant(2)
    assert signed_in(other).get(address("invoice", made)).status_code == 404
    Representation.objects.create(
        user=other, organization=firm, basis="head", valid_from=WEDNESDAY.date()
    )
    assert signed_in(other).get(address("invoice", made)).status_code == 200


def test_a_mandate_for_some_services_shows_the_invoices_of_those_alone(
    agency: Agency, citizen: User
) -> None:
    firm = Organization.objects.create(stir="301234561", name="Namuna MChJ")
    within, without = (make_service(agency, key) for key in ("licence", "permit"))
    made = {
        key: issue(agency, [Item("levy", FEE)], language="uz", organization=firm, service=service)
        for key, service in (("within", within), ("without", without), ("free-standing", None))
    }
    clerk = applicant(2)
    mandate = Representation.objects.create(
        user=clerk, organization=firm, basis="power_of_attorney", valid_from=WEDNESDAY.date(),
        scope=["licence"],
    )  # fmt: skip
    client = signed_in(clerk)
    answers = {key: client.get(address("invoice", row)).status_code for key, row in made.items()}
    assert answers == {"within": 200, "without": 404, "free-standing": 404}
    listed = client.get(reverse("payments:invoices")).content.decode()
    exported = client.get(reverse("payments:export", args=["csv"])).content.decode("utf-8-sig")
    for page in (listed, exported):
        assert [row.number in page for row in made.values()] == [True, False, False]
    mandate.scope = []
    mandate.save()
    assert {client.get(address("invoice", row)).status_code for row in made.values()} == {200}


def text_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


@pytest.fixture
def firms(agency: Agency, citizen: User) -> Invoice:
    """An invoice to a firm, both with all requisites; `citizen` heads the firm."""
    MerchantAccount.objects.create(
        agency=agency, provider="bank", payee_name="Namuna idora", payee_stir="201234567",
        bank_account="23402000300100001010", bank_name="Namuna bank", bank_mfo="00014",
        treasury_account="1" * 13 + "2" * 14, payee_address="Nukus, Namuna koʻchasi, 1",
    )  # fmt: skip
    firm = Organization.objects.create(
        stir="301234561", name="Namuna MChJ", address="Xoʻjayli, Namuna koʻchasi, 2",
        bank_account="20208000900100001010", bank_name="Misol bank", bank_mfo="00873",
    )  # fmt: skip
    Representation.objects.create(
        user=citizen, organization=firm, basis="head", role="head", valid_from=WEDNESDAY.date()
    )
    made = issue(
        agency, [Item("levy", FEE)], language="uz", payer=citizen, organization=firm,
        billed_to=requisites.of_payer("Demo Fuqaro", firm),
    )  # fmt: skip
    assert made is not None
    return made


BOTH_SIDES = [
    "Namuna idora", "201234567", "2340 2000 3001 0000 1010", "Namuna bank", "00014",
    "1111 1111 1111 1222", "Nukus, Namuna koʻchasi, 1",
    "Namuna MChJ", "301234561", "2020 8000 9001 0000 1010", "Misol bank", "00873",
    "Xoʻjayli, Namuna koʻchasi, 2",
]  # fmt: skip


@pytest.mark.parametrize("language", ["uz", "uz-cyrl", "kaa", "ru", "en"])
def test_a_firms_invoice_carries_the_requisites_of_both_sides(
    firms: Invoice, citizen: User, language: str
) -> None:
    page = signed_in(citizen).get(f"/{language}" + address("invoice", firms)[3:]).content.decode()
    document = " ".join(text_of(documents.invoice_pdf(firms, language)).split())
    for part in BOTH_SIDES:
        assert part in page, part
        assert part in document, part


def test_requisites_stay_as_on_the_day_of_issue(firms: Invoice, citizen: User) -> None:
    MerchantAccount.objects.update(bank_account="3" * 19 + "1", payee_name="Boshqa idora")
    Organization.objects.update(name="Boshqa MChJ", bank_mfo="00999")
    firms = Invoice.objects.get(pk=firms.pk)
    for text in (
        signed_in(citizen).get(address("invoice", firms)).content.decode(),
        " ".join(text_of(documents.invoice_pdf(firms, "uz")).split()),
    ):
        for part in BOTH_SIDES:
            assert part in text, part
        assert "3333" not in text
        assert "00999" not in text


def test_a_persons_invoice_tells_no_more_of_the_payer_than_the_name(
    fresh: Invoice, citizen: User
) -> None:
    assert [line.text for line in requisites.payer(fresh)] == ["Demo Fuqaro"]


@pytest.mark.parametrize("language", ["uz", "uz-cyrl", "kaa", "ru", "en"])
def test_documents_name_both_sides(fresh: Invoice, language: str) -> None:
    MerchantAccount.objects.create(
        agency=fresh.agency, provider="bank", payee_name="Namuna idora", payee_stir="201234567",
        bank_account="2" * 20, bank_name="Namuna bank", bank_mfo="00621",
    )  # fmt: skip
    services.receive(fresh.pk, "cash", "1", fresh.total)
    fresh.refresh_from_db()
    for made in (documents.invoice_pdf(fresh, language), documents.receipt_pdf(fresh, language)):
        text = text_of(made)
        for part in (fresh.number, "201234567", "Demo Fuqaro", "206"):
            assert part in text


def test_a_receipt_proves_itself_and_a_guess_does_not(fresh: Invoice) -> None:
    services.receive(fresh.pk, "cash", "1", fresh.total)
    path = "/" + documents.receipt_address(fresh).split("/", 3)[3]
    page = Client().get(path)
    assert page.status_code == 200
    assert fresh.number in page.content.decode()
    assert "Demo Fuqaro" not in page.content.decode()
    assert Client().get(reverse("payments:verify", args=[fresh.number + "~x"])).status_code == 404


def test_before_payment_there_is_no_receipt(fresh: Invoice, citizen: User) -> None:
    assert signed_in(citizen).get(address("receipt_pdf", fresh)).status_code == 404


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_my_invoices_by_month_and_as_a_file(fresh: Invoice, citizen: User, ending: str) -> None:
    client = signed_in(citizen)
    assert fresh.number in client.get(reverse("payments:invoices")).content.decode()
    answer = client.get(reverse("payments:export", args=[ending]))
    assert answer.status_code == 200
    if ending == "csv":
        assert "206000.00" in answer.content.decode("utf-8-sig")
    assert client.get(reverse("payments:export", args=["exe"])).status_code == 404


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_month_is_a_file_of_its_own(fresh: Invoice, citizen: User, ending: str) -> None:
    client = signed_in(citizen)
    month = f"{timezone.localdate():%Y-%m}"
    assert f"?month={month}" in client.get(reverse("payments:invoices")).content.decode()
    address = reverse("payments:export", args=[ending])
    for asked, found in ((month, True), ("2001-01", False)):
        answer = client.get(f"{address}?month={asked}")
        if ending == "csv":
            assert (fresh.number in answer.content.decode("utf-8-sig")) == found
        else:
            rows = list(load_workbook(io.BytesIO(answer.content)).active.values)
            assert (len(rows) == 2) == found
    for wrong in ("x", "2026-13", "2026"):
        assert client.get(f"{address}?month={wrong}").status_code == 404


def test_the_receipt_leads_to_its_proof_by_its_code(fresh: Invoice) -> None:
    services.receive(fresh.pk, "cash", "1", fresh.total)
    fresh.refresh_from_db()
    address = documents.receipt_address(fresh)
    with pytest.MonkeyPatch.context() as patch:
        drawn: list[str] = []
        svg = documents.qr.svg

        def noted(text: str) -> str:
            drawn.append(text)
            return svg(text)

        patch.setattr(documents.qr, "svg", noted)
        made = documents.receipt_pdf(fresh, "uz")
    assert drawn == [address]
    reader = PdfReader(io.BytesIO(made))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"], "tagged, for screen readers"


@pytest.mark.parametrize(
    ("state", "sign"),
    [
        ("open", "flag"), ("waiting", "clock"), ("paid", "check"),
        ("expired", "lock"), ("cancelled", "lock"), ("refunding", "undo"),
        ("refunded", "undo"), ("partly_refunded", "undo"),
    ],
)  # fmt: skip
def test_each_state_is_word_sign_and_colour(
    fresh: Invoice, citizen: User, state: str, sign: str
) -> None:
    settled = state in {"paid", "refunding", "refunded", "partly_refunded"}
    back = {"refunded": fresh.total, "partly_refunded": Tiyin(100)}.get(state, Tiyin(0))
    Invoice.objects.filter(pk=fresh.pk).update(
        state=state, paid_at=WEDNESDAY if settled else None, refunded=back
    )
    client = signed_in(citizen)
    for page in (address("invoice", fresh), reverse("payments:invoices")):
        text = client.get(page).content.decode()
        assert ICONS[sign] in text, page
    assert ("receipt.pdf" in text) == settled


def test_a_try_that_failed_is_said_until_the_next_one(fresh: Invoice, citizen: User) -> None:
    client = signed_in(citizen)
    services.break_off(services.begin(fresh.pk, "payme", "a" * 24, fresh.total).pk, 2)
    assert "state--bad" in client.get(address("invoice", fresh)).content.decode()
    services.begin(fresh.pk, "click", "1", fresh.total)
    assert "state--bad" not in client.get(address("invoice", fresh)).content.decode()


def test_payers_are_told_when_money_went_back_or_came_too_late(
    fresh: Invoice, citizen: User
) -> None:
    attempt = services.perform(services.begin(fresh.pk, "payme", "a" * 24, fresh.total).pk)
    services.receive(fresh.pk, "bank", "1", soums(500))
    services.cancel_attempt(attempt.pk, 5)
    told = OutboxMessage.objects.order_by("pk")
    assert [row.template for row in told] == ["payments/late", "payments/returned"]
    assert {row.address for row in told} == {citizen.email}
    assert all("Demo" not in str(row.context) for row in told)
    for part in ("sms", "email"):
        texts = []
        for row in told:
            words = wording.known(row.template)
            assert words is not None
            texts.append(wording.render(words, part, "uz", row.context, 0))
        assert "500" in texts[0] and "206" in texts[1]


def test_the_return_page_changes_nothing(fresh: Invoice, citizen: User) -> None:
    client = signed_in(citizen)
    for _time in range(2):
        assert client.get(address("return", fresh)).status_code == 200
    fresh.refresh_from_db()
    assert (fresh.state, fresh.attempts.count(), fresh.entries.count()) == ("open", 0, 1)


def test_times_are_told_by_the_portals_own_clock(invoice: Invoice, citizen: User) -> None:
    """Issued at 11:00 in Nukus, which is 06:00 UTC."""
    page = presenting.standing(invoice).line
    document = text_of(documents.invoice_pdf(invoice, "uz"))
    for text in (page, document):
        assert "11:00" in text
        assert "06:00" not in text


def test_sums_are_numbers_in_a_workbook_and_no_text_is_a_formula(
    agency: Agency, citizen: User
) -> None:
    item = Item("levy", FEE, label={"uz": "x"})
    issue(agency, [item], language="uz", payer=citizen, about="＝HYPERLINK(1)")
    answer = signed_in(citizen).get(reverse("payments:export", args=["xlsx"]))
    row = list(load_workbook(io.BytesIO(answer.content)).active.values)[1]
    assert 18_540 in row
    assert "'＝HYPERLINK(1)" in row
