"""Two processes at once on PostgreSQL: one outcome, and the ledger balances."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from core.money import Tiyin
from payments import ledger, services
from payments.models import Attempt, Invoice
from payments.services import Item, issue
from tests.casework.support import applicant, make_agency
from tests.payments.conftest import FEE

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

ROOT = Path(__file__).resolve().parents[2]
#: One side of a race: waits at an advisory lock that the test holds, then runs one verb.
SIDE = """
import os, sys
import django
django.setup()
from datetime import timedelta
from django.db import connection
from django.utils import timezone
from core.money import Tiyin
from payments import services
from payments.models import Attempt, Invoice
from payments.states import InvalidMove
connection.ensure_connection()
with connection.cursor() as cursor:
    print("ready", flush=True)
    cursor.execute("SELECT pg_advisory_lock_shared(4711)")
verb, pk, word = sys.argv[1], int(sys.argv[2]), sys.argv[3]
try:
    if verb == "begin":
        services.begin(pk, "payme", word, Invoice.objects.get(pk=pk).total)
    elif verb == "perform":
        services.perform(pk)
    elif verb == "cancel":
        services.cancel_attempt(pk, 3)
    elif verb == "withdraw":
        services.cancel(pk)
    elif verb == "expire":
        print("did" if services.expire(pk, now=timezone.now() + timedelta(days=9)) else "refused")
        sys.exit()
    elif verb == "receive":
        services.receive(pk, "bank", word, Invoice.objects.get(pk=pk).total)
    print("did")
except (InvalidMove, ValueError):
    print("refused")
"""


def race(*sides: tuple[str, int, str]) -> list[str]:
    """Run verbs in processes of their own that start at the same moment."""
    settings_dict = connection.settings_dict
    environment = os.environ | {
        "PYTHONPATH": f"{ROOT / 'site'}:{ROOT}", "DJANGO_SETTINGS_MODULE": "portal.settings.test",
        "RACE_DATABASE": str(settings_dict["NAME"]),
    }  # fmt: skip
    program = (
        "import os\nfrom django.conf import settings\n"
        "settings.DATABASES['default']['NAME'] = os.environ['RACE_DATABASE']\n" + SIDE
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(4711)")
        running = [
            subprocess.Popen(
                [sys.executable, "-W", "ignore", "-c", program, verb, str(pk), word],
                stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT,
            )
            for verb, pk, word in sides
        ]  # fmt: skip
        for process in running:
            assert process.stdout.readline() == "ready\n"
        cursor.execute("SELECT pg_advisory_unlock(4711)")
    return [process.communicate(timeout=60)[0].strip() for process in running]


def make_invoice() -> Invoice:
    made = issue(
        make_agency("adliya", "ADL"), [Item("levy", FEE)], language="uz", payer=applicant()
    )
    assert made is not None
    return made


def right(invoice: Invoice) -> None:
    invoice.refresh_from_db()
    assert ledger.disagreements(invoice) == []
    assert ledger.broken_links(invoice) == []
    assert sum(ledger.balances(invoice).values(), Tiyin()) == 0


def test_two_creates_at_once_reserve_once() -> None:
    invoice = make_invoice()
    outcomes = race(("begin", invoice.pk, "a" * 24), ("begin", invoice.pk, "b" * 24))
    assert sorted(outcomes) == ["did", "refused"]
    assert Attempt.objects.filter(state="created").count() == 1
    right(invoice)


@pytest.mark.parametrize("other", ["perform", "cancel"])
def test_perform_against_perform_and_cancel(other: str) -> None:
    invoice = make_invoice()
    attempt = services.begin(invoice.pk, "payme", "a" * 24, FEE)
    outcomes = race(("perform", attempt.pk, "-"), (other, attempt.pk, "-"))
    right(invoice)
    if other == "perform":
        assert (outcomes, invoice.state) == (["did", "did"], "paid")
    else:
        # Cancelled first, or paid and then returned: never both.
        assert outcomes[1] == "did"
        assert invoice.state == ("refunded" if outcomes[0] == "did" else "open")
    assert invoice.entries.filter(kind="paid").count() == (1 if outcomes[0] == "did" else 0)


@pytest.mark.parametrize("other", ["withdraw", "expire"])
def test_paying_against_taking_back_and_expiry(other: str) -> None:
    invoice = make_invoice()
    attempt = services.begin(invoice.pk, "payme", "a" * 24, FEE)
    paid, ended = race(("perform", attempt.pk, "-"), (other, invoice.pk, "-"))
    right(invoice)
    if other == "expire":
        # An attempt under way holds the invoice open.
        assert (paid, ended, invoice.state) == ("did", "refused", "paid")
    else:
        assert sorted([paid, ended]) == ["did", "refused"]
        assert invoice.state == ("paid" if paid == "did" else "cancelled")


def test_cash_against_a_provider_pays_once_and_keeps_all_money() -> None:
    invoice = make_invoice()
    attempt = services.begin(invoice.pk, "payme", "a" * 24, FEE)
    paid, received = race(("perform", attempt.pk, "-"), ("receive", invoice.pk, "b1"))
    right(invoice)
    assert (received, invoice.state) == ("did", "paid")
    assert invoice.surplus == (FEE if paid == "did" else 0)


def test_a_worker_killed_before_the_commit_leaves_nothing_and_the_repeat_pays() -> None:
    invoice = make_invoice()
    attempt = services.begin(invoice.pk, "payme", "a" * 24, FEE)
    program = (
        "import os, sys\nimport django\nfrom django.conf import settings\n"
        f"settings.DATABASES['default']['NAME'] = {connection.settings_dict['NAME']!r}\n"
        "django.setup()\nfrom payments import services, subjects\n"
        "subjects.of = lambda invoice: type('S', (subjects.Nothing,), "
        "{'settled': lambda self, invoice: os._exit(9)})()\n"
        "services.perform(int(sys.argv[1]))\n"
    )
    environment: dict[str, Any] = os.environ | {
        "PYTHONPATH": f"{ROOT / 'site'}:{ROOT}", "DJANGO_SETTINGS_MODULE": "portal.settings.test"
    }  # fmt: skip
    killed = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program, str(attempt.pk)],
        env=environment, cwd=ROOT, check=False,
    )  # fmt: skip
    assert killed.returncode == 9
    right(invoice)
    assert invoice.state == "waiting"
    services.perform(attempt.pk, now=timezone.now() + timedelta(seconds=1))
    right(invoice)
    assert invoice.state == "paid"
