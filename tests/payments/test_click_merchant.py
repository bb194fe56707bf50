"""Click's merchant API over real HTTP: asked within bounded time, believed only when clear."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Role, User
from core.money import soums
from payments import fiscal, refunds, services
from payments.models import Attempt, CallLog, Invoice, MerchantAccount, MerchantKey
from payments.providers import Silent, Status, click_merchant
from payments.providers.click import Click
from payments.sandbox.merchant import FIRST_PAYMENT
from tests.casework.support import signed_in, staff
from tests.payments.conftest import FEE
from tests.payments.support import make_invoice, right, visit

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_header_is_the_vendors() -> None:
    account = MerchantAccount(merchant_user_id="123")
    moment = datetime.fromtimestamp(1519051543, UTC)
    # The digest is sha1sum's of "1519051543TESTSECRET".
    digest = "ec764df343f5269761b930fb48bfe5ed8ad5c1eb"
    assert click_merchant.authorisation(account, "TESTSECRET", moment) == (
        f"123:{digest}:1519051543"
    )


@dataclass
class Server:
    """Click's side as a server of the test's own: what it answers, what it was asked."""

    url: str = ""
    status: int = 200
    body: str = "{}"
    mood: str = "fine"
    #: Secrets that open, by the header; empty: any.
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)


@pytest.fixture
def server() -> Iterator[Server]:
    state = Server()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            state.asked.append((self.command, self.path, self.headers.get("Auth", "")))
            if state.mood == "drop":
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            if state.mood == "hang":
                state.released.wait(30)
                return
            status = state.status
            if state.mood == "old key" and len(state.asked) == 1:
                status = 401
            try:
                self.send_response(status)
                self.send_header("Content-Length", str(len(state.body)))
                self.end_headers()
                self.wfile.write(state.body.encode())
            except OSError:  # whoever asked has gone
                self.close_connection = True

        do_GET = do_DELETE = do_POST = _answer

        def log_message(self, *args: Any) -> None:
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{httpd.server_address[1]}/v2/merchant/"
    thread = threading.Thread(target=httpd.serve_forever, daemon=True)
    thread.start()
    yield state
    state.released.set()
    httpd.shutdown()
    httpd.server_close()


@pytest.fixture
def attempt(server: Server, monkeypatch: pytest.MonkeyPatch) -> Attempt:
    """A prepared payment of an account at the real Click, whose address is the test's server."""
    monkeypatch.setattr(click_merchant, "API", server.url)
    monkeypatch.setattr(click_merchant, "PATIENCE", 0.3)
    invoice = make_invoice("click")
    account = MerchantAccount.objects.get()
    MerchantAccount.objects.update(sandbox=False)
    account.refresh_from_db()
    return services.begin(
        invoice.pk, "click", "123456789", FEE, account=account, data={"paydoc": "987"}
    )  # fmt: skip


def answer(**values: Any) -> str:
    return json.dumps({"error_code": 0, "error_note": "Success"} | values)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (answer(payment_id=987, payment_status=2), Status.PAID),
        (answer(payment_id=987, payment_status=0), Status.PENDING),
        (answer(payment_id=987, payment_status=1), Status.PENDING),
        (answer(payment_id=987, payment_status=-1), Status.CANCELLED),
        # Nothing that is unclear is taken for a payment or for its end.
        (answer(payment_id=987), Status.UNKNOWN),
        (answer(payment_id=987, payment_status=True), Status.UNKNOWN),
        (answer(payment_id=987, payment_status="2"), Status.UNKNOWN),
        (answer(error_code=-5, payment_status=2), Status.UNKNOWN),
        ("[]", Status.UNKNOWN),
        ("<html>", Status.UNKNOWN),
    ],
)
def test_what_click_says_of_a_payment(
    attempt: Attempt, server: Server, body: str, expected: Status
) -> None:
    server.body = body
    assert Click().status(attempt) == expected
    assert [line[:2] for line in server.asked] == [("GET", "/v2/merchant/payment/status/777/987")]


@pytest.mark.parametrize(
    ("mood", "status"),
    [("hang", 200), ("drop", 200), ("fine", 500), ("fine", 404), ("fine", 401), ("fine", 302)],
)
def test_silence_is_no_answer_and_is_bounded(
    attempt: Attempt, server: Server, mood: str, status: int
) -> None:
    server.mood, server.status = mood, status
    server.body = answer(payment_id=987, payment_status=2)
    assert Click().status(attempt) == Status.UNKNOWN
    assert not Click().refund(attempt, FEE).done
    with pytest.raises(Silent):
        Click().statement(attempt.account, timezone.localdate())
    assert {line[0] for line in server.asked} == {"GET"}, "nothing is taken back unseen"
    row = CallLog.objects.order_by("pk").first()
    assert row is not None
    assert (row.incoming, row.method, row.headers["Auth"]) == (False, "GET payment/status", "***")


def test_a_port_nobody_listens_at(attempt: Attempt, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(click_merchant, "API", "http://127.0.0.1:9/")
    assert Click().status(attempt) == Status.UNKNOWN


def test_while_keys_are_changed_over_the_older_is_tried(attempt: Attempt, server: Server) -> None:
    MerchantKey.objects.create(account=attempt.account, secret="NEWKEY")
    server.mood, server.body = "old key", answer(payment_id=987, payment_status=2)
    assert Click().status(attempt) == Status.PAID
    headers = [line[2].split(":") for line in server.asked]
    moments = [datetime.fromtimestamp(int(stamp), UTC) for _user, _digest, stamp in headers]
    assert [line[2] for line in server.asked] == [
        click_merchant.authorisation(attempt.account, secret, moment)
        for secret, moment in zip(("NEWKEY", "SANDBOXKEY"), moments, strict=True)
    ]


def test_without_a_users_number_nobody_is_asked(attempt: Attempt, server: Server) -> None:
    MerchantAccount.objects.update(merchant_user_id="")
    row = Attempt.objects.select_related("account", "invoice").get()
    assert Click().status(row) == Status.UNKNOWN
    assert not Click().refund(row, FEE).done
    assert Click().statement(row.account, timezone.localdate()) is None
    assert server.asked == []


def test_another_payment_than_ours_is_not_taken_back(attempt: Attempt, server: Server) -> None:
    server.body = answer(payment_id=988, payment_status=2)
    assert not Click().refund(attempt, FEE).done
    assert {line[0] for line in server.asked} == {"GET"}


# -- the sandbox at the other end ----------------------------------------------------------------


def people(invoice: Invoice) -> tuple[User, User]:
    return (
        staff(invoice.agency, Role.ACCOUNTANT, name="accountant"),
        staff(invoice.agency, Role.HEAD, name="head"),
    )


def paid_by_click(**account: Any) -> Invoice:
    invoice = make_invoice("click", **account)
    visit(signed_in(invoice.payer), invoice, "click", "pay")
    right(invoice)
    assert invoice.state == "paid"
    return invoice


def test_an_approved_refund_is_carried_out_by_click(served: str) -> None:
    invoice = paid_by_click()
    accountant, head = people(invoice)
    row = refunds.request(invoice.pk, FEE, "other", actor=accountant)
    refunds.approve(row.pk, head)
    right(invoice)
    row.refresh_from_db()
    assert (invoice.state, row.state) == ("refunded", "done")
    assert int(row.external_id) > FIRST_PAYMENT
    log = CallLog.objects.filter(incoming=False).order_by("pk")
    assert [call.method for call in log] == ["GET payment/status_by_mti", "DELETE payment/reversal"]


def test_a_part_is_left_to_a_person(served: str) -> None:
    invoice = paid_by_click()
    accountant, head = people(invoice)
    row = refunds.request(invoice.pk, soums(1_000), "other", actor=accountant)
    refunds.approve(row.pk, head)
    assert not CallLog.objects.filter(incoming=False).exists()
    refunds.book(row.pk, "by hand", accountant)
    right(invoice)
    assert invoice.state == "partly_refunded"


def test_a_refund_whose_answer_was_lost_is_booked_once_by_asking_again(
    served: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoice = paid_by_click()
    accountant, head = people(invoice)
    row = refunds.request(invoice.pk, FEE, "other", actor=accountant)
    take_back = click_merchant.take_back

    def lost(account: MerchantAccount, payment: str) -> bool:
        assert take_back(account, payment)
        raise Silent("the line was cut after the provider had returned the money")

    with monkeypatch.context() as broken:
        broken.setattr(click_merchant, "take_back", lost)
        refunds.approve(row.pk, head)
    right(invoice)
    assert invoice.state == "refunding"
    later = timezone.now() + timedelta(minutes=11)
    assert refunds.resume(later) == 1
    assert refunds.resume(later) == 0
    right(invoice)
    assert (invoice.state, invoice.refunded) == ("refunded", FEE)
    assert CallLog.objects.filter(method__startswith="DELETE").count() == 1


def test_fiscal_items_are_told_once(served: str) -> None:
    invoice = paid_by_click(
        ikpu="1" * 17, package_code="123", vat_percent=12, payee_stir="201234567"
    )
    assert fiscal.submit_due() == 1
    assert fiscal.submit_due() == 0
    call = CallLog.objects.get(method="POST payment/ofd_data")
    told = json.loads(call.body.partition(" ")[2])
    assert told["received_card"] == FEE
    # 12 % inside 18 540 soʻm are 1 986.428… soʻm.
    assert [(i["Price"], i["VAT"], i["SPIC"]) for i in told["items"]] == [(FEE, 198_643, "1" * 17)]
    assert invoice.attempts.get().data["fiscal_told"]


def test_without_a_code_of_goods_nothing_is_told(served: str) -> None:
    paid_by_click()
    assert fiscal.submit_due() == 0


@pytest.mark.parametrize(
    ("amount", "percent", "expected"), [(112, 12, 12), (100, 0, 0), (1, 12, 0), (5, 12, 1)]
)
def test_the_vat_within_a_sum(amount: int, percent: int, expected: int) -> None:
    assert click_merchant.vat_within(amount, percent) == expected


@pytest.mark.parametrize(
    ("header", "method", "status"),
    [("", "get", 401), ("9:00:1519051543", "get", 401), ("x", "get", 401), ("", "post", 405)],
)
def test_the_sandbox_opens_to_the_key_alone(
    served: str, client: Any, header: str, method: str, status: int
) -> None:
    make_invoice("click")
    url = "/payments/sandbox/click/payment/status/777/1"
    assert getattr(client, method)(url, headers={"Auth": header}).status_code == status
