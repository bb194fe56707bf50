"""What editors do with forms: advice, preview, trial, copy, JSON, shared sets, versions side by side."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation
from jsonschema import Draft202012Validator
from wagtail.models import Locale, Page

from accounts.models import Role, User
from accounts.services import create_staff
from forms import differences, engine, gate, importing
from forms.compiling import schema_json
from forms.engine.schema import Schema
from forms.models import (
    Draft,
    FormDefinition,
    FormPage,
    FormVersion,
    QuestionSet,
    Submission,
)
from forms.services.making import KeyTaken, duplicate, make_from_json
from tests.forms import factories
from tests.forms.factories import items, keys, question, small_form
from tests.forms.test_compiling import home, locale, page_of, publish

pytestmark = pytest.mark.django_db
__all__ = ["home"]

JSON_SCHEMA = json.loads((Path(engine.__file__).parent / "form.schema.json").read_text())

#: Everything that an editor can write, in one form.
RICH = small_form(
    question("kind", "choice", options=["a", "b"]),
    question("owns", "yes_no", example={"uz": "ha"}),
    question(
        "kids", "repeat", validation={"max_items": 3, "min_items": 1},
        questions=[question("name", sensitive=True), question("code", validation={"unique": True})],
    ),
    question("count", "calculated", required=False, validation={"formula": "count(kids) * 2"}),
    question(
        "why", message={"uz": "Boshqacha yozing", "ru": "Напишите иначе"},
        validation={"regex": r"\w+"},
        condition={"any": [
            {"question": "kind", "operator": "equals", "value": "a"},
            {"question": "owns", "operator": "equals", "value": "no"},
        ]},
    ),
    key="form-rich",
    checks=[
        {
            "question": "why",
            "condition": {"all": [
                {"question": "why", "operator": "equals", "value": None, "value_question": "kind"},
                {"question": "owns", "operator": "filled", "value": None},
            ]},
            "message": {"uz": "Boshqa javob yozing", "en": "Write something else"},
        }
    ],
    layout="one_page", personal_data=["name"], purpose={"uz": "Javob berish uchun"},
    confirmed_email=True,
)  # fmt: skip


def admin(db: Any = None) -> User:
    return User.objects.create_superuser("demo.admin@example.org", "uch-baliq-1")


@pytest.fixture
def editor_client(client: Client) -> Client:
    client.force_login(admin(), backend="django.contrib.auth.backends.ModelBackend")
    return client


# -- JSON -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [*keys(), "form-rich"])
def test_every_form_keeps_to_the_published_schema(key: str) -> None:
    item = RICH if key == "form-rich" else items()[key]
    validator = Draft202012Validator(JSON_SCHEMA)
    assert list(validator.iter_errors(Schema.from_json(item).to_json())) == []


@pytest.mark.parametrize(
    "broken",
    [
        {"steps": []}, {"title": {"ru": "Без узбекского"}}, {"key": "Bad Key"},
        {"identification_level": "magic"}, {"checks": [{"question": "a"}]},
    ],
)  # fmt: skip
def test_the_published_schema_finds_mistakes(broken: dict[str, Any]) -> None:
    Draft202012Validator.check_schema(JSON_SCHEMA)
    item = Schema.from_json(small_form(question("a"))).to_json() | broken
    assert list(Draft202012Validator(JSON_SCHEMA).iter_errors(item))


def test_the_published_schema_knows_every_type() -> None:
    from forms.engine import types

    known = JSON_SCHEMA["$defs"]["question"]["properties"]["type"]["enum"]
    assert sorted(known) == sorted(types.known())


def test_the_schema_is_public(client: Client) -> None:
    response = client.get("/files/form.schema.json")
    assert response.status_code == 200 and json.loads(response.content) == JSON_SCHEMA


def test_pages_give_everything_back_that_an_editor_can_write() -> None:
    definition = FormDefinition(key="form-rich")
    page = FormPage(
        **importing.page_fields(RICH, importing.in_language("uz")),
        slug="ariza", definition=definition, locale=locale("uz"),
    )  # fmt: skip
    data = Schema.from_json(schema_json(page)).to_json()
    expected = Schema.from_json(RICH).to_json()
    for part in ("steps", "checks", "layout", "personal_data", "confirmed_email"):
        assert _uzbek(data[part]) == _uzbek(expected[part]), part


def _uzbek(value: Any) -> Any:
    if isinstance(value, dict):
        if "uz" in value:
            return value["uz"]
        return {key: _uzbek(part) for key, part in value.items()}
    return [_uzbek(part) for part in value] if isinstance(value, list) else value


def test_export_and_import_give_the_same_form(home: Page, editor_client: Client) -> None:
    page = page_of(home, items()["form-kindergarten"])
    publish(page)
    answer = editor_client.get(f"/admin/forms/page/{page.pk}/json/")
    data = json.loads(answer.content)
    assert list(Draft202012Validator(JSON_SCHEMA).iter_errors(data)) == []
    user = User.objects.get(login="demo.admin@example.org")
    made = make_from_json(data, home, "form-again", user)
    assert not made.live and made.definition.service is None and not made.definition.active
    again = Schema.from_json(schema_json(made)).to_json()
    assert again["steps"] == data["steps"] and again["title"] == data["title"]
    with pytest.raises(KeyTaken):
        make_from_json(data, home, "form-again", user)


def test_importing_through_the_admin(home: Page, editor_client: Client, monkeypatch: Any) -> None:
    from home.models import SectionPage

    section = SectionPage(
        title="Boʻlim", slug="bolim", locale=locale("uz"), content_owner="Kengash",
        reviewed_on="2026-01-01",
    )  # fmt: skip
    home.add_child(instance=section)
    good = SimpleUploadedFile("a.json", json.dumps(RICH).encode(), "application/json")
    data = {"key": "form-new", "section": section.pk, "file": good}
    response = editor_client.post("/admin/forms/import/", data)
    assert response.status_code == 302
    page = FormPage.objects.get(definition__key="form-new")
    assert response["Location"] == f"/admin/pages/{page.pk}/edit/"
    assert page.get_parent().specific == section
    for content, words in (
        (b"{", "no JSON"),
        (b"[]", "holds no form"),
        (json.dumps(small_form(question("a"), question("a"))).encode(), "Two questions"),
        (json.dumps({"key": "x"}).encode(), "missing"),
        (b"[" * 100_000, "no JSON"),
    ):
        bad = SimpleUploadedFile("a.json", content, "application/json")
        data = {"key": "form-bad", "section": section.pk, "file": bad}
        with translation.override("en"):
            response = editor_client.post(
                "/admin/forms/import/", data, headers={"Accept-Language": "en"}
            )
        assert response.status_code == 200
        assert not FormDefinition.objects.filter(key="form-bad").exists(), words


def test_a_copy_shares_nothing(home: Page) -> None:
    page = page_of(home, items()["form-kindergarten"])
    publish(page)
    copy = duplicate(page, home, "form-copy", admin())
    assert copy.definition != page.definition and copy.slug != page.slug
    ids = {block["id"] for block in copy.steps.raw_data}
    assert not ids & {block["id"] for block in page.steps.raw_data}
    first, second = (Schema.from_json(schema_json(p)).to_json() for p in (page, copy))
    # Translations came along although the copy has no translated pages yet.
    assert second["steps"] == first["steps"]


# -- preview and trial ----------------------------------------------------------------------------


def test_a_trial_checks_and_keeps_nothing(home: Page, editor_client: Client) -> None:
    page = page_of(home, items()["form-appeal"])
    page.save_revision()
    address = f"/admin/forms/page/{page.pk}/try/"
    assert editor_client.get(address).status_code == 200
    response = editor_client.post(address, {})
    assert response.status_code == 400 and "error-summary" in response.content.decode()
    schema = Schema.from_json(schema_json(page))
    chosen = {"addressee_type": "hokimiyat", "addressee_district": "nukus"}
    answers = factories.filled_answers(schema, chosen)
    response = editor_client.post(address, factories.posted(schema, answers))
    assert response.status_code == 200
    assert "nukus-hokimligi" in response.content.decode()
    assert not Draft.objects.exists() and not Submission.objects.exists()


def test_trials_are_for_editors(home: Page, client: Client) -> None:
    page = page_of(home, items()["form-appeal"])
    for path in ("try/", "json/", "duplicate/"):
        assert client.get(f"/admin/forms/page/{page.pk}/{path}").status_code == 302


def test_both_previews_are_drawn(home: Page, rf: Any) -> None:
    page = page_of(home, RICH | {"key": "form-rich"})
    for mode, words in (("", "Savol"), ("questions", "Savol kids")):
        response = page.make_preview_request(preview_mode=mode)
        assert response.status_code == 200
        if mode:
            assert words in response.render().content.decode()


def test_the_editor_is_advised(home: Page) -> None:
    page = page_of(home, small_form(question("own", "pinfl"), key="form-bare"))
    with translation.override("en"):
        said = "\n".join(gate.advice(page))
    assert "has no help" in said and "does not declare" in said and "Without translation" in said


def test_advice_counts_what_no_language_says_yet(home: Page) -> None:
    item = small_form(question("own"), key="form-bare")
    page = page_of(home, item)
    russian = FormPage(
        **importing.page_fields(item, importing.in_language("ru")),
        slug="ariza-ru", definition=page.definition, locale=locale("ru"),
    )  # fmt: skip
    home.add_child(instance=russian)
    with translation.override("en"):
        said = "\n".join(gate.advice(page))
    # The Russian page names the question, not the step.
    assert "Without translation: English, texts: 2" in said
    assert "Without translation: Русский, texts: 1" in said


# -- shared sets and page breaks -------------------------------------------------------------------


def test_shared_questions_stand_in_every_form_that_chooses_them(home: Page) -> None:
    blocks = importing.stream_from_schema(
        small_form(question("who"), question("tel", "phone")), importing.in_language("uz")
    )[0]["value"]["questions"]
    rows = [{"type": "question", "id": b["id"], "value": b["value"]} for b in blocks]
    shared = QuestionSet.objects.create(title="Kim", questions=rows, locale=locale("uz"))
    russian = shared.copy_for_translation(Locale.objects.get(language_code="ru"))
    raw = deepcopy(list(russian.questions.raw_data))
    raw[0]["value"]["label"] = "Кто вы"
    russian.questions = raw
    russian.save()
    fields = importing.page_fields(
        small_form(question("own"), key="form-shared"), importing.in_language("uz")
    )
    fields["steps"][0]["value"]["sets"] = [{"type": "item", "id": "s", "value": shared.pk}]
    definition = FormDefinition.objects.create(key="form-shared")
    page = FormPage(**fields, slug="a", definition=definition, locale=locale("uz"))
    other = FormPage(**fields, slug="a", definition=definition, locale=locale("ru"))
    schema = Schema.from_json(schema_json(page, [other]))
    assert [q.key for q in schema.questions()] == ["who", "tel", "own"]
    assert schema.by_key["who"].label["ru"] == "Кто вы"


def test_a_page_break_begins_a_step() -> None:
    fields = importing.page_fields(
        small_form(question("a"), question("half", "text"), question("b")),
        importing.in_language("uz"),
    )
    fields["steps"][0]["value"]["questions"][1]["value"]["type"] = "page_break"
    page = FormPage(
        **fields, slug="a", definition=FormDefinition(key="form-small"), locale=locale("uz")
    )
    schema = Schema.from_json(schema_json(page))
    assert [(s.key, [q.key for q in s.questions]) for s in schema.steps] == [
        ("one", ["a"]), ("half", ["b"]),
    ]  # fmt: skip
    assert schema.steps[1].title["uz"] == "Savol half"


# -- versions -------------------------------------------------------------------------------------


def test_what_changed_between_versions(editor_client: Client) -> None:
    factories.make_version(small_form(question("a"), question("b")))
    newest = factories.make_version(
        small_form(question("a", required=False), question("c", "number"))
    )
    with translation.override("en"):
        said = newest.changes
    assert "Changed: Savol a (whether it must be answered)" in said
    assert "New: Savol c" in said and "No longer asked: Savol b" in said
    first = FormVersion.objects.get(number=1)
    with translation.override("en"):
        assert first.changes == "The first version."
    page = editor_client.get(f"/admin/snippets/portal_forms/formversion/inspect/{newest.pk}/")
    assert page.status_code == 200 and "Savol c" in page.content.decode()


def test_what_changed_beside_the_questions_is_told_too() -> None:
    def form(**members: Any) -> Schema:
        item = small_form(question("a", "yes_no"))
        last = {"key": "two", "title": {"uz": "Oxiri"}, "questions": [question("b")]}
        item["steps"].append(last | {"condition": members.pop("condition", None)})
        return Schema.from_json(item | members)

    old = form()
    only = {"question": "a", "operator": "equals", "value": "yes"}
    with translation.override("en"):
        said = [
            str(change)
            for new in (
                form(condition=only),
                form(signature_required=True),
                form(identification_level="oneid"),
                form(checks=[{"question": "b", "condition": only, "message": {"uz": "Xato"}}]),
            )
            for change in differences.between(old, new, "uz")
        ]
    assert said == [
        "Changed: Oxiri (when it is asked)", "New: electronic signature",
        "Changed: how you must have signed in", "Changed: rules across questions",
    ]  # fmt: skip
    assert differences.between(old, form(), "uz") == []


def test_compiling_is_deterministic(home: Page) -> None:
    page = page_of(home, RICH)
    hashes = {Schema.from_json(schema_json(page)).content_hash for _try in range(3)}
    page = FormPage.objects.get(pk=page.pk)
    hashes.add(Schema.from_json(schema_json(page)).content_hash)
    assert len(hashes) == 1


def test_staff_without_rights_sees_no_answers(client: Client) -> None:
    definition = factories.make_definition("form-kindergarten")
    agency = factories.make_agency("boshqa", "BSH")
    staff = create_staff(email="demo.xodim@example.org", full_name="Demo Xodim", password="x-1-y-2")
    staff.memberships.create(agency=agency, role=Role.OFFICER)
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(f"/admin/forms/{definition.pk}/answers.csv").status_code in {302, 403}
