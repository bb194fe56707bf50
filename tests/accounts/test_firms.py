"""A firm's requisites: written by who speaks for it, checked, told to the audit without numbers."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.models import Organization, Representation, User
from accounts.services import create_applicant, give_mandate, revoke_mandate
from operations.models import AuditEntry
from tests.accounts.support import as_user

pytestmark = pytest.mark.django_db

ACCOUNT, MFO = "20208000900100001010", "00873"
GOOD = {
    "address": "Nukus, Namuna koʻchasi, 1",
    "bank_account": "2020 8000 9001 0000 1010",
    "bank_name": "Misol bank",
    "bank_mfo": "00 873",
}


@pytest.fixture
def firm() -> Organization:
    return Organization.objects.create(stir="300000015", name="Demo Guruch MChJ")


def page_of(firm: Organization) -> str:
    return reverse("firm_requisites", args=[firm.stir])


def test_a_representative_writes_them_and_the_audit_names_no_number(
    applicant: User, firm: Organization
) -> None:
    give_mandate(applicant, firm, basis=Representation.Basis.INVITATION)
    client = as_user(applicant)
    assert page_of(firm) in client.get(reverse("mandates")).content.decode()
    assert client.post(page_of(firm), GOOD).status_code == 302
    firm.refresh_from_db()
    assert (firm.bank_account, firm.bank_mfo, firm.bank_name) == (ACCOUNT, MFO, "Misol bank")
    entry = AuditEntry.objects.get(kind="requisites changed")
    assert ACCOUNT not in str(entry.data)
    client.post(page_of(firm), GOOD)
    assert AuditEntry.objects.filter(kind="requisites changed").count() == 1


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("bank_account", "2020800090010000101", "19"),
        ("bank_account", "202080009001000010101", "21"),
        ("bank_account", "2" * 20, "Copy it again"),
        ("bank_account", "2020800090010000101O", "19"),
        ("bank_mfo", "0087", "4"),
        ("bank_mfo", "٠٠٨٧٣", "0"),
        ("bank_mfo", "", "Write the account and the MFO"),
        ("bank_account", "", "Write the account and the MFO"),
    ],
)
def test_what_is_no_account_is_refused_in_words(
    applicant: User, firm: Organization, field: str, value: str, said: str
) -> None:
    give_mandate(applicant, firm, basis=Representation.Basis.HEAD, role="head")
    answer = as_user(applicant).post(
        reverse("firm_requisites", args=[firm.stir]).replace("/uz/", "/en/", 1),
        GOOD | {field: value},
    )
    assert answer.status_code == 400
    assert said in answer.content.decode()
    firm.refresh_from_db()
    assert firm.bank_account == firm.address == ""


def test_all_may_stay_empty(applicant: User, firm: Organization) -> None:
    give_mandate(applicant, firm, basis=Representation.Basis.HEAD, role="head")
    assert as_user(applicant).post(page_of(firm), dict.fromkeys(GOOD, "")).status_code == 302


def test_nobody_else_finds_the_page(applicant: User, firm: Organization) -> None:
    stranger = create_applicant(phone="+998610000002", full_name="Demo Ikkinchi")
    assert as_user(stranger).get(page_of(firm)).status_code == 404
    mandate = give_mandate(applicant, firm, basis=Representation.Basis.INVITATION, scope=["x"])
    assert as_user(applicant).post(page_of(firm), GOOD).status_code == 404, "for one service"
    revoke_mandate(mandate)
    give_mandate(applicant, firm, basis=Representation.Basis.INVITATION)
    assert as_user(applicant).get(page_of(firm)).status_code == 200
    revoke_mandate(Representation.objects.get(user=applicant, revoked_at__isnull=True))
    assert as_user(applicant).get(page_of(firm)).status_code == 404, "ended"
