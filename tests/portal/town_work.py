"""What is worked on in the town: requests, money, the registry, accounts, what editors keep.

Each function makes it and says which address asks for which: a pattern of its name, and values.
"""

from __future__ import annotations

from base64 import b64encode
from copy import deepcopy
from datetime import date, time
from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.models import Authenticator
from django.core.files.base import ContentFile
from django.utils import timezone
from fido2.cose import CoseKey
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)
from wagtail.models import Locale

from accounts import mandates, papers
from accounts.models import Agency, AgencyName, Organization, RepresentedPerson, User
from accounts.second_factor import give_app
from accounts.services import give_mandate
from casework import tasks
from casework.graph import State
from casework.models import AnswerTemplate, ServiceRequest, Unit
from core.models import CalendarDay
from core.money import soums
from forms.models import Attachment, Draft, FormPage, QuestionSet, ReceptionSlot
from forms.services import publish_schema
from home.models import MenuItem, Notice, Phone, UsefulLink
from operations.models import SiteMessage
from payments.documents import receipt_address
from payments.models import (
    BankLine,
    CallLog,
    CashReceipt,
    Difference,
    Invoice,
    MerchantAccount,
    Refund,
)
from payments.services import Item, begin, issue, perform
from registry import control
from registry.models import AgendaItem, Decision, PlanLine, Proposal, Report, Session
from registry.monitoring.periods import Period
from registry.publishing import publish
from registry.reports.freezing import figures
from search.models import Promotion, Synonyms
from service_pages.models import ServicePage
from tests.casework import support


def casework(agency: Agency, other: Agency, people: dict[str, User | None]) -> list[Any]:
    """A request that an officer works on, one that a clerk entered, a draft, a file, a task."""
    applicant, officer = people["a"], people["o"]
    assert applicant is not None and officer is not None
    service = support.make_service(agency)
    schema = deepcopy(support.SCHEMA) | {"key": "form-demo-service", "service": service.key}
    schema["steps"][0]["questions"].append(
        {"key": "scan", "type": "file", "label": {"uz": "Nusxa"}, "required": False,
         "validation": {"accept": ["application/pdf"], "max_size_kb": 5120}}
    )  # fmt: skip
    publish_schema(service.forms.get(), schema)
    row = support.make_request(service, applicant)
    support.put(row, State.IN_REVIEW)
    refused = support.put(support.make_request(service, applicant), State.REFUSED)
    task = tasks.open_task(row, officer, other, "Savol")
    version = row.submission.version
    draft = Draft.objects.create(user=applicant, version=version, step="main")
    file = Attachment.objects.create(
        submission=row.submission, question_key="scan", filename="hujjat.pdf",
        file=ContentFile(b"%PDF-1.4", name="hujjat.pdf"), content_type="application/pdf",
        size=8, sha256="0" * 64, state=Attachment.State.CLEAN,
    )  # fmt: skip
    template = AnswerTemplate.objects.create(agency=agency, name="Matn", text={"uz": "Matn"})
    told = SiteMessage.objects.filter(user=applicant).latest("pk")
    unit = Unit.objects.create(agency=agency, name={"uz": "Boʻlim"})
    definition = version.definition
    form = FormPage(title="Shakl", slug="shakl", definition=definition)
    parent = ServicePage.objects.get(service__key="nikoh-malumotnoma", locale__language_code="uz")
    parent.add_child(instance=form)
    ServiceRequest.objects.filter(pk=row.pk).update(entered_by=people["c"])
    return [
            ("casework", {"uuid": row.uuid}),
            ("casework:(complain|rate)", {"uuid": refused.uuid}),
            ("casework:message_open", {"pk": told.pk}),
            ("casework:verified", {"number": row.number, "code": "AAAAAAAA"}),
            ("casework_text", {"pk": template.pk}),
            ("casework_task", {"pk": task.pk}),
            ("casework_unit$", {"pk": unit.pk}),
            ("casework_rule$", {"key": service.key}),
            ("casework_file", {"uuid": file.uuid}),
            ("forms:", {"uuid": draft.uuid, "question": "scan", "step_key": "main",
                        "key": definition.key}),
            ("forms:(sent|pdf|repeat)", {"uuid": row.submission.uuid}),
            ("attachment", {"uuid": file.uuid}),
            ("forms_(use|export_answers)", {"pk": definition.pk}),
            ("forms_(try|export|duplicate)$", {"page_pk": form.pk}),
    ]  # fmt: skip


def money(agency: Agency, people: dict[str, User | None]) -> list[Any]:
    """An invoice that is paid, one that is not, a refund, cash, a line of the bank."""
    clerk = people["c"]
    assert clerk is not None
    MerchantAccount.objects.create(
        agency=agency, provider="bank", payee_name="Idora", bank_account="2" * 20,
        bank_name="Bank", bank_mfo="00621",
    )  # fmt: skip
    account = MerchantAccount.objects.create(
        agency=agency, provider="payme", merchant_id="1" * 24, sandbox=True
    )
    fee = soums(18_540)
    fresh, paid = (_invoice(agency, people["a"], fee) for _n in range(2))
    attempt = perform(begin(paid.pk, "payme", "a" * 24, fee).pk)
    refund = Refund.objects.create(
        invoice=paid, attempt=paid.attempts.get(), amount=fee, reason="mistake",
        requested_by=people["A"],
    )  # fmt: skip
    assert attempt is not None
    cash = CashReceipt.objects.create(
        invoice=fresh, agency=agency, number="1", amount=fee, entered_by=clerk
    )
    line = BankLine.objects.create(
        agency=agency, day=date(2026, 3, 4), document="1", amount=fee, content={}
    )
    difference = Difference.objects.create(
        agency=agency, provider="payme", day=date(2026, 3, 4), kind="ours_only", external_id="1"
    )
    call = CallLog.objects.create(account=account, provider="payme", method="CheckTransaction")
    return [
        ("payments", {"uuid": fresh.uuid, "provider": "bank"}),
        ("payments:(receipt_pdf|return)", {"uuid": paid.uuid}),
        ("payments:pay", {"provider": "payme"}),
        ("payments:verify", {"whole": urlsplit(receipt_address(paid)).path}),
        (
            "payments_sandbox:cashier",
            {
                "query": "?"
                + b64encode(
                    f"m={account.merchant_id};ac.request={fresh.number};a={fresh.total}".encode()
                ).decode()
            },
        ),
        ("payments_ask_refund", {"uuid": paid.uuid, "sent": {"reason": "mistake", "amount": "1"}}),
        ("payments_refund", {"uuid": refund.uuid, "verb": "approve"}),
        ("payments_cash", {"uuid": cash.uuid, "verb": "confirm"}),
        ("payments_match", {"pk": line.pk}),
        ("payments_difference", {"pk": difference.pk, "verb": "settle"}),
        ("payments_call", {"pk": call.pk}),
        ("payments_(detail|pdf)", {"uuid": paid.uuid, "kind": "receipt"}),
        ("payments_callbacks", {"provider": "payme", "account": account.uuid}),
        ("payments_sandbox", {"provider": "payme"}),
    ]


def _invoice(agency: Agency, payer: User | None, fee: Any) -> Invoice:
    made = issue(agency, [Item("levy", fee)], language="uz", payer=payer)
    assert made is not None
    return made


def registry(page: ServicePage, people: dict[str, User | None]) -> list[Any]:
    """A session with an agenda, a proposal on its way, a line of the plan."""
    service = page.service
    session = Session.objects.create(number="1", held_on=date(2026, 3, 4))
    item = AgendaItem.objects.create(session=session, kind="include", service=service)
    decision = Decision.objects.create(
        session=session, number="1", decided_on=date(2026, 3, 4), text={"uz": "Qaror"}
    )
    proposal = Proposal.objects.create(
        service=service, kind="include", reason={"uz": "Kerak"}, created_by=people["e"]
    )
    day = timezone.localdate()
    task = control.make(
        by=None, kind="clause", act="12", text={"uz": "Hisobot"}, agency=service.agency,
        due_on=date(2026, 12, 1),
    )  # fmt: skip
    line = PlanLine.objects.create(
        service=service, phase=4, planned_on=day, first_planned_on=day, decision=decision
    )
    year = Period(date(2024, 11, 1), date(2025, 10, 31))
    report = Report.objects.create(
        year=2025,
        first_day=year.first,
        last_day=year.last,
        figures=figures(year, 0),
        state="signed",
        hash="0" * 64,
    )
    publish()
    return [
        ("registry_(session|dossier)", {"pk": session.pk}),
        ("registry_proposal", {"pk": proposal.pk}),
        ("registry_agenda_item", {"pk": item.pk}),
        ("registry_launch", {"pk": line.pk}),
        ("registry_control_task", {"pk": task.pk}),
        ("registry_report(_file)?$", {"pk": report.pk, "ending": "xlsx"}),
        ("quality:report(_file)?$", {"year": report.year, "ending": "json"}),
        ("home_feedback_desk", {"pk": page.pk}),
        ("home:feedback", {"query": f"?page={page.translation_key}"}),
        ("registry(:|_)(agency|rename|merge)$", {"key": service.agency.key}),
        ("registry:line", {"number": service.registry_number}),
        ("registry:version$", {"number": 1}),
    ]


def accounts(people: dict[str, User | None], agency: Agency) -> list[Any]:
    """A firm, a mandate that waits at the counter, colleagues."""
    applicant, head, officer = people["a"], people["f"], people["o"]
    assert applicant is not None and head is not None and officer is not None
    firm = Organization.objects.create(stir="300000007", name="Demo Firma")
    mandate = give_mandate(head, firm, basis="head", role="head")
    give_app(applicant, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    asked = mandates.ask_for_person(
        applicant, full_name="Demo Ota", pinfl="31203400000004", basis="relative",
        document="1", valid_from=timezone.localdate(), valid_until=None, scope=[],
    )  # fmt: skip
    assert RepresentedPerson.objects.exists()
    scan = papers.Checked("x.pdf", "application/pdf", b"%PDF-", scanned=True)
    (paper,) = papers.keep(applicant, asked, [scan])
    AgencyName.objects.create(agency=agency, name={"uz": "Eski nom"})
    Authenticator.objects.create(
        user=applicant, type="webauthn", data={"name": "1", "credential": _credential()}
    )
    key = Authenticator.objects.get(user=applicant, type="webauthn").pk
    return [
        ("firm(_requisites)?$", {"stir": firm.stir}),
        ("mandate_papers", {"pk": asked.pk}),
        ("mandate_paper$", {"uuid": paper.uuid}),
        ("mandate_act", {"sent": {"action": "end", "pk": mandate.pk}}),
        ("accounts_staff", {"key": agency.key, "uuid": officer.uuid}),
        ("messages_edit", {"key": "casework/state/approved"}),
        ("mfa_(edit|remove)_webauthn", {"pk": key}),
        ("catalogue:", {"topic": "civil-registration", "event": "birth", "audience": "individual",
                        "service": "nikoh-malumotnoma", "sample": "x"}),
        ("sms_callback", {"secret": "wrong"}),
    ]  # fmt: skip


def _credential() -> dict[str, Any]:
    """A passkey as a browser registers one; nobody has its private half."""
    key = CoseKey.parse({1: 2, 3: -7, -1: 1, -2: bytes(32), -3: bytes(32)})
    data = AuthenticatorData.create(
        bytes(32), AuthenticatorData.FLAG.AT | AuthenticatorData.FLAG.UP, 0,
        AttestedCredentialData.create(bytes(16), b"passkey", key),
    )  # fmt: skip
    client = CollectedClientData.create("webauthn.create", bytes(16), "http://localhost")
    return {
        "id": websafe_encode(b"passkey"),
        "rawId": websafe_encode(b"passkey"),
        "type": "public-key",
        "clientExtensionResults": {},
        "response": {
            "clientDataJSON": websafe_encode(client),
            "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
        },
    }


def references(agency: Agency) -> None:
    """What editors of the portal keep."""
    MenuItem.objects.create(title={"uz": "Xizmatlar"}, address="/")
    Notice.objects.create(title={"uz": "Xabar"})
    Phone.objects.create(kind="hotline", name={"uz": "Telefon"}, number="+998 61 000-00-00")
    UsefulLink.objects.create(title={"uz": "Havola"}, url="https://example.org/")
    CalendarDay.objects.get_or_create(date=date(2026, 3, 9), defaults={"is_working": False})
    QuestionSet.objects.create(title="Toʻplam", locale=Locale.objects.get(language_code="uz"))
    ReceptionSlot.objects.create(agency=agency, weekday=1, begins=time(10), ends=time(12))
    Synonyms.objects.create(words="yordam, koʻmak")
    Promotion.objects.create(queries="yordam", address="/", title={"uz": "Yordam"})
