"""Guessers from many addresses against two server processes on one PostgreSQL.

The servers share nothing but the database: each has a cache of its own.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import count

import pytest
import requests
from django.contrib.auth.hashers import make_password
from django.db import connection

from accounts.models import User
from accounts.second_factor import give_app
from accounts.services import create_applicant
from casework.numbers import format_number
from demo.oneid.server import CLIENT_ID, CLIENT_SECRET, MockOneID
from operations.models import Tally
from tests.engines.processes import ROOT, free_port

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

PASSWORD = "uch-baliq-dengizda"
PHONE = "+998610000001"


class Server:
    """One process of the portal on the test's database."""

    def __init__(self, oneid: MockOneID) -> None:
        self.port = free_port()
        facts = connection.settings_dict
        url = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**facts)
        command = [sys.executable, "-c", _SERVE, str(self.port)]
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "portal.settings.test",
            "DATABASE_URL": url,
            "DATABASE_POOL": "0",
            "RATELIMIT_ENABLE": "1",
            "TRUSTED_PROXY_COUNT": "1",
            "ONEID_URL": oneid.url,
            "ONEID_CLIENT_ID": CLIENT_ID,
            "ONEID_CLIENT_SECRET": CLIENT_SECRET,
        }
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment)

    def wait(self) -> None:
        """Until it answers."""
        deadline = time.monotonic() + 300
        while time.monotonic() < deadline:
            try:
                requests.get(f"http://127.0.0.1:{self.port}/healthz", timeout=90)
                return
            except requests.ConnectionError:
                time.sleep(0.2)
        raise AssertionError("the server did not answer")


_SERVE = """
import sys
sys.path[:0] = ["site", "."]
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
class Quiet(WSGIRequestHandler):
    def log_message(self, *args): pass
server = ThreadedWSGIServer(("127.0.0.1", int(sys.argv[1])), Quiet)
server.set_app(get_wsgi_application())
server.serve_forever()
"""


@pytest.fixture
def oneid() -> Iterator[MockOneID]:
    """The other side of OneID, which counts what it is asked."""
    with MockOneID() as mock:
        yield mock


@pytest.fixture
def servers(oneid: MockOneID) -> Iterator[list[Server]]:
    """Two processes; each request of a test goes to the next one."""
    with ExitStack() as stack:
        started = [Server(oneid), Server(oneid)]
        for server in started:
            stack.callback(server.process.wait)
            stack.callback(server.process.kill)
        for server in started:
            server.wait()
        yield started


class Visitors:
    """Posts forms as visitors of many addresses, in turn to one and the other server."""

    def __init__(self, servers: list[Server]) -> None:
        self.servers, self._turn, self._tokens = servers, count(), {}

    def post(
        self, path: str, data: dict[str, str], address: str, session: requests.Session | None = None
    ) -> requests.Response:
        """One POST, its redirect not followed."""
        turn = next(self._turn)
        url = f"http://127.0.0.1:{self.servers[turn % 2].port}{path}"
        session = session or requests.Session()
        token = "a" * 32
        session.cookies.set("csrftoken", token)
        return session.post(
            url,
            data={**data, "csrfmiddlewaretoken": token},
            headers={"X-Forwarded-For": address},
            allow_redirects=False,
            timeout=180,
        )


def address(number: int) -> str:
    """One of many addresses (those kept for documentation)."""
    return f"198.51.{number // 250}.{number % 250}"


def many(work: Callable[[int], int], times: int, threads: int = 8) -> Counter[int]:
    """Do it so often, several at once; how often each outcome came."""
    with ThreadPoolExecutor(threads) as pool:
        return Counter(pool.map(work, range(times)))


def signed_in(response: requests.Response) -> bool:
    """Whether the answer to a sign-in opened a session."""
    return response.status_code == 302 and "/login" not in response.headers["Location"]


def test_guessers_of_a_password_are_stopped_and_honest_people_are_not(
    servers: list[Server],
) -> None:
    """80 guesses from 80 addresses: five reach the password. 500 sign-ins behind one address,
    beside a guesser behind it, all succeed."""
    create_applicant(phone=PHONE, password=PASSWORD)
    hashed = make_password(PASSWORD)
    honest = [f"+99861{number:07d}" for number in range(100, 600)]
    User.objects.bulk_create(
        User(phone=phone, login=phone, phone_verified=True, password=hashed) for phone in honest
    )
    visitors = Visitors(servers)
    login = "/uz/accounts/login/"

    def guess(number: int) -> int:
        data = {"login": PHONE, "password": f"taxmin-{number}-baliq"}
        return "Juda koʻp urinish" in visitors.post(login, data, address(number)).text

    assert many(guess, 80) == {False: 5, True: 75}
    # Even the right password does not open it now, whoever has it; the account's owner has codes.
    assert not signed_in(
        visitors.post(login, {"login": PHONE, "password": PASSWORD}, address(9000))
    )

    def enter(number: int) -> int:
        if number % 10 == 9:  # the guesser, 50 times among them
            data = {"login": honest[0], "password": "taxmin-baliq"}
            return 0 if signed_in(visitors.post(login, data, "203.0.113.9")) else 429
        data = {"login": honest[number // 10 * 9 + number % 10 + 1], "password": PASSWORD}
        return 200 if signed_in(visitors.post(login, data, "203.0.113.9")) else 403

    assert many(enter, 550) == {200: 495, 429: 55}


def test_guessers_of_a_status_code_are_stopped(servers: list[Server]) -> None:
    """Ten tries of a number an hour, from wherever they come."""
    visitors = Visitors(servers)

    def guess(number: int) -> int:
        data = {"number": format_number(2026, "ADL", 1), "code": f"ABCD{number:04d}"}
        return visitors.post("/uz/my/status/", data, address(number)).status_code

    outcome = many(guess, 60)
    assert outcome[429] >= 50, outcome


def test_guessers_of_a_reset_are_stopped(servers: list[Server]) -> None:
    """40 sessions ask for a code to a new password of one phone, from 40 addresses, and guess five
    times each: three codes go out in a minute, and each takes three guesses."""
    create_applicant(phone=PHONE, password=PASSWORD)
    visitors = Visitors(servers)
    confirm = "/uz/accounts/password/reset/confirm/"

    def attack(number: int) -> int:
        session, judged = requests.Session(), 0
        visitors.post("/uz/accounts/password/reset/", {"login": PHONE}, address(number), session)
        for guess in range(5):
            answer = visitors.post(confirm, {"code": f"{guess:06d}"}, address(number), session)
            # What was compared is told to be wrong; what was not is told to come too often.
            judged += answer.status_code == 200 and "Juda koʻp urinish" not in answer.text
        return judged

    outcome = many(attack, 40)
    assert sum(judged * times for judged, times in outcome.items()) <= 9, outcome


def test_guessers_of_a_second_factor_are_stopped(servers: list[Server]) -> None:
    """Whoever has the password guesses the app's code from 30 sessions: five are compared."""
    user = create_applicant(phone=PHONE, password=PASSWORD)
    give_app(user, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    visitors = Visitors(servers)

    def guess(number: int) -> bool:
        session = requests.Session()
        data = {"login": PHONE, "password": PASSWORD}
        visitors.post("/uz/accounts/login/", data, address(number), session)
        answer = visitors.post(
            "/uz/accounts/2fa/authenticate/", {"code": f"{number:06d}"}, address(number), session
        )
        return answer.status_code == 200 and "Juda koʻp urinish" not in answer.text

    assert many(guess, 30)[True] <= 5


def test_ways_back_from_oneid_that_nobody_began_ask_nothing(
    servers: list[Server], oneid: MockOneID
) -> None:
    """200 forged ways back from 200 addresses: OneID is asked nothing, nobody is let in. A
    session of its own gets one call for each state it was given, twenty of them in ten minutes."""

    def forge(number: int) -> int:
        url = f"http://127.0.0.1:{servers[number % 2].port}/oneid/callback/"
        answer = requests.get(
            url,
            params={"state": f"state{number}", "code": f"code{number}"},
            headers={"X-Forwarded-For": address(number)},
            allow_redirects=False,
            timeout=180,
        )
        return "/accounts/login/" in answer.headers.get("Location", "")

    assert many(forge, 200) == {True: 200}
    assert oneid.calls == {}

    visitors, session = Visitors(servers), requests.Session()
    for number in range(30):
        away = visitors.post("/uz/accounts/oneid/", {}, address(number), session)
        if away.status_code != 302:
            break
        state = re.findall(r"state=([^&]+)", away.headers["Location"])[0]
        for _twice in range(2):
            url = f"http://127.0.0.1:{servers[number % 2].port}/oneid/callback/"
            session.get(
                url,
                params={"state": state, "code": "a-guess"},
                headers={"X-Forwarded-For": address(number)},
                allow_redirects=False,
                timeout=180,
            )
    assert oneid.calls["one_authorization_code"] <= 20
    assert User.objects.count() == 0
    assert Tally.objects.exists(), "counted in the database"
