"""A form from somebody else's JSON: what is wrong with it is told with its place, in the reader's
language, and what is right comes back as it was."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from wagtail.models import Page

from accounts.models import User
from forms import gate
from forms.compiling import schema_json
from forms.engine import formulas, patterns
from forms.engine.checking import MOST_QUESTIONS, problems
from forms.engine.schema import Schema, SchemaError
from forms.engine.validation import validate, validate_answers
from forms.models import FormDefinition, FormPage
from forms.services.making import duplicate, make_from_json
from forms.trying import draft_schema
from home.models import SectionPage
from tests.forms.factories import items, keys, question, small_form
from tests.forms.test_compiling import home, locale
from tests.forms.test_making import RICH, admin, editor_client

pytestmark = pytest.mark.django_db
__all__ = ["editor_client", "home"]

PLAIN = small_form(question("a", "choice", options=["x", "y"]), question("b"))


def changed(place: str, value: Any) -> dict[str, Any]:
    """PLAIN with one member in another shape: `steps.0.questions.1.label`."""
    item = deepcopy(PLAIN)
    *way, last = [int(part) if part.isdigit() else part for part in place.split(".")]
    target: Any = item
    for part in way:
        target = target[part]
    target[last] = value
    return item


def is_(value: Any, operator: str = "equals") -> dict[str, Any]:
    return {"question": "a", "operator": operator, "value": value}


WRONG: list[tuple[str, Any, tuple[str, ...]]] = [
    # The shape.
    ("steps", {}, ("“steps” must be a list",)),
    ("steps.0", 7, ("steps 1:", "An object with “key”")),
    ("steps.0.title", "Bir", ("steps 1 “one”", "“title” must be an object")),
    ("steps.0.questions.1.label", None, ("steps 1 “one” → questions 2 “b”: “label” is missing",)),
    ("steps.0.questions.1.label", {"uz": 5}, ("questions 2 “b”", "a text for each language")),
    ("steps.0.questions.1.label", {"ru": "Вопрос"}, ("“Вопрос” has no Uzbek words",)),
    ("steps.0.questions.1.required", "yes", ("questions 2 “b”", "true or false")),
    ("steps.0.questions.0.options.1", {"value": "y"}, ("options 2 “y”", "“label” is missing")),
    ("steps.0.questions.1.condition", is_("x", "sounds_like"), ("“b”", "no operator “sounds_like”")),
    ("steps.0.questions.1.condition", is_({"x": 1}), ("“b”", "“value” must be")),
    ("steps.0.questions.1.condition", is_([["x"]], "in"), ("“b”", "“value” must be")),
    ("schema_version", 99, ("99",)),
    ("fee_mode", "auction", ("auction",)),
    # What does not fit together.
    ("steps.0.questions.1.type", "hologram", ("“b”", "hologram")),
    ("steps.0.questions.1.key", "a", ("Two questions have the key “a”",)),
    ("steps.0.questions.1.condition", is_("z"), ("“b”", "“z”")),
    ("steps.0.questions.1.condition", {"question": "b", "operator": "filled"}, ("wait for each other",)),
    ("steps.0.questions.1.prefill", "profile.pinfl; drop", ("“b”", "cannot be filled in")),
    ("steps.0.questions.0.options.1.value", "x y", ("“a”", "“x y”")),
    ("steps.0.questions.0.options.1.value", "../x", ("“a”", "“../x”")),
    *[
        ("steps.0.questions.1.validation", rules, ("“b”", f"“{name}” cannot be used"))
        for name, rules in [
            ("max_lenght", {"max_lenght": 5}), ("max_length", {"max_length": "5"}),
            ("max_length", {"max_length": True}), ("min_length", {"min_length": 9, "max_length": 5}),
            ("regex", {"regex": r"(\w+ ?)+"}), ("regex", {"regex": 5}),
            ("different_from", {"different_from": ["a"]}), ("min_question", {"min_question": {}}),
            ("accept", {"accept": 5}), ("extensions", {"extensions": [1]}), ("area", {"area": []}),
            ("options_from", {"options_from": "planets"}),
        ]
    ],
    # What the page cannot hold, or the database.
    ("title", {"uz": "Uzun " * 100}, ("title",)),
    ("identification_level", "wizard", ("identification_level",)),
]  # fmt: skip


@pytest.mark.parametrize(("place", "value", "words"), WRONG)
def test_what_is_wrong_is_told_with_its_place(
    home: Page, place: str, value: Any, words: tuple[str, ...]
) -> None:
    user = admin()
    with translation.override("en"), pytest.raises(SchemaError) as caught:
        make_from_json(changed(place, value), home, "form-bad", user)
    for part in words:
        assert part in str(caught.value)
    assert not FormPage.objects.filter(definition__key="form-bad").exists()


def test_in_the_language_of_the_reader(home: Page) -> None:
    said = set()
    user = admin()
    for language in ("uz", "ru", "kaa", "en"):
        with translation.override(language), pytest.raises(SchemaError) as caught:
            make_from_json(changed("steps.0.questions.1.label", None), home, "form-bad", user)
        said.add(str(caught.value))
    assert len(said) == 4


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'{"key": "x",\n "title": }', "line 2, character 11"),
        (b'{"a": NaN}', "no JSON"),
        (b"\xff\xfe", "no JSON"),
        (json.dumps(changed("steps.0.questions.1.label", None)).encode(), "questions 2 “b”"),
    ],
)
def test_the_page_says_it(home: Page, editor_client: Any, content: bytes, words: str) -> None:
    section = SectionPage(
        title="Boʻlim", slug="bolim", locale=locale("uz"), content_owner="Kengash",
        reviewed_on="2026-01-01",
    )  # fmt: skip
    home.add_child(instance=section)
    User.objects.update(language="en")
    bad = SimpleUploadedFile("a.json", content, "application/json")
    data = {"key": "form-bad", "section": section.pk, "file": bad}
    with translation.override("en"):
        response = editor_client.post("/admin/forms/import/", data, HTTP_ACCEPT_LANGUAGE="en")
    assert response.status_code == 200 and words in response.content.decode()
    assert not FormDefinition.objects.filter(key="form-bad").exists()


def test_parts_in_parts_without_end(home: Page) -> None:
    deep: dict[str, Any] = question("x0")
    for number in range(1, 400):
        deep = question(f"x{number}", "repeat", questions=[deep])
    with pytest.raises(SchemaError):
        make_from_json(small_form(deep), home, "form-deep", admin())


def test_a_form_of_thousands_of_questions_is_refused_at_once() -> None:
    many = [question(f"q{number}", condition={"question": f"q{number - 1}", "operator": "filled"})
            for number in range(1, MOST_QUESTIONS + 2)]  # fmt: skip
    with translation.override("en"):
        (flaw,) = map(str, problems(Schema.from_json(small_form(question("q0"), *many))))
    assert str(MOST_QUESTIONS) in flaw


def test_an_agency_that_does_not_exist_is_named(home: Page) -> None:
    item = small_form(question("day", "reception_day", validation={"agency": "oy-vazirligi"}))
    page = make_from_json(item, home, "form-moon", admin())
    assert any("oy-vazirligi" in str(problem.message) for problem in gate.problems(page))


#: Same Uzbek words, other Russian ones; a number and a fraction; a list; a box.
TRICKY = small_form(
    question("n", "number", validation={"min": 1, "max": 20, "step": "0.5"}),
    question("box", "checkbox", required=False),
    question("kind", "choice", options=["a.1", "b-2", "c_3"]),
    question("why", condition={"any": [
        {"question": "n", "operator": "gt", "value": 5},
        {"question": "kind", "operator": "in", "value": ["a.1", "b-2"]},
        {"question": "box", "operator": "equals", "value": True},
    ]}),
    question("first", label={"uz": "Manzil", "ru": "Адрес"}),
    question("second", label={"uz": "Manzil", "ru": "Место работы"}),
    key="form-tricky",
)  # fmt: skip


@pytest.mark.parametrize("key", [*keys(), "form-rich", "form-tricky"])
def test_a_form_comes_back_as_it_was_however_often(home: Page, key: str) -> None:
    """Import, export, import again, copy: the same questions, rules and words of each language."""
    item = {"form-rich": RICH, "form-tricky": TRICKY}.get(key) or items()[key]
    user = admin()
    first = Schema.from_json(item).to_json()
    page = make_from_json(item, home, "form-one", user)
    again = make_from_json(draft_schema(page).to_json(), home, "form-two", user)
    copy = duplicate(again, home, "form-three", user)
    for made in (page, again, copy):
        held = Schema.from_json(schema_json(made)).to_json()
        for part in ("title", "steps", "checks", "personal_data", "purpose", "fee_rules",
                     "term_rules", "routing_rule"):  # fmt: skip
            assert plain(held.get(part)) == plain(first.get(part)), part


def plain(value: Any) -> Any:
    """Numbers as editors write them."""
    if isinstance(value, dict):
        return {name: plain(part) for name, part in value.items()}
    if isinstance(value, list):
        return [plain(part) for part in value]
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


# -- rules that no answer survives -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "rules"),
    [
        ("number", {"step": 0}), ("number", {"step": "-1"}), ("number", {"step": "1e-30"}),
        ("number", {"min": "1e999999999"}), ("number", {"min": 5, "max": 4}), ("number", {"max": "NaN"}),
        ("date", {"min": "2026-02-31"}), ("date", {"max": "today+99999y"}),
        ("date", {"min": "2026-03-02", "max": "2026-03-01"}), ("time", {"min": "10:00", "max": "09:00"}),
        ("multi_choice", {"min_choices": 3, "max_choices": 2}), ("repeat", {"min_items": 4, "max_items": 3}),
        ("image", {"min_width_px": 500, "max_width_px": 400}), ("file", {"max_size_kb": 10**30}),
    ],
)  # fmt: skip
def test_limits_that_cannot_hold(kind: str, rules: dict[str, Any]) -> None:
    asked = question(
        "q", kind, validation=rules, options=["a", "b"] if kind == "multi_choice" else [],
        questions=[question("inner")] if kind == "repeat" else [],
    )  # fmt: skip
    assert any("q" in str(flaw) for flaw in problems(Schema.from_json(small_form(asked))))


@pytest.mark.parametrize("value", ["tomorrow", "2026-02-31", 5])
def test_a_day_that_is_none_in_a_condition(value: Any) -> None:
    item = small_form(
        question("when", "date"),
        question("b", condition={"question": "when", "operator": "equals", "value": value}),
    )
    assert problems(Schema.from_json(item))


@pytest.mark.parametrize(
    "pattern",
    [r"(\w+ ?)+", r"(a+)+$", r"(\d{1,3} ?)+", r"(aa?)+", r"(a|aa)+", r"(.*,)*x", r"(x+x+)+y", "("],
)
def test_patterns_that_never_end_are_refused(pattern: str) -> None:
    assert not patterns.usable(pattern)


@pytest.mark.parametrize(
    "pattern",
    [r"(\w+\s)*\w+", r"([A-Z]{2}\d?)+", r"^\d{1,4}(\s*,\s*\d{1,4}){0,2}$", r"[A-Z][A-Z '\-]{1,59}",
     r"[a-z]+(-[a-z]+)*", r"([^,]*,)*x", r"(?:[a-z]|[0-9])+"],
)  # fmt: skip
def test_usual_patterns_are_taken(pattern: str) -> None:
    assert patterns.usable(pattern)


@pytest.mark.parametrize(
    ("formula", "answers"),
    [
        ("round(price * price)", {"price": 99_999_999_999_999_999_900}),
        ("word + 1", {"word": "NaN"}), ("word + 1", {"word": "Infinity"}), ("word + 1", {"word": "1e5"}),
        ("max(word, 1)", {"word": "sNaN"}),
    ],
)  # fmt: skip
def test_no_answer_breaks_a_formula(formula: str, answers: dict[str, Any]) -> None:
    schema = Schema.from_json(small_form(question("price", "money"), question("word")))
    assert formulas.evaluate(formula, answers, schema.by_key) is None


def test_too_many_or_too_few_entries_are_told_and_none_is_lost() -> None:
    group = question("kids", "repeat", validation={"min_items": 2, "max_items": 3},
                     questions=[question("name")])  # fmt: skip
    schema = Schema.from_json(small_form(group))
    for count in (1, 4):
        sent: dict[str, Any] = {"kids-item": [str(n) for n in range(count)]}
        sent |= {f"kids-{n}-name": f"Bola {n}" for n in range(count)}
        result = validate(schema, None, sent, "en")
        assert result.errors.keys() == {"kids"}
        assert result.cleaned["kids"] == [{"name": f"Bola {n}"} for n in range(count)]
        # Nothing of it can be sent so.
        assert validate_answers(schema, result.cleaned, "en").errors.keys() == {"kids"}
