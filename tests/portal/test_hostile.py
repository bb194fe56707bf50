"""What strangers send: every public address answers with a page of its own, never with a crash."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.utils import translation

from core.links import page_path
from service_pages.models import ServicePage
from tests.service_pages import factories

pytestmark = pytest.mark.django_db

#: What no honest reader types.
VALUES = [
    "",
    "a" * 100_000,
    "\x00",
    "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    "' OR 1=1 --",
    '"><script>alert(1)</script>',
    "../../etc/passwd",
    "{{ 7*7 }}",
    "%s%n%00",
    "٣٤",
    "\u202eabc",
    "-1",
    "99999999999999999999999",
]
PLACES = [
    ("services/", ("topic", "event", "for", "agency", "online", "free", "sort", "page")),
    ("search/", ("q", "page", "type")),
    ("reading/", ("size", "contrast", "pictures", "next")),
    ("site-map/", ("page",)),
    ("idoralar/", ("kind", "page")),
    ("accounts/login/", ("next",)),
    ("accounts/signup/", ("next",)),
]


@pytest.fixture
def tree() -> ServicePage:
    """A published service in its tree."""
    return ServicePage.objects.get(service=factories.make_service("nikoh-malumotnoma"))


@pytest.mark.parametrize(("path", "names"), PLACES, ids=[path for path, _names in PLACES])
def test_a_hostile_query_is_answered_and_never_echoed_as_markup(
    client: Client, tree: ServicePage, path: str, names: tuple[str, ...]
) -> None:
    for name, value in itertools.product(names, VALUES):
        answer = client.get(f"/uz/{path}", {name: value})
        assert answer.status_code in {200, 301, 302, 400, 404}, (name, value[:20])
        assert b"<script>alert" not in answer.content
        if answer.status_code in {301, 302}:
            assert answer["Location"].startswith("/"), name


def test_a_hostile_query_changes_nothing_on_a_service_page(
    client: Client, tree: ServicePage
) -> None:
    for value in VALUES:
        given = {"case": value, "channel": value, "page": value}
        answer = client.get(page_path(tree.url_path, "uz"), given)
        assert answer.status_code == 200
        assert tree.title in answer.content.decode()
        assert b"<script>alert" not in answer.content


@pytest.mark.parametrize(
    "path",
    [
        "/uz/%00/", "/uz/%ff%fe/", "/uz/..%2f..%2fetc/passwd", "/uz/" + "a" * 5_000 + "/",
        "/uz/idoralar/%27%20OR%201=1/", "/uz//evil.example/",
        "/files/00000000-0000-0000-0000-000000000000", "/files/nobody", "/uz/my/nobody/",
        "/uz/apply/nobody/", "/uz/apply/d/00000000-0000-0000-0000-000000000000/one/",
        "/sitemap-xx.xml", "/documents/99999/none.pdf", "/zz/", "/.git/config", "/.env",
    ],
)  # fmt: skip
def test_an_address_that_is_not_there_leads_nowhere(
    client: Client, tree: ServicePage, path: str
) -> None:
    answer = client.get(path, follow=True)
    # Personal addresses lead strangers to the door first; they do not say what exists.
    assert answer.status_code in {400, 404} or answer.redirect_chain[-1][0].startswith(
        "/uz/accounts/login/"
    )
    assert all(target.startswith("/") for target, _status in answer.redirect_chain)
    assert all(not target.startswith("//") for target, _status in answer.redirect_chain)


@pytest.mark.parametrize("language", ["uz", "uz-cyrl", "kaa", "ru", "en"])
def test_a_refused_token_says_what_to_do_in_the_readers_language(
    tree: ServicePage, language: str
) -> None:
    factories.home_page(language)
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(f"/{language}/accounts/login/", {"login": "a@example.org"})
    assert answer.status_code == 403
    with translation.override(language):
        said = translation.gettext("The page has become too old")
    assert said in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]


@override_settings(MAX_REQUEST_BYTES=1_000)
def test_a_body_beyond_the_limit_is_refused_before_it_is_read(
    client: Client, tree: ServicePage
) -> None:
    answer = client.post("/uz/accounts/login/", {"login": "a" * 2_000})
    assert answer.status_code == 413
    assert "<h1" in answer.content.decode()


def test_more_fields_than_a_form_can_have_are_refused(client: Client, tree: ServicePage) -> None:
    fields = {f"f{number}": "x" for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}
    assert client.post("/uz/accounts/login/", fields).status_code in {400, 413}


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_a_page_takes_no_other_method(client: Client, tree: ServicePage, method: str) -> None:
    answer = getattr(client, method)(page_path(tree.url_path, "uz"))
    assert answer.status_code in {200, 403, 405}
    tree.refresh_from_db()
    assert tree.live


@pytest.mark.parametrize(
    "headers",
    [
        {"accept-language": "x" * 10_000},
        {"accept-language": "uz\x00,ru"},
        {"accept-language": "-,;q=,,"},
        {"x-request-id": "<script>" + "a" * 500},
        {"x-forwarded-for": "' OR 1=1, ::::"},
        {"cookie": "portal=" + "%00" * 500},
        {"cookie": 'sessionid="; DROP TABLE'},
        {"if-none-match": '"' + "a" * 5_000},
    ],
    ids=lambda headers: ascii(next(iter(headers))),
)
def test_hostile_headers_are_only_text(
    client: Client, tree: ServicePage, headers: dict[str, Any]
) -> None:
    for path in ("/", "/uz/", page_path(tree.url_path, "uz"), "/api/search/?q=nikoh"):
        answer = client.get(path, headers=headers)
        assert answer.status_code in {200, 302, 304}
        assert "<script>" not in str(answer.headers)


def test_another_host_is_refused(client: Client, tree: ServicePage) -> None:
    with override_settings(ALLOWED_HOSTS=["portal.example.org"]):
        answer = client.get("/uz/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert b"evil.example" not in answer.content
