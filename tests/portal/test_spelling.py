"""The spelling of 2026: off unless the setting says so, and then on Uzbek Latin pages alone."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from home.models import SpellingSettings
from portal.spelling import in_new_latin
from tests.service_pages import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def homes() -> None:
    for language in ("uz", "uz-cyrl", "ru"):
        page = factories.home_page(language)
        page.lead = "Choʻl va gʻoza <b> shahri"
        page.save_revision().publish()


@pytest.fixture
def switch(django_capture_on_commit_callbacks: Any) -> Any:
    """`switch(True)`: what an administrator does."""

    def change(on: bool) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            row = SpellingSettings.load()
            row.new_latin = on
            row.save()

    return change


def test_it_is_off_by_default(client: Client) -> None:
    html = client.get("/uz/").content.decode()
    assert "Choʻl va gʻoza" in html and "Çöl" not in html


def test_it_shows_in_text_and_attributes_of_uzbek_latin_pages(client: Client, switch: Any) -> None:
    """Cached answers before the change are not shown after it."""
    others = {code: client.get(f"/{code}/").content for code in ("uz-cyrl", "ru")}
    client.get("/uz/")
    switch(True)
    html = client.get("/uz/").content.decode()
    assert "Çöl va ğoza &lt;b&gt; şahri" in html
    assert 'lang="uz-Latn"' in html and "ʻ" not in client.get("/uz/nowhere/").content.decode()
    # Addresses and what scripts read stay.
    assert 'href="/uz/search/' in html or 'action="/uz/search/' in html
    for code, before in others.items():
        assert client.get(f"/{code}/").content == before
    switch(False)
    assert "Choʻl va gʻoza" in client.get("/uz/").content.decode()


def test_the_search_still_takes_either_spelling(client: Client, switch: Any) -> None:
    """A field keeps what was typed; the portal's own texts around it are converted."""
    switch(True)
    html = client.get("/uz/search/", {"q": "sho'rva"}).content.decode()
    assert 'value="sho&#x27;rva"' in html


def test_administrators_set_it(client: Client) -> None:
    client.force_login(User.objects.create_superuser("admin@example.org", "uch-baliq-dengizda"))
    address = reverse("wagtailsettings:edit", args=["home", "spellingsettings"])
    answer = client.get(address, follow=True)
    assert answer.status_code == 200
    client.post(
        answer.redirect_chain[-1][0] if answer.redirect_chain else address, {"new_latin": "on"}
    )
    assert SpellingSettings.load().new_latin


def test_only_what_people_read_is_converted() -> None:
    html = (
        '<meta name="description" content="Choʻl"><a href="/uz/shahar/" title="Shahar">Shahar</a>'
        '<input value="shahar" placeholder="Shahar"><script>"shahar"</script>'
        "<textarea>shahar</textarea>"
    )
    assert in_new_latin(html) == (
        '<meta name="description" content="Çöl"><a href="/uz/shahar/" title="Şahar">Şahar</a>'
        '<input value="shahar" placeholder="Şahar"><script>"shahar"</script>'
        "<textarea>shahar</textarea>"
    )
