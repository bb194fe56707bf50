"""A reader's own choice of language and script is remembered; nothing else sets a cookie."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from tests.service_pages import factories

pytestmark = pytest.mark.django_db

LANGUAGES = ("uz", "uz-cyrl", "kaa", "ru", "en")


@pytest.fixture(autouse=True)
def homes() -> None:
    for language in LANGUAGES:
        factories.home_page(language)


def switch(client: Client, path: str) -> dict[str, str]:
    """Language tag → address in the switch of a page."""
    html = BeautifulSoup(client.get(path).content, "html.parser")
    links = html.select("nav .languages a")
    return {str(link["hreflang"]): str(link["href"]) for link in links}


@pytest.mark.parametrize("path", ["/uz/", "/uz/site-map/", "/uz/nowhere/", "/uz/accounts/login/"])
def test_the_script_can_be_switched_anywhere(client: Client, path: str) -> None:
    """On pages, forms and errors alike, to the same place."""
    links = switch(client, path)
    assert set(links) == {"uz-Latn", "uz-Cyrl", "kaa-Latn", "ru", "en"}
    answer = client.get(links["uz-Cyrl"])
    assert (answer.status_code, answer["Location"]) == (302, path.replace("/uz/", "/uz-cyrl/"))


def test_the_root_follows_the_choice(client: Client) -> None:
    """Before what the browser asks for."""
    asked = {"accept-language": "ru"}
    assert client.get("/", headers=asked)["Location"] == "/ru/"
    answer = client.get("/uz-cyrl/?til=1")
    cookie = answer.cookies["language"]
    assert (cookie.value, cookie["samesite"], cookie["httponly"]) == ("uz-cyrl", "Lax", True)
    assert answer["Cache-Control"] == "no-store"
    root = client.get("/", headers=asked)
    assert root["Location"] == "/uz-cyrl/"
    assert {"Cookie", "Accept-Language"} <= {part.strip() for part in root["Vary"].split(",")}
    # A newer choice takes its place; what is no language of ours counts for nothing.
    client.get("/kaa/?til=1")
    assert client.get("/", headers=asked)["Location"] == "/kaa/"
    client.cookies["language"] = "tlh"
    assert client.get("/", headers=asked)["Location"] == "/ru/"
    assert client.get("/")["Location"] == "/uz/"


def test_a_deep_link_is_never_led_to_another_language(client: Client) -> None:
    """Whatever was chosen before, and whatever the browser asks for."""
    client.get("/uz-cyrl/?til=1")
    for language in LANGUAGES:
        answer = client.get(f"/{language}/site-map/", headers={"accept-language": "ru"})
        assert answer.status_code == 200
        assert answer["Content-Language"] == language


def test_nobody_gets_a_cookie_before_a_choice(client: Client) -> None:
    """Neither by reading, nor by a link from elsewhere to another language."""
    for path in ("/", "/ru/", "/uz/site-map/", "/kaa/?utm_source=x", "/oz/"):
        assert "language" not in client.get(path).cookies
    assert "language" not in client.post("/ru/?til=1").cookies
    assert "language" not in client.get("/api/suggest/?til=1&q=a").cookies


def test_the_mark_leaves_the_rest_of_the_address(client: Client) -> None:
    """And leads to no other host."""
    assert client.get("/ru/search/?q=a%26b&til=1&p=2")["Location"] == "/ru/search/?q=a%26b&p=2"
    assert client.get("/ru//evil.example/?til=1")["Location"].startswith("/ru/")
    assert client.get("//ru/?til=1")["Location"] != "//ru/"
    links = switch(client, "/uz/search/?q=nikoh")
    assert links["ru"] == "/ru/search/?q=nikoh&til=1"


def test_one_cached_answer_serves_all_choices(client: Client, settings: object) -> None:
    """The language stands in the address, which is the key."""
    first = client.get("/ru/").content
    client.get("/uz-cyrl/?til=1")
    assert client.get("/ru/").content == first
