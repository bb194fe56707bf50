"""Scripts, measured on words that the lists were not made from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from languages import karakalpak, uzbek

Pairs = list[tuple[str, str]]


def pairs(language: str) -> Pairs:
    """(Cyrillic, Latin) of one language."""
    text = (Path(__file__).parent / "unseen_words.txt").read_text(encoding="utf-8")
    part = text.split(f"[{language}]")[1].split("[")[0]
    return [(p.split()[0], p.split()[1]) for p in part.replace("\n", "|").split("|") if p.strip()]


def share(convert: Callable[[str], str], words: Pairs) -> float:
    """How many of (word, expected) come out exactly."""
    return sum(convert(word) == expected for word, expected in words) / len(words)


@pytest.mark.parametrize(
    ("language", "least", "to_latin", "to_cyrillic"),
    [
        ("uz", 500, uzbek.to_latin, uzbek.to_cyrillic),
        ("kaa", 90, karakalpak.to_latin, karakalpak.to_cyrillic),
    ],
)
def test_words_convert_both_ways(
    language: str, least: int, to_latin: Callable[[str], str], to_cyrillic: Callable[[str], str]
) -> None:
    words = pairs(language)
    assert len(words) >= least
    assert share(to_latin, words) >= 0.99
    assert share(to_cyrillic, [(latin, cyrillic) for cyrillic, latin in words]) >= 0.98
