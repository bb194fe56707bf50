"""Groups of conditions, options and steps that depend, repeating groups, formulas, rules across
questions: how they go together."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from forms.engine import advice, formulas
from forms.engine.checking import problems
from forms.engine.conditions import kept, visible
from forms.engine.schema import Schema, SchemaError
from forms.engine.validation import validate, validate_answers
from tests.forms.factories import filled_answers, question, small_form

pytestmark = pytest.mark.usefixtures("lists")


def is_(key: str, value: Any, operator: str = "equals") -> dict[str, Any]:
    return {"question": key, "operator": operator, "value": value}


def form(*questions: dict[str, Any], **members: Any) -> Schema:
    return Schema.from_json(small_form(*questions, **members))


def flaws(schema: Schema) -> list[str]:
    with translation.override("en"):
        return [str(flaw) for flaw in problems(schema)]


KIND = question("kind", "choice", options=["a", "b", "c"])
OWNS = question("owns", "yes_no")


# -- conditions together ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("joined", "kind", "owns", "asked"),
    [
        ("all", "a", "yes", True), ("all", "a", "no", False), ("all", "b", "yes", False),
        ("any", "a", "no", True), ("any", "b", "yes", True), ("any", "b", "no", False),
    ],
)  # fmt: skip
def test_all_or_any(joined: str, kind: str, owns: str, asked: bool) -> None:
    condition = {joined: [is_("kind", "a"), is_("owns", "yes")]}
    schema = form(KIND, OWNS, question("more", condition=condition))
    assert flaws(schema) == []
    assert ("more" in visible(schema, {"kind": kind, "owns": owns})) is asked
    assert schema == Schema.from_json(schema.to_json())


@pytest.mark.parametrize(
    "condition",
    [
        {"all": []}, {"any": [None]}, {"all": [], "any": []}, {"all": "kind"},
        {"all": [{"any": [{"all": [{"any": [is_("kind", "a")]}]}]}]},
    ],
)  # fmt: skip
def test_groups_without_sense_are_refused(condition: Any) -> None:
    with pytest.raises(SchemaError):
        form(KIND, question("more", condition=condition))


def test_an_answer_is_compared_with_another() -> None:
    schema = form(
        question("low", "money"),
        question("high", "money"),
        question("why", condition={
            "question": "high", "operator": "lt", "value": None, "value_question": "low",
        }),
    )  # fmt: skip
    assert flaws(schema) == []
    assert "why" in visible(schema, {"low": 200, "high": 100})
    assert "why" not in visible(schema, {"low": 100, "high": 100})
    assert "why" not in visible(schema, {"high": 100})


def test_options_depend_on_answers() -> None:
    item = small_form(KIND, question("part", "select", options=["x", "y"]))
    item["steps"][0]["questions"][1]["options"][1]["condition"] = is_("kind", "a")
    schema = Schema.from_json(item)
    assert flaws(schema) == []
    assert validate(schema, None, {"kind": "a", "part": "y"}, "en").errors == {}
    said = validate(schema, None, {"kind": "b", "part": "y"}, "en").errors
    assert said == {"part": "Choose one of the answers offered."}
    assert validate_answers(schema, {"kind": "b", "part": "y"}, "en").errors.keys() == {"part"}


def two_steps(condition: dict[str, Any] | None) -> Schema:
    item = small_form(KIND, OWNS)
    second = {"key": "two", "title": {"uz": "Ikkinchi"}, "questions": [question("more")]}
    item["steps"].append(second | {"condition": condition})
    return Schema.from_json(item)


def test_steps_depend_on_answers() -> None:
    schema = two_steps(is_("kind", "a"))
    assert flaws(schema) == []
    assert "more" in visible(schema, {"kind": "a"})
    assert kept(schema, {"kind": "b", "more": "x"}) == {"kind": "b"}


# -- what publishing refuses -----------------------------------------------------------------------


def test_loops_are_named_with_their_way() -> None:
    schema = form(
        question("a", condition=is_("b", None, "filled")),
        question("b", condition=is_("c", None, "filled")),
        question("c", condition=is_("a", None, "filled")),
    )
    loops = [text for text in flaws(schema) if "wait for each other" in text]
    assert len(loops) == 1
    assert all(key in loops[0] for key in "abc")


@pytest.mark.parametrize(
    ("condition", "lost"),
    [
        ({"all": [is_("kind", "a"), is_("kind", "b")]}, True),
        ({"all": [is_("count", "5", "gt"), is_("count", "5", "lt")]}, True),
        ({"all": [is_("count", "4", "gt"), is_("count", "6", "lt")]}, False),
        ({"any": [is_("kind", "a"), is_("kind", "b")]}, False),
        ({"all": [is_("owns", "yes"), is_("hidden", "x")]}, False),
        ({"all": [is_("owns", "no"), is_("hidden", "x")]}, True),
    ],
)
def test_what_no_answer_leads_to(condition: dict[str, Any], lost: bool) -> None:
    item = small_form(
        KIND, OWNS, question("count", "number"),
        question("hidden", condition=is_("owns", "yes")),
        question("more", condition=condition),
    )  # fmt: skip
    said = flaws(Schema.from_json(item))
    assert bool(said) is lost
    assert all("more" in text for text in said)


def test_a_step_that_no_answer_leads_to() -> None:
    schema = two_steps({"all": [is_("kind", "a"), is_("kind", "c")]})
    assert flaws(schema) == ["No answer ever leads to the step “two”."]


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (question("p", "repeat"), "holds questions"),
        (question("p", questions=[question("x")]), "holds questions"),
        (question("p", "repeat", questions=[question("x", "file")]), "repeating group"),
        (question("p", "calculated", validation={"formula": "nothing + 1"}), "not asked before"),
        (question("p", "calculated", validation={"formula": "1 +"}), "formula cannot be read"),
        (question("p", validation={"different_from": "later"}), "different_from"),
        (question("p", "time", validation={"min": "25:00"}), "“min”"),
        (question("p", "coordinates", validation={"area": "moon"}), "area"),
    ],
)
def test_parts_that_cannot_work(broken: dict[str, Any], words: str) -> None:
    assert any(words in text for text in flaws(form(OWNS, broken)))


def test_rules_across_questions_name_questions_that_exist() -> None:
    check = {"question": "gone", "condition": is_("owns", "no"), "message": {"uz": "Xato"}}
    assert any("gone" in text for text in flaws(form(OWNS, checks=[check])))


# -- rules -----------------------------------------------------------------------------------------


def test_a_rule_across_questions_speaks_at_its_question() -> None:
    wrong = {"question": "last", "operator": "lt", "value_question": "first"}
    check = {"question": "last", "condition": wrong, "message": {"uz": "Tartib", "en": "Order"}}
    schema = form(question("first", "time"), question("last", "time"), checks=[check])
    assert flaws(schema) == []
    sent = {"first": "10:00", "last": "09:00"}
    result = validate(schema, None, sent, "en")
    assert result.errors == {"last": "Order"} and result.cleaned == {"first": "10:00"}
    assert validate_answers(schema, sent, "uz").errors == {"last": "Tartib"}
    assert validate(schema, None, sent | {"last": "10:00"}, "en").errors == {}
    # Where the question itself is wrong, that is said, and only that.
    assert "no such time" in validate(schema, None, sent | {"last": "30"}, "en").errors["last"]


def test_a_pattern_speaks_in_words_of_its_own() -> None:
    words = {"uz": "Faqat raqamlar yozing", "en": "Write digits only"}
    schema = form(question("code", validation={"regex": r"\d+", "max_length": 4}, message=words))
    assert validate(schema, None, {"code": "x"}, "en").errors == {"code": "Write digits only"}
    # Other mistakes keep theirs.
    assert "too long" in validate(schema, None, {"code": "12345"}, "en").errors["code"]


def test_answers_that_must_differ() -> None:
    schema = form(
        question("mine", "phone"), question("other", "phone", validation={"different_from": "mine"})
    )
    same = {"mine": "610000101", "other": "+998 61 000 01 01"}
    assert validate(schema, None, same, "en").errors.keys() == {"other"}
    assert validate(schema, None, same | {"other": "610000102"}, "en").errors == {}


# -- repeating groups ------------------------------------------------------------------------------

CHILDREN = question(
    "children", "repeat", validation={"max_items": 3},
    questions=[
        question("name"),
        question("born", "date", required=False),
        question("studies", "yes_no"),
        question("school", condition=is_("studies", "yes")),
        question("code", required=False, validation={"unique": True}),
    ],
)  # fmt: skip


def posted_child(number: int, **answers: str) -> dict[str, str]:
    return {f"children-{number}-{key}": text for key, text in answers.items()}


def test_entries_are_read_each_by_itself() -> None:
    schema = form(CHILDREN)
    assert flaws(schema) == []
    raw = {
        "children-item": ["0", "4"],
        **posted_child(0, name="Birinchi", studies="yes", school="5", code="x"),
        **posted_child(4, name="Ikkinchi", studies="no", school="hidden", code="x"),
        "children-4-born": "31.02.2020",
    }
    result = validate(schema, None, raw, "en")
    # The good parts of an entry stay; each mistake stands at its input.
    assert result.cleaned == {
        "children": [
            {"name": "Birinchi", "studies": "yes", "school": "5", "code": "x"},
            {"name": "Ikkinchi", "studies": "no"},
        ]
    }
    assert result.errors.keys() == {"children-4-born", "children-4-code"}
    assert validate_answers(schema, result.cleaned, "en").errors == {}


def test_the_number_of_entries() -> None:
    schema = form(CHILDREN)
    none = validate(schema, None, {}, "en").errors
    assert none == {"children": "Add at least one entry."}
    four = {"children-item": list("0123")} | {
        key: text for n in range(4) for key, text in posted_child(n, name="x", studies="no").items()
    }
    assert "At most: 3" in validate(schema, None, four, "en").errors["children"]
    many = {"children-item": [str(n) for n in range(900)]}
    assert "At most: 3" in validate(schema, None, many, "en").errors["children"]
    assert validate(schema, None, {"children-item": ["x"]}, "en").errors.keys() == {"children"}


def test_conditions_count_entries() -> None:
    schema = form(CHILDREN, question("many", condition=is_("children", "1", "gt")))
    assert flaws(schema) == []
    assert "many" not in visible(schema, {"children": [{}]})
    assert "many" in visible(schema, {"children": [{}, {}]})


def test_a_hidden_answer_of_an_entry_is_dropped() -> None:
    schema = form(CHILDREN)
    stored = {"children": [{"name": "x", "studies": "no", "school": "5"}]}
    assert kept(schema, stored) == {"children": [{"name": "x", "studies": "no"}]}


# -- computed values -------------------------------------------------------------------------------

ANSWERS = {
    "n": "3", "sum": 150_050, "day": "2000-02-29",
    "children": [{"age": "4"}, {"age": "5"}, {}],
}  # fmt: skip
QUESTIONS = form(
    question("n", "number"), question("sum", "money"), question("day", "date"),
    question("children", "repeat", questions=[question("age", "number")]),
).by_key  # fmt: skip


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("1 + 2 * 3", "7"), ("(1 + 2) * 3", "9"), ("8 - 3 - 2", "3"), ("12 / 3 / 2", "2"),
        ("-n + 5", "2"), ("n * sum", "4501.50"), ("10 / n", "3.33"), ("2 / 3", "0.67"),
        ("count(children)", "3"), ("sum(children.age)", "9"), ("max(n, 7, 5)", "7"),
        ("min(n, 7)", "3"), ("round(sum / 100)", "15"), ("n / 0", None), ("gone + 1", None),
        ("day + 1", None), ("n", "3"),
    ],
)  # fmt: skip
def test_formulas(formula: str, value: str | None) -> None:
    found = formulas.evaluate(formula, ANSWERS, QUESTIONS)
    assert (None if found is None else float(found)) == (None if value is None else float(value))


@pytest.mark.parametrize(
    "formula",
    ["", "1 +", "+ 1", "(1", "1)", "n n", "__import__('os')", "n.__class__", "n ** 2", "1,2",
     "round(1, 2)", "count(1)", "count()", "x" * 400, "(" * 60 + "1" + ")" * 60, "n; 1"],
)  # fmt: skip
def test_formulas_that_cannot_be_read(formula: str) -> None:
    with pytest.raises(formulas.FormulaError):
        formulas.compiled(formula)


@given(st.text(alphabet="0123456789.+-*/()n, summaxround_", max_size=40))
def test_no_formula_breaks_anything(formula: str) -> None:
    try:
        formulas.evaluate(formula, ANSWERS, QUESTIONS)
    except formulas.FormulaError:
        return


def test_a_computed_value_is_never_taken_from_the_browser() -> None:
    schema = form(
        question("n", "number"),
        question("twice", "calculated", validation={"formula": "n * 2"}),
        question("why", condition=is_("twice", "9", "gt")),
    )
    assert flaws(schema) == []
    result = validate(schema, None, {"n": "4", "twice": "1000"}, "en")
    assert result.cleaned == {"n": "4", "twice": "8"} and result.errors == {}
    assert validate_answers(schema, {"n": "5", "twice": "8"}, "en").errors.keys() == {"why"}


# -- advice ----------------------------------------------------------------------------------------


def advised(schema: Schema) -> str:
    with translation.override("en"):
        return "\n".join(map(str, advice.warnings(schema)))


def test_advice_on_what_is_asked() -> None:
    said = advised(
        form(
            *(question(f"q{number}", "number") for number in range(9)),
            question("own_pinfl", "pinfl", prefill="profile.pinfl"),
        )
    )
    assert "asks much at once: 10" in said
    assert "“Savol own_pinfl” has no help" in said
    assert "does not declare: personal number" in said
    assert "“Savol own_pinfl” asks for sensitive data" in said
    assert "does not say what for" in said


def test_a_good_form_needs_no_advice() -> None:
    asked = question("own_pinfl", "pinfl", help={"uz": "ID-karta orqasida"}, sensitive=True)
    schema = form(asked, personal_data=["pinfl"], purpose={"uz": "Javob berish uchun"})
    assert advised(schema) == ""
    assert filled_answers(schema).keys() == {"own_pinfl"}
