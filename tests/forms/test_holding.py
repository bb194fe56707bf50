"""Who may say that answers must be kept, and what is shown to them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from accounts.models import Role, User
from accounts.services import create_staff
from forms import retention, services
from forms.models import FormDefinition, Submission
from forms.viewsets import LegalHoldViewSet
from tests.forms import factories
from tests.forms.conftest import Desk
from tests.forms.factories import fill_draft, question, send
from tests.forms.test_views import BACKEND, version_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def due(citizen: User, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Submission:
    """A submission whose time is over."""
    monkeypatch.setattr(retention, "_holders", [])
    draft = fill_draft(services.start_draft(citizen, version_of(question("note"))), {"note": "Sir"})
    submission = send(draft, language="uz")
    FormDefinition.objects.update(retention_days=30)
    Submission.objects.update(submitted_at=timezone.now() - timedelta(days=31))
    return submission


def staff(client: Client, role: str) -> User:
    agency = factories.make_agency() if role != Role.CONTROLLER else None
    user = create_staff(
        email="demo.staff@example.org", full_name="Demo Xodim", agency=agency, roles=(role,),
        language="uz",
    )  # fmt: skip
    client.force_login(user, backend=BACKEND)
    return user


def address(name: str, *arguments: object) -> str:
    return reverse(LegalHoldViewSet().get_url_name(name), args=arguments)


def test_a_controller_holds_and_lets_go(client: Client, due: Submission) -> None:
    who = staff(client, Role.CONTROLLER)
    listed = client.get(address("list")).content.decode()
    assert due.receipt_number in listed and "Sir" not in listed
    page = client.get(address("edit", due.pk))
    assert page.status_code == 200 and "Sir" not in page.content.decode()
    sent = client.post(address("edit", due.pk), {"legal_hold": "Sud ishi 1/2026"})
    assert sent.status_code == 302
    assert retention.forget_due() == retention.Report(held=1)
    due.refresh_from_db()
    assert due.answers == {"note": "Sir"}
    # The history says who, and the answers are not in it.
    entry = ModelLogEntry.objects.get(object_id=str(due.pk), action="wagtail.edit")
    assert entry.user == who and "Sir" not in str(entry.data)
    client.post(address("edit", due.pk), {"legal_hold": ""})
    assert retention.forget_due().anonymised == 1


@pytest.mark.parametrize("role", [Role.OFFICER, Role.HEAD, Role.EDITOR])
def test_nobody_else(client: Client, due: Submission, role: str) -> None:
    staff(client, role)
    for name, arguments in (("list", ()), ("edit", (due.pk,)), ("delete", (due.pk,))):
        assert client.get(address(name, *arguments)).status_code in {302, 403}
    client.post(address("edit", due.pk), {"legal_hold": "x"})
    due.refresh_from_db()
    assert due.legal_hold == ""


def test_nobody_adds_or_deletes(client: Client, due: Submission) -> None:
    staff(client, Role.CONTROLLER)
    assert client.get(address("add")).status_code in {302, 403}
    assert client.post(address("delete", due.pk)).status_code in {302, 403}
    assert Submission.objects.filter(pk=due.pk).exists()
