"""The rules of single questions: which there are, and whether their values can be used."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from core.typed import number_typed
from forms.engine import patterns, references
from forms.engine.schema import Question
from forms.engine.types.dates import resolve
from forms.engine.types.files import ENDINGS
from forms.engine.types.places import CoordinatesType

#: Rules whose value is a whole number.
INTEGERS = frozenset(
    {
        "min_length", "max_length", "min_choices", "max_choices", "max_size_kb", "max_files",
        "min_width_px", "min_height_px", "max_width_px", "max_height_px", "min_items", "max_items",
        "max_days",
    }
)  # fmt: skip
#: Rules whose value is a list of words.
LISTS = frozenset({"accept", "extensions"})
#: Rules that may be a number or something else (a date, a decimal fraction).
NUMBERS_OR_TEXTS = frozenset({"min", "max", "step"})
SWITCHES = frozenset({"unique", "keep_original"})
#: Rules that name another question.
_KEYS = frozenset({"min_question", "different_from", "agency_question"})
TEXTS = _KEYS | {"regex", "options_from", "formula", "unit", "area", "agency"}
KNOWN = INTEGERS | LISTS | NUMBERS_OR_TEXTS | SWITCHES | TEXTS
#: The least of something, and the most.
_PAIRS = (
    ("min_length", "max_length"), ("min_choices", "max_choices"), ("min_items", "max_items"),
    ("min_width_px", "max_width_px"), ("min_height_px", "max_height_px"), ("min", "max"),
)  # fmt: skip
_DATES = frozenset({"date", "date_range"})
#: The day from which relative limits are tried out, so that none leaves the calendar one day.
_SOME_DAYS = (date(2000, 1, 1), date(2200, 1, 1))


def wrong(question: Question, earlier: Mapping[str, Question]) -> list[str]:
    """Names of the rules of a question that cannot be used; `earlier` are the questions before it.

    What has the wrong shape is not looked at further.
    """
    rules = question.validation
    found = sorted(name for name in rules if name not in KNOWN or not _has_shape(name, rules[name]))
    return found or sorted(_wrong(question, earlier))


def _has_shape(name: str, value: Any) -> bool:
    if name in INTEGERS:
        return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**9
    if name in SWITCHES:
        return isinstance(value, bool)
    if name in LISTS:
        return isinstance(value, list) and all(isinstance(one, str) for one in value)
    if name in NUMBERS_OR_TEXTS:
        return isinstance(value, int | float | str) and not isinstance(value, bool)
    return isinstance(value, str)


def _wrong(question: Question, earlier: Mapping[str, Question]) -> Iterator[str]:
    rules = question.validation
    if "regex" in rules and not patterns.usable(rules["regex"]):
        yield "regex"
    limits = [name for name in NUMBERS_OR_TEXTS if name in rules]
    bad = [name for name in limits if not _is_limit(name, rules[name], question.type)]
    yield from bad
    if not bad:
        yield from _crossed(question)
    for name in _KEYS & rules.keys():
        other = earlier.get(rules[name])
        kinds = {"min_question": {"date"}, "different_from": {question.type}}.get(name)
        if rules[name] and (other is None or (kinds and other.type not in kinds)):
            yield name
    if rules.get("options_from") and rules["options_from"] not in references.known():
        yield "options_from"
    if rules.get("area", "") not in CoordinatesType.bounds:
        yield "area"
    if question.type in {"file", "image"}:
        known = {ending for endings in ENDINGS.values() for ending in endings}
        if not set(rules.get("accept") or ()) <= set(ENDINGS):
            yield "accept"
        if not {ending.lower() for ending in rules.get("extensions") or ()} <= known:
            yield "extensions"


def _is_limit(name: str, value: Any, kind: str) -> bool:
    if kind in _DATES:
        try:
            return all(resolve(str(value), day) is not None for day in _SOME_DAYS)
        except (ValueError, OverflowError):
            return False
    if kind == "time":
        return bool(re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", str(value)))
    number = number_typed(str(value))
    return number is not None and (name != "step" or number > 0)


def _crossed(question: Question) -> Iterator[str]:
    """Rules that no answer keeps: the least is more than the most."""
    for low, high in _PAIRS:
        if {low, high} <= question.validation.keys():
            pair = [_measure(question.validation[name], question.type) for name in (low, high)]
            if pair[0] > pair[1]:
                yield low


def _measure(value: Any, kind: str) -> Any:
    """What a limit is compared by: a day, a time, a number."""
    if kind in _DATES and not isinstance(value, int):
        return resolve(value, _SOME_DAYS[0])
    return value if kind == "time" else number_typed(str(value))
