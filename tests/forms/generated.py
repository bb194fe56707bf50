"""Forms and answers made by chance, from a seed: every kind of condition, option, group, formula."""

from __future__ import annotations

from random import Random
from typing import Any

from forms.engine.schema import Schema
from tests.forms.factories import question, small_form

#: Kinds of the questions that are made, as often as they stand here.
_KINDS = (
    "choice", "choice", "select", "multi_choice", "checkbox", "yes_no", "number", "number", "money",
    "date", "time", "text", "repeat", "calculated", "calculated",
)  # fmt: skip
_OPTIONS = ("a", "b", "c")
_VALUES: dict[str, tuple[Any, ...]] = {
    "choice": _OPTIONS, "select": _OPTIONS, "multi_choice": _OPTIONS, "checkbox": (True,),
    "yes_no": ("yes", "no"), "number": ("2", 9, "3.5"), "money": ("1000", 250.5),
    "date": ("2026-03-05", "2030-01-01"), "time": ("09:30", "13:00"), "text": ("bor", "10"),
    "repeat": (1, "2"), "calculated": ("5", 12, "0"),
}  # fmt: skip
_OPERATORS: dict[str, tuple[str, ...]] = {
    "multi_choice": ("contains",), "checkbox": ("equals",), "text": ("equals", "not_equals"),
    "choice": ("equals", "not_equals", "in"), "select": ("equals", "not_equals", "in"),
    "yes_no": ("equals", "not_equals"), "number": ("equals", "gt", "lt"), "money": ("gt", "lt"),
    "date": ("equals", "gt", "lt"), "time": ("gt", "lt"), "repeat": ("gt", "lt", "equals"),
    "calculated": ("gt", "lt", "equals"),
}  # fmt: skip
_COMPARED = ("number", "money", "calculated")
#: What people type, by type; what the server refuses is among it.
_TYPED: dict[str, tuple[str, ...]] = {
    "number": ("", "0", "2", "3,5", "9", "10", " 1 0 ", "-7", "x", "\u22122", "1'0", "1e1", "0,1"),
    "money": (
        "",
        "1000",
        "1 000",
        "250,5",
        "999.99",
        "0",
        "1,15",
        "0.29",
        "15.000",
        "-5",
        "1'000,05",
    ),
    "text": ("", "  ", "bor", " bor ", "10"),
}
_DAYS = (
    ("", "", ""),
    ("5", "3", "2026"),
    ("06", "03", "2026"),
    ("1", "1", "2030"),
    ("29", "2", "2024"),
)
_HOURS = (("", ""), ("9", "30"), ("13", "0"), ("23", "59"))


def form(seed: int) -> Schema:
    """A form of three steps on one page."""
    chance = Random(seed)
    earlier: list[dict[str, Any]] = []
    steps: list[dict[str, Any]] = []
    for number in range(3):
        made: list[dict[str, Any]] = []
        condition = _condition(chance, earlier) if number else None
        for _count in range(chance.randint(4, 6)):
            asked = _question(chance, f"q{len(earlier)}", earlier)
            made.append(asked)
            earlier.append(asked)
        steps.append({"key": f"s{number}", "title": {"uz": f"{number}"}, "questions": made,
                      "condition": condition})  # fmt: skip
    return Schema.from_json(small_form() | {"steps": steps, "layout": "one_page"})


def _question(chance: Random, key: str, earlier: list[dict[str, Any]]) -> dict[str, Any]:
    kind = chance.choice(_KINDS)
    members: dict[str, Any] = {"required": False}
    if chance.random() < 0.6:
        members["condition"] = _condition(chance, earlier)
    if kind == "calculated":
        formula = _formula(chance, earlier)
        kind, members = ("calculated", members | {"validation": {"formula": formula}}) if formula \
            else ("number", members)  # fmt: skip
    if kind in {"choice", "select", "multi_choice"}:
        members["options"] = list(_OPTIONS)
    if kind == "repeat":
        members["validation"] = {"max_items": 3}
        members["questions"] = _inside(chance, key, earlier)
    made = question(key, kind, **members)
    for option in made["options"]:
        if chance.random() < 0.4 and option["value"] != "a":
            option["condition"] = _condition(chance, earlier)
    return made


def _inside(chance: Random, key: str, earlier: list[dict[str, Any]]) -> list[dict[str, Any]]:
    inside: list[dict[str, Any]] = []
    for at, kind in enumerate(("number", chance.choice(("choice", "checkbox", "text")), "text")):
        options = {"options": list(_OPTIONS)} if kind == "choice" else {}
        condition = _condition(chance, inside or earlier) if at else None
        made = question(f"{key}_{at}", kind, required=False, condition=condition, **options)
        for option in made["options"][1:]:
            option["condition"] = _condition(chance, inside)
        inside.append(made)
    return inside


def _condition(
    chance: Random, earlier: list[dict[str, Any]], depth: int = 0
) -> dict[str, Any] | None:
    if not earlier:
        return None
    if depth < 2 and chance.random() < 0.3:
        name = chance.choice(("all", "any"))
        return {name: [_condition(chance, earlier, depth + 1) for _part in range(2)]}
    on = chance.choice(earlier)
    if chance.random() < 0.25:
        return {"question": on["key"], "operator": chance.choice(("filled", "empty"))}
    operator = chance.choice(_OPERATORS[on["type"]])
    others = [q for q in earlier if q["type"] in _COMPARED and q is not on]
    if on["type"] in _COMPARED and others and chance.random() < 0.3:
        other = chance.choice(others)["key"]
        return {"question": on["key"], "operator": operator, "value_question": other}
    values = _VALUES[on["type"]]
    value: Any = chance.choice(values)
    if operator == "in":
        value = list(values[:2])
    return {"question": on["key"], "operator": operator, "value": value}


def _formula(chance: Random, earlier: list[dict[str, Any]]) -> str:
    numbers = [q["key"] for q in earlier if q["type"] in _COMPARED]
    made = [f"count({q['key']}) * 2" for q in earlier if q["type"] == "repeat"]
    made += [f"sum({q['key']}.{q['key']}_0) - 1" for q in earlier if q["type"] == "repeat"]
    made += [f"age({q['key']})" for q in earlier if q["type"] == "date"]
    if numbers:
        a, b = chance.choice(numbers), chance.choice(numbers)
        made += [f"{a} + {b}", f"({a} - {b}) / 3", f"-{a} / 8", f"min({a}, {b}, 5)",
                 f"max({a}, 0) * 1.5", f"round({a} / 4)", f"{a} / ({b} - {b})"]  # fmt: skip
    return chance.choice(made) if made else ""


def typed(chance: Random, schema: Schema) -> dict[str, Any]:
    """What somebody puts into every box of a form, asked for or not: name of the input → value."""
    values: dict[str, Any] = {}
    for asked in schema.questions():
        values |= _typed(chance, asked.type, asked.key)
        for number in range(2):
            for inner in asked.questions:
                values |= _typed(chance, inner.type, f"{asked.key}-{number}-{inner.key}")
    return values


def _typed(chance: Random, kind: str, name: str) -> dict[str, Any]:
    match kind:
        case "date":
            return dict(
                zip(
                    (f"{name}-day", f"{name}-month", f"{name}-year"),
                    chance.choice(_DAYS),
                    strict=True,
                )
            )
        case "time":
            return dict(zip((f"{name}-hour", f"{name}-minute"), chance.choice(_HOURS), strict=True))
        case "choice" | "select":
            return {name: chance.choice(("", *_OPTIONS))}
        case "multi_choice":
            return {name: [one for one in _OPTIONS if chance.random() < 0.4]}
        case "checkbox":
            return {name: chance.choice(("", "on"))}
        case "yes_no":
            return {name: chance.choice(("", "yes", "no"))}
        case "repeat" | "calculated":
            return {}
    return {name: chance.choice(_TYPED[kind])}
