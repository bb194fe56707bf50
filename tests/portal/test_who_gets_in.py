"""Everybody tries every address of the site and the admin; one table says who gets in.

The table is `who_gets_in.txt`: a name of addresses and the letters of `town.PEOPLE` who get in.
A name may end in `*` for all addresses of one of Wagtail's own parts; the longest name that fits
counts. An address without a line, and a line without an address, fail.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.contrib import auth
from django.db import transaction
from django.http import HttpResponse
from django.template.backends.django import Template
from django.test import Client
from pytest_django import DjangoDbBlocker

from accounts.models import User
from tests.portal import town as towns
from tests.portal.addresses import Address, addresses
from tests.portal.town import PEOPLE, Town

pytestmark = pytest.mark.django_db

TABLE = Path(__file__).with_name("who_gets_in.txt")
#: They end the session that asks, or fail on purpose.
LEFT_OUT = {"account_logout", "wagtailadmin_logout", "wagtailadmin_error_test"}
#: Wagtail's own: an import without a file.
BREAKS = {"wagtailredirects:process_import"}
#: Where whoever may not come in is sent: the door, the second step, or the start of the admin.
AWAY = re.compile(r"(/uz/accounts/login/|/uz/accounts/2fa/|/admin/(pages/)?(\?|$)|/admin/login/)")


@cache
def table() -> dict[str, str]:
    """Name → letters, in alphabetical order of the table's head; "" for nobody."""
    rows = {}
    for line in TABLE.read_text().splitlines():
        if line and not line.startswith("#"):
            name, letters = line.rsplit(None, 1)
            assert name not in rows, f"twice in the table: {name}"
            assert len(letters) == len(PEOPLE), line
            rows[name] = "".join(letter for letter in letters if letter != ".")
    return rows


def line_for(address: Address) -> str | None:
    """The name in the table that an address falls under."""
    for name in (address.name, address.route):  # two addresses may share a name
        if name in table():
            return name
    fitting = [
        name for name in table() if name.endswith("*") and address.name.startswith(name[:-1])
    ]
    return max(fitting, key=len, default=None)


def test_every_address_has_a_line_and_every_line_an_address() -> None:
    used = {line_for(address) for address in addresses() if address.name not in LEFT_OUT}
    bare = [a.name for a in addresses() if a.name not in LEFT_OUT and line_for(a) is None]
    assert not bare, f"Say in {TABLE.name} who gets in: {bare}"
    stale = sorted(table().keys() - used)
    assert not stale, f"Lines of {TABLE.name} without an address: {stale}"
    for name in table():
        # A view of ours can not hide behind the line of another.
        assert not name.endswith("*") or re.match(r"(wagtail|mfa_)\w+:?", name), name


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Town]:
    """Built once for all who ask; gone afterwards."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield towns.build()
        transaction.set_rollback(True)


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """OneID is set up and nobody asks it. Sessions are kept in memory, and pages are not drawn:
    who gets in is decided before; how they look is tested elsewhere."""
    settings.ONEID_URL = "https://oneid.example.org/"
    settings.ONEID_CLIENT_ID = settings.ONEID_CLIENT_SECRET = "x"
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cache"
    monkeypatch.setattr(Template, "render", lambda *args, **kwargs: "")


def signed_in(person: User | None, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Somebody who has just shown once more that it is them; their rights are read only once."""
    client = Client(raise_request_exception=False)
    if person is not None:
        monkeypatch.setattr(auth, "get_user", lambda request: person)
        client.force_login(person)
        session = client.session
        for record in session["account_authentication_methods"]:
            record["reauthenticated"] = True
        session.save()
    return client


def gets_in(answer: HttpResponse) -> bool:
    """Whether an answer is more than a refusal. What is not there for somebody is refused too."""
    if answer.status_code in {301, 302, 303}:
        return not AWAY.match(answer["Location"])
    return answer.status_code not in {401, 403, 404, 405, 406}


def knock(client: Client, path: str, sent: dict[str, Any] | None = None) -> Any:
    """Ask, by the method that the address takes, and leave everything as it was."""
    answer = _ask(client, "get", path, sent)
    if answer.status_code == 405:
        taken = [one for one in ("POST", "PUT", "DELETE") if one in answer.get("Allow", "")]
        answer = _ask(client, (taken or ["POST"])[0].lower(), path, sent)
    return answer


def _ask(client: Client, method: str, path: str, sent: dict[str, Any] | None) -> Any:
    with transaction.atomic():
        answer = getattr(client, method)(path, sent)
        transaction.set_rollback(True)
    return answer


@pytest.mark.parametrize("letter", PEOPLE)
def test_who_gets_in(letter: str, town: Town, house: None, monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in(town.people[letter], monkeypatch)
    wrong, broken = [], []
    for address in addresses():
        if address.name in LEFT_OUT:
            continue
        path = town.path_to(address)
        answer = knock(client, path, town.values_for(address).get("sent"))
        # Whoever may not look may not act either; Wagtail and allauth ask once for both.
        asked_once = address.name.startswith(("wagtail", "mfa_"))
        if not gets_in(answer) and not asked_once and gets_in(_ask(client, "post", path, None)):
            broken.append(f"{address.name} {path} is closed, and takes what is sent")
        if answer.status_code in {429, 500} and address.name not in BREAKS:
            broken.append(f"{address.name} {path} answers {answer.status_code}")
        line = line_for(address)
        kept = "no-store" not in answer.get("Cache-Control", "")
        if line is not None and "n" not in table()[line] and gets_in(answer) and kept:
            broken.append(f"{address.name} {path} may be kept by a browser that others use")
        if line is not None and gets_in(answer) != (letter in table()[line]):
            wrong.append(f"{address.name} {path} {answer.status_code}")
    assert not wrong, f"{PEOPLE[letter]}:\n" + "\n".join(wrong)
    assert not broken, f"{PEOPLE[letter]}:\n" + "\n".join(broken)
