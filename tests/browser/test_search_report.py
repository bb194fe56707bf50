"""The report of what people search, and search in the admin: axe in five languages, wide and narrow."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from accounts.models import Role, User
from accounts.services import create_staff
from search.models import QueryCount
from service_pages.rights import ensure_rights
from tests.browser.conftest import DESKTOP
from tests.browser.seats import quiet
from tests.browser.within import answered_by
from tests.service_pages.factories import make_service

pytestmark = pytest.mark.django_db
WIDTHS = (1350, 390, 320)
#: Language → widths on which axe looks: at every width in one, in every language at one.
LOOKED_AT = {"uz": WIDTHS, "uz-cyrl": (390,), "kaa": (320,), "ru": (1350,), "en": (390,)}
Open = Callable[..., Page]


@pytest.fixture
def editor() -> User:
    """An editor of the whole portal."""
    ensure_rights()
    return create_staff(email="muharrir@example.org", agency=None, roles=[Role.EDITOR])


@pytest.fixture
def counted() -> None:
    """A month of queries: asked often, without a result, never opened, and a rare one."""
    today = timezone.localdate()
    for days in range(30):
        for text, results, clicks in (
            ("pasport", 12, 9), ("svet oʻchdi", 0, 0), ("обращение по поводу начисления", 4, 0),
        ):  # fmt: skip
            QueryCount.objects.create(
                day=today - timedelta(days=days),
                language="ru" if results == 4 else "uz",
                key=text,
                text=text,
                searches=10 + days % 7,
                results=results,
                clicks=clicks,
                ranks=clicks * 2,
            )
    QueryCount.objects.create(
        day=today, language="uz", key="kamyob", text="kamyob", searches=1, results=0
    )


@pytest.fixture
def opened(client: Client, browser: Browser, editor: User) -> Iterator[Open]:
    """Pages of the admin as the editor sees them."""
    client.force_login(editor, backend="django.contrib.auth.backends.ModelBackend")
    contexts = []

    def make(**options: object) -> Page:
        context = answered_by(client, browser, **options)
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


@pytest.mark.parametrize("language", LOOKED_AT)
@pytest.mark.usefixtures("counted")
def test_the_report_in_every_language(
    language: str, opened: Open, editor: User, axe: Callable[[Page], None]
) -> None:
    User.objects.filter(pk=editor.pk).update(language=language)
    page = opened(**DESKTOP)
    page.goto(reverse("search_queries"))
    chart = page.get_by_role("img").and_(page.locator(".query-chart__bars"))
    expect(chart).to_have_accessible_name(re.compile(r".{10}"))
    assert page.locator(".query-chart__empty").count() == 30
    page.locator("main summary").click()
    expect(page.locator("main details tbody tr")).to_have_count(30)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        quiet(page)
        # Tables are wider than a telephone: they scroll by themselves, the page does not.
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if width in LOOKED_AT[language]:
            axe(page)


@pytest.mark.usefixtures("counted")
def test_one_press_makes_a_synonym_or_a_promotion(opened: Open) -> None:
    page = opened(**DESKTOP)
    for start, field in (("synonyms", "words"), ("promotion", "queries")):
        page.goto(reverse("search_queries"))
        link = page.locator(f"tr:has-text('svet') a[href*='/{start}/']").first
        page.goto(str(link.get_attribute("href")))
        expect(page.locator(f"[name={field}]")).to_have_value("svet oʻchdi")


def test_pages_are_found_in_the_admin_in_another_script(opened: Open) -> None:
    make_service("nikoh-malumotnoma", title="Nikoh haqida maʼlumotnoma")
    make_service("shifokor", title="Shifokor navbati", synonyms={"uz": ["doktor"]})
    page = opened(**DESKTOP)
    page.goto(reverse("wagtailadmin_pages:search") + "?q=никох")
    expect(page.get_by_role("link", name="Nikoh haqida maʼlumotnoma").first).to_be_visible()
    expect(page.get_by_role("link", name="Shifokor navbati")).to_have_count(0)
