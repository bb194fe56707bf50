"""Two processes at once on PostgreSQL: one outcome, and the ledger balances."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from core.money import Tiyin
from payments import asking, ledger, reconciling, refunds, services
from payments.models import Attempt, Invoice, MerchantAccount, MerchantKey
from payments.providers import Line, RefundResult, Status
from payments.providers.payme import Payme
from payments.providers.payme_protocol import milliseconds
from payments.services import Item, issue
from tests.casework.support import applicant, make_agency, staff
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
from django.test import Client
from accounts.models import User
from payments import services
from payments.models import Attempt, Invoice
from payments.providers import Status
from payments.providers.payme import Payme
from payments.states import InvalidMove
# The provider says at once that it has the money: what a task that asks would hear.
Payme.status = lambda *args: Status.PAID
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
    elif verb == "call":
        url, body = word.split(" ", 1)
        answer = Client().post(url, body, content_type="application/json",
                               headers={"Authorization": "Basic UGF5Y29tOlRFU1RLRVk="}).json()
        print("did" if "result" in answer else "refused")
        sys.exit()
    elif verb == "return":
        client = Client()
        client.force_login(User.objects.get(pk=pk), "django.contrib.auth.backends.ModelBackend")
        print("did" if client.get(word).status_code in {200, 302} else "refused")
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
        "settings.DATABASES['default']['NAME'] = os.environ['RACE_DATABASE']\n"
        "settings.ALLOWED_HOSTS = ['*']\n" + SIDE
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


def make_account(invoice: Invoice) -> MerchantAccount:
    """Payme's account of the vendor's example key."""
    account = MerchantAccount.objects.create(
        agency=invoice.agency, provider="payme", merchant_id="0" * 24, sandbox=True
    )
    MerchantKey.objects.create(account=account, secret="TESTKEY")
    return account


def call(account: MerchantAccount, method: str, /, **params: Any) -> tuple[str, int, str]:
    """A side of a race: one of Payme's calls at our door."""
    url = reverse("payments_callbacks:callback", args=["payme", account.uuid])
    return "call", 0, f"{url} {json.dumps({'id': 1, 'method': method, 'params': params})}"


def test_the_callback_against_the_browsers_return() -> None:
    invoice = make_invoice()
    account = make_account(invoice)
    services.begin(
        invoice.pk, "payme", "a" * 24, FEE, account=account,
        provider_time=milliseconds(timezone.now()),
    )  # fmt: skip
    back = reverse("payments:return", args=[invoice.uuid])
    outcomes = race(
        call(account, "PerformTransaction", id="a" * 24), ("return", invoice.payer_id, back)
    )
    right(invoice)
    assert (outcomes, invoice.state) == (["did", "did"], "paid")
    assert invoice.entries.filter(kind="paid").count() == 1


def test_the_callback_against_expiry() -> None:
    invoice = make_invoice()
    account = make_account(invoice)
    paying = {"amount": int(FEE), "account": {"request": invoice.number}}
    began, ended = race(
        call(
            account, "CreateTransaction", id="a" * 24, time=milliseconds(timezone.now()), **paying
        ),
        ("expire", invoice.pk, "-"),
    )
    right(invoice)
    # Reserved first, and held open; or ended first, and closed to everybody.
    assert sorted([began, ended]) == ["did", "refused"]
    assert invoice.state == ("waiting" if began == "did" else "expired")
    assert invoice.attempts.filter(state="created").count() == int(began == "did")


def killed(program: str, *arguments: object) -> None:
    """Run a program in a process of its own that dies on the way."""
    head = (
        "import os, sys\nimport django\nfrom django.conf import settings\n"
        f"settings.DATABASES['default']['NAME'] = {connection.settings_dict['NAME']!r}\n"
        "django.setup()\n"
    )
    environment: dict[str, Any] = os.environ | {
        "PYTHONPATH": f"{ROOT / 'site'}:{ROOT}", "DJANGO_SETTINGS_MODULE": "portal.settings.test"
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", head + program, *map(str, arguments)],
        env=environment, cwd=ROOT, check=False,
    )  # fmt: skip
    assert done.returncode == 9


def test_a_worker_killed_between_the_providers_answer_and_our_commit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    invoice = make_invoice()
    account = make_account(invoice)
    attempt = services.begin(invoice.pk, "payme", "a" * 24, FEE, account=account)
    killed(
        "from payments import asking, ledger\nfrom payments.providers import Status\n"
        "from payments.providers.payme import Payme\n"
        "Payme.status = lambda *args: Status.PAID\n"
        "ledger.post = lambda *args, **kwargs: os._exit(9)\n"
        "asking.learn(int(sys.argv[1]))\n",
        attempt.pk,
    )
    right(invoice)
    assert invoice.state == "waiting"
    monkeypatch.setattr(Payme, "status", lambda *_args: Status.PAID)
    assert asking.ask_about_silent(timezone.now() + timedelta(minutes=11)) == 1
    right(invoice)
    assert invoice.state == "paid"
    day = timezone.localdate()
    assert reconciling.compare(account, day, [Line("a" * 24, invoice.number, FEE, True)]) == []


def test_a_worker_killed_between_a_refund_and_our_commit_books_it_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    invoice = make_invoice()
    account = make_account(invoice)
    services.perform(services.begin(invoice.pk, "payme", "a" * 24, FEE, account=account).pk)
    people = [staff(invoice.agency, Role.ACCOUNTANT, name="a"), staff(invoice.agency, Role.HEAD)]
    row = refunds.request(invoice.pk, FEE, "other", actor=people[0])
    monkeypatch.setattr(Payme, "refund", lambda *_args: RefundResult(done=False))
    refunds.approve(row.pk, people[1])
    killed(
        "from payments import refunds, services\nfrom payments.providers import RefundResult\n"
        "from payments.providers.payme import Payme\n"
        "Payme.refund = lambda *args: RefundResult(True, 'R1')\n"
        "services.give_back = lambda *args, **kwargs: os._exit(9)\n"
        "refunds.carry_out.call(int(sys.argv[1]))\n",
        row.pk,
    )
    right(invoice)
    assert invoice.state == "refunding"
    monkeypatch.setattr(Payme, "refund", lambda *_args: RefundResult(True, "R1"))
    later = timezone.now() + timedelta(minutes=11)
    assert [refunds.resume(later), refunds.resume(later)] == [1, 0]
    right(invoice)
    assert (invoice.state, invoice.entries.filter(kind="refunded").count()) == ("refunded", 1)


def test_a_database_cut_off_in_the_middle_leaves_nothing_and_the_repeat_pays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    invoice = make_invoice()
    attempt = services.begin(invoice.pk, "payme", "a" * 24, FEE)
    write = ledger.post

    def cut(*args: Any, **kwargs: Any) -> Any:
        entry = write(*args, **kwargs)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return entry

    with monkeypatch.context() as broken:
        broken.setattr(ledger, "post", cut)
        with pytest.raises(DatabaseError):
            services.perform(attempt.pk)
    connection.close()
    right(invoice)
    assert (invoice.state, invoice.entries.count()) == ("waiting", 1)
    services.perform(attempt.pk)
    right(invoice)
    assert invoice.state == "paid"


def test_a_worker_killed_before_the_commit_leaves_nothing_and_the_repeat_pays() -> None:
    invoice = make_invoice()
    attempt = services.begin(invoice.pk, "payme", "a" * 24, FEE)
    killed(
        "from payments import services, subjects\n"
        "subjects.of = lambda invoice: type('S', (subjects.Nothing,), "
        "{'settled': lambda self, invoice: os._exit(9)})()\n"
        "services.perform(int(sys.argv[1]))\n",
        attempt.pk,
    )
    right(invoice)
    assert invoice.state == "waiting"
    services.perform(attempt.pk, now=timezone.now() + timedelta(seconds=1))
    right(invoice)
    assert invoice.state == "paid"
