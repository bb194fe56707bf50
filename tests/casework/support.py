"""A small agency with one service and one form, and requests made through the front door."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Agency, Role, User
from accounts.services import create_applicant, create_staff
from casework.graph import CLOSED, Outcome, State
from casework.intake import PortalReceiver
from casework.models import ServiceRequest
from forms.models import FormDefinition, Submission
from forms.services import publish_schema
from service_pages.models import PassportVersion, Service
from tests.forms.factories import PDF

#: A Wednesday, in working hours of Asia/Samarkand (UTC+5).
WEDNESDAY = datetime(2026, 3, 4, 6, 0, tzinfo=UTC)
GROUNDS = [
    {
        "code": "data_mismatch",
        "text": {"uz": "Maʼlumotlar mos kelmaydi", "ru": "Сведения не совпадают"},
        "curable": True,
        "cure_days": 10,
        "legal_point": {"uz": "14-band"},
    },
    {
        "code": "duplicate",
        "text": {"uz": "Bunday ariza bor"},
        "curable": False,
        "cure_days": None,
        "legal_point": {},
    },
]
SCHEMA: dict[str, Any] = {
    "schema_version": 1,
    "key": "form-demo",
    "service": "demo-service",
    "version": 1,
    "title": {"uz": "Namuna arizasi", "ru": "Образец заявления", "en": "Sample request"},
    "identification_level": "account",
    "fee_mode": "none",
    "fee_rules": [],
    "term_rules": [
        {
            "term": "tezkor",
            "condition": {"question": "speed", "operator": "equals", "value": "fast"},
        }
    ],
    "routing_rule": {"by": "agency", "agency_pattern": "{place}"},
    "steps": [
        {
            "key": "main",
            "title": {"uz": "Asosiy", "ru": "Основное"},
            "questions": [
                {
                    "key": "place",
                    "type": "text",
                    "label": {"uz": "Idora"},
                    "required": False,
                    "validation": {},
                },
                {
                    "key": "speed",
                    "type": "choice",
                    "label": {"uz": "Tezligi", "ru": "Скорость"},
                    "required": True,
                    "validation": {},
                    "options": [
                        {"value": "fast", "label": {"uz": "Tez", "ru": "Быстро"}},
                        {"value": "usual", "label": {"uz": "Odatdagi", "ru": "Обычно"}},
                    ],
                },
            ],
        }
    ],
}
TERMS = [
    {"key": "standart", "value": 5, "unit": "working_days"},
    {"key": "tezkor", "value": 2, "unit": "working_hours"},
]
_count = itertools.count(1)


def make_agency(key: str, code: str, **fields: Any) -> Agency:
    """An agency with an Uzbek name."""
    values = {"kind": "ministry", "level": "republic", "name": {"uz": f"Idora {code}"}} | fields
    return Agency.objects.create(key=key, code=code, **values)


def make_service(agency: Agency, key: str = "demo-service", **content: Any) -> Service:
    """A service with a passport (two terms, two grounds, no fee) and a published form."""
    service = Service.objects.create(key=key, registry_number=f"R-{key}"[:20], agency=agency)
    title = {"uz": "Namuna xizmati", "ru": "Образец услуги"}
    full = {
        "title": title,
        "terms": TERMS,
        "fees": [],
        "refusal_grounds": GROUNDS,
        "discount_codes": [],
    } | content
    PassportVersion.objects.create(
        service=service, number=1, content=full, content_hash="0" * 64, published_at=WEDNESDAY
    )
    definition = FormDefinition.objects.create(key=f"form-{key}", service=service)
    publish_schema(definition, SCHEMA | {"key": f"form-{key}", "service": key})
    return service


def make_submission(service: Service, user: User, **fields: Any) -> Submission:
    """A sent form."""
    version = service.forms.get().current
    assert version is not None
    values = {
        "version": version,
        "user": user,
        "language": "uz",
        "answers": {"speed": "usual"},
        "submit_token": f"token-{next(_count)}",
        "submitted_at": WEDNESDAY,
    } | fields
    return Submission.objects.create(**values)


def make_request(service: Service, user: User, **fields: Any) -> ServiceRequest:
    """A registered request."""
    PortalReceiver().accept(submission := make_submission(service, user, **fields))
    return ServiceRequest.objects.get(submission=submission)


def applicant(number: int = 1, **fields: Any) -> User:
    """A citizen with an e-mail."""
    values = {"email": f"demo.citizen{number}@example.org", "full_name": f"Demo Fuqaro {number}"}
    return create_applicant(**(values | fields))


def staff(agency: Agency | None, *roles: str, name: str = "officer", **fields: Any) -> User:
    """A member of staff who may open the admin."""
    where = agency.code.lower() if agency else "all"
    return create_staff(
        email=f"demo.{name}.{where}@example.org",
        full_name=f"Demo {name}",
        agency=agency,
        roles=roles or (Role.OFFICER,),
        language="uz",
        **fields,
    )


def put(row: ServiceRequest, state: State, *, now: datetime = WEDNESDAY) -> ServiceRequest:
    """Place a request in a state without a history: where the way there is not the matter."""
    outcome = state if state in Outcome.values else ""
    ServiceRequest.objects.filter(pk=row.pk).update(
        state=state,
        state_since=now,
        closed_at=now if state in CLOSED else None,
        outcome=Outcome.APPROVED if state == State.COMPLETED else outcome,
        ground_code="data_mismatch" if state == State.REFUSED else "",
        paused_at=now if state == State.INFO_REQUESTED else None,
        answer_by=now + timedelta(days=14) if state == State.INFO_REQUESTED else None,
    )
    row.refresh_from_db()
    return row


def pdf(name: str = "javob.pdf") -> SimpleUploadedFile:
    """A file that is what it says."""
    return SimpleUploadedFile(name, PDF, content_type="application/pdf")


def signed_in(user: User) -> Client:
    """A browser in which `user` is signed in."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client
