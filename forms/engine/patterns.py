"""Patterns that answers must fit: whether one can be used, and whether it is read in time.

A pattern such as `(\\w+ ?)+` tries every way to divide a text before it says no: thirty letters are
enough to keep a worker busy for hours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

#: Letters by which sets of characters are compared.
_SAMPLE = frozenset(map(chr, range(0x20, 0x7F))) | frozenset("яʻ\n")
#: A group that repeats fewer times has few ways to be divided.
_OFTEN = 10
_REPEATS = {codes.MAX_REPEAT, codes.MIN_REPEAT}
_CATEGORIES = {
    codes.CATEGORY_DIGIT: r"\d", codes.CATEGORY_NOT_DIGIT: r"\D", codes.CATEGORY_SPACE: r"\s",
    codes.CATEGORY_NOT_SPACE: r"\S", codes.CATEGORY_WORD: r"\w", codes.CATEGORY_NOT_WORD: r"\W",
}  # fmt: skip


def usable(pattern: str) -> bool:
    """Whether a pattern can be read, and answers be held against it in time."""
    try:
        re.compile(pattern, re.ASCII)
        tree = parser.parse(pattern, re.ASCII)
    except (re.error, OverflowError, RecursionError):
        return False
    return not any(map(_explodes, _often_repeated(tree)))


def _often_repeated(part: Any) -> Iterator[Any]:
    """The bodies of all groups that may repeat often."""
    for operator, argument in part:
        if operator in _REPEATS:
            if argument[1] == codes.MAXREPEAT or argument[1] >= _OFTEN:
                yield argument[2]
            yield from _often_repeated(argument[2])
        else:
            for inner in _inside(operator, argument):
                yield from _often_repeated(inner)


def _inside(operator: Any, argument: Any) -> list[Any]:
    """What stands inside a part that is no repetition."""
    if operator is codes.SUBPATTERN:
        return [argument[-1]]
    if operator is codes.BRANCH:
        return list(argument[1])
    if operator is codes.ATOMIC_GROUP:
        return [argument]
    return []


def _explodes(body: Any) -> bool:
    """Whether a repeated body can be divided in many ways: a part of it has no fixed length, and no
    other part that must stand there tells where it ends."""
    parts = list(_flat(body))
    widths = [_width(body, part) for part in parts]
    for at, (part, (least, most)) in enumerate(zip(parts, widths, strict=True)):
        if least == most:
            continue
        own = _characters(part)
        others = (p for n, p in enumerate(parts) if n != at and widths[n][0])
        if not any(own.isdisjoint(_characters(other)) for other in others):
            return True
    return False


def _flat(body: Any) -> Iterator[Any]:
    for operator, argument in body:
        if operator is codes.SUBPATTERN:
            yield from _flat(argument[-1])
        else:
            yield operator, argument


def _width(body: Any, part: Any) -> tuple[int, int]:
    least, most = parser.SubPattern(body.state, [part]).getwidth()
    return int(least), int(most)


def _characters(part: Any) -> frozenset[str]:
    """Which letters of the sample a part may hold."""
    operator, argument = part
    if operator in _REPEATS:
        return frozenset().union(*map(_characters, argument[2]))
    if inner := _inside(operator, argument):
        return frozenset().union(*(_characters(one) for body in inner for one in body))
    if operator is codes.LITERAL:
        return frozenset(chr(argument))
    if operator is codes.NOT_LITERAL:
        return _SAMPLE - {chr(argument)}
    if operator is codes.ANY:
        return _SAMPLE - {"\n"}
    if operator is codes.IN:
        found = frozenset().union(*map(_of_set, argument))
        return _SAMPLE - found if argument[0][0] is codes.NEGATE else found
    return frozenset() if operator is codes.AT else _SAMPLE


def _of_set(part: Any) -> frozenset[str]:
    operator, argument = part
    if operator is codes.LITERAL:
        return frozenset(chr(argument))
    if operator is codes.RANGE:
        first, last = argument
        return frozenset(c for c in _SAMPLE if first <= ord(c) <= last)
    if operator is codes.CATEGORY:
        return frozenset(c for c in _SAMPLE if re.match(_CATEGORIES[argument], c, re.ASCII))
    return frozenset()
