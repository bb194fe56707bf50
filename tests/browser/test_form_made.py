"""An editor makes one of the demonstration's forms by clicking; a citizen fills it in at once."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Locator, Page

from accounts.models import User
from forms.models import FormDefinition, FormPage, Submission
from tests.browser.test_form_keyboard import fill_in
from tests.browser.within import answered_by
from tests.forms import factories
from tests.forms.factories import filled_answers, posted
from tests.service_pages.factories import make_page

pytestmark = pytest.mark.django_db
KEY = "form-doctor-appointment"
BACKEND = "django.contrib.auth.backends.ModelBackend"


class Editor:
    """The editor's screen, by the names of its inputs."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def box(self, name: str) -> Locator:
        """The input of a name."""
        return self.page.locator(f'[name="{name}"]').first

    def write(self, name: str, text: str) -> None:
        """Write into an input, where there is something to write."""
        if text:
            self._open(name)
            self.box(name).fill(text)

    def choose(self, name: str, value: str) -> None:
        """Choose from a list."""
        self._open(name)
        self.box(name).select_option(value)

    def tick(self, name: str, ticked: bool) -> None:
        """Tick a box or leave it."""
        if ticked:
            self._open(name)
            self.box(name).check()

    def add(self, blocks: str) -> str:
        """Press the last plus of a list of blocks; the prefix of what it made."""
        counter = self.box(f"{blocks}-count")
        number = int(counter.input_value())
        plus = counter.locator("xpath=..").locator("button.c-sf-add-button").last
        self._open(f"{blocks}-count", plus)
        plus.click()
        return f"{blocks}-{number}-value"

    def _open(self, name: str, seen: Locator | None = None) -> None:
        """Unfold the panels around an input that lies in folded ones."""
        target = seen or self.box(name)
        for _level in range(6):
            if target.is_visible():
                return
            folded = self.box(name).locator(
                "xpath=ancestor::section[.//button[@data-panel-toggle and @aria-expanded='false']]"
            )
            folded.first.locator("button[data-panel-toggle][aria-expanded=false]").first.click()


def condition(editor: Editor, prefix: str, given: dict[str, Any] | None) -> None:
    if given:
        editor.write(f"{prefix}-question", given["question"])
        editor.choose(f"{prefix}-operator", given["operator"])
        editor.write(f"{prefix}-answer", str(given["value"]))


def build(editor: Editor, item: dict[str, Any]) -> None:
    """Everything of a form that stands in its steps."""
    for step in item["steps"]:
        at = editor.add("steps")
        editor.write(f"{at}-title", step["title"]["uz"])
        editor.write(f"{at}-key", step["key"])
        for question in step["questions"]:
            asked = editor.add(f"{at}-questions")
            editor.write(f"{asked}-label", question["label"]["uz"])
            editor.write(f"{asked}-help", (question.get("help") or {}).get("uz", ""))
            editor.write(f"{asked}-key", question["key"])
            editor.choose(f"{asked}-type", question["type"])
            editor.tick(f"{asked}-required", question["required"])
            editor.write(f"{asked}-prefill", question.get("prefill") or "")
            for option in question.get("options") or []:
                chosen = editor.add(f"{asked}-options")
                editor.write(f"{chosen}-value", option["value"])
                editor.write(f"{chosen}-label", option["label"]["uz"])
            for name, value in (question.get("validation") or {}).items():
                rule = editor.add(f"{asked}-validation")
                editor.choose(f"{rule}-name", name)
                editor.write(f"{rule}-value", str(value))
            condition(editor, f"{asked}-condition", question.get("condition"))


def test_a_form_is_made_published_and_filled_in(client: Client, browser: Browser) -> None:
    item = factories.items()[KEY]
    factories.make_districts()
    parent = make_page("nikoh-malumotnoma")
    parent.save_revision().publish()
    service = factories.make_service(item["service"], parent.service.agency)
    definition = FormDefinition.objects.create(key=KEY, service=service)
    editor_user = User.objects.create_superuser("demo.muharrir@example.org", "uch-baliq-1")
    client.force_login(editor_user, backend=BACKEND)
    context = answered_by(client, browser, viewport={"width": 1350, "height": 900})
    page = context.new_page()
    page.goto(f"/admin/pages/add/portal_forms/formpage/{parent.pk}/")
    editor = Editor(page)
    editor.write("title", item["title"]["uz"])
    page.locator("#id_definition-chooser [data-chooser-action-choose]:visible").first.click()
    page.locator(".modal a[data-chooser-modal-choice]").first.click()
    build(editor, item)
    page.locator("[role=tab]").nth(1).click()
    for audience in item["audience"]:
        page.locator(f'[name=audience][value="{audience}"]').check()
    editor.choose("identification_level", item["identification_level"])
    editor.write("routing_by", item["routing_rule"]["by"])
    page.locator("footer [data-w-dropdown-target=toggle], footer .w-dropdown__toggle").last.click()
    page.locator("[name=action-publish]").click()
    page.wait_for_url("**/admin/pages/*/")

    made = FormPage.objects.get(definition=definition)
    version = definition.current
    assert made.live and version is not None
    # What was clicked is what the demonstration has, up to the texts of other languages.
    assert version.structure_hash == factories.schema(KEY).structure_hash

    client.force_login(factories.make_citizen(), backend=BACKEND)
    answers = filled_answers(version.schema)
    values = posted(version.schema, answers) | {"declared": "on"}
    page.goto(f"/uz/apply/{KEY}/")
    for _page in range(8):
        fill_in(page, values)
        page.locator("main h1").wait_for()
        if Submission.objects.exists():
            break
    assert Submission.objects.get().answers == answers
    assert page.locator(".receipt__number").inner_text()
    context.close()
