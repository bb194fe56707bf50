"""What bench/forms.py sends, and what must be there afterwards."""

from __future__ import annotations

import django

django.setup()

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.test import Client
from wagtail.models import Locale, Page

from accounts.models import User
from accounts.services import create_applicant
from bench.stock.models import StockField, StockFormPage
from casework.journal import broken_links
from casework.models import NumberCounter, ServiceRequest
from forms import services
from forms.models import FormVersion, Submission
from operations.models import OutboxMessage
from tests.forms.factories import fill_draft, make_service, make_version, question, small_form

_QUESTIONS = (
    question("name"), question("email", "email"), question("phone", "phone"),
    question("kind", "choice", options=["a", "b"]), question("matter", "textarea"),
    question("paper", "file"),
)  # fmt: skip
_users: list[User] = []


def migrate() -> None:
    """Tables, those of the stock page too."""
    call_command("migrate", verbosity=0, interactive=False)


def analyze() -> None:
    """What autovacuum does beside a running portal: else the first thousand of a new database are
    planned as if there were none."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def stock_page() -> tuple[dict[str, str], str]:
    """A published stock page: what is sent to it, and its address."""
    home = Page.objects.filter(depth=2).first() or Page.objects.get(depth=1)
    home = home.add_child(
        instance=StockFormPage(
            title="Stock", slug="stock", locale=Locale.objects.get(language_code="uz")
        )
    )
    kinds = {"name": "singleline", "email": "email", "phone": "singleline", "kind": "dropdown",
             "matter": "multiline"}  # fmt: skip
    for name, kind in kinds.items():
        StockField.objects.create(
            page=home, label=name, clean_name=name, field_type=kind, required=True, choices="a,b"
        )
    values = {"name": "Demo Fuqaro", "email": "demo@example.org", "phone": "+998610000101",
              "kind": "a", "matter": "Namuna matn. " * 20}  # fmt: skip
    return values, home.get_url() or ""


def _version() -> FormVersion:
    return make_version(small_form(*_QUESTIONS, key="form-bench"), make_service("bench"))


def sendings(count: int, each: int) -> list[tuple[str, str, dict[str, str]]]:
    """Drafts that are ready, a few of each account: address, cookies, fields."""
    version, made = _version(), []
    cookie = ""
    for number in range(count):
        if number % each == 0:
            who = len(_users)
            user = create_applicant(email=f"demo.b{who}@example.org", full_name=f"Demo {who}")
            _users.append(user)
            client = Client()
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
            session = client.cookies[settings.SESSION_COOKIE_NAME].value
            cookie = f"{settings.SESSION_COOKIE_NAME}={session}; csrftoken={'b' * 32}"
        draft = fill_draft(services.start_draft(_users[-1], version))
        made.append((f"/uz/apply/d/{draft.uuid}/check/", cookie, {"declared": "on"}))
    return made


def requests() -> int:
    """How many requests are registered."""
    return ServiceRequest.objects.count()


def waiting() -> int:
    """Messages that were not sent, and will be tried again."""
    return OutboxMessage.objects.filter(state=OutboxMessage.State.WAITING).count()


def broken() -> list[str]:
    """What is not whole: numbers, chains, messages, files."""
    found = []
    rows = list(ServiceRequest.objects.all())
    if sum(NumberCounter.objects.values_list("last", flat=True)) != len(rows):
        found.append("numbers have gaps")
    if len({row.number for row in rows}) != len(rows) or Submission.objects.count() != len(rows):
        found.append("numbers or submissions are doubled")
    if any(broken_links(row) for row in rows):
        found.append("a chain is broken")
    if OutboxMessage.objects.count() != len(rows):
        found.append("messages are missing")
    if any(one.attachments.count() != 1 for one in Submission.objects.all()):
        found.append("attachments are missing")
    return found


def close() -> None:
    """Let the server stop."""
    connection.close()
    connections.close_all()
