"""The Latin spelling of 2026: ö ğ ş ç for oʻ gʻ sh ch. The tutuq sign stays (Isʼhoq)."""

from __future__ import annotations

import re

from languages.signs import TURNED, outside_protected
from languages.uzbek.spelling import normalise

_NEW = {f"o{TURNED}": "ö", f"g{TURNED}": "ğ", "sh": "ş", "ch": "ç"}
_OLD = {new: old for old, new in _NEW.items()}
_OLD_LETTERS = re.compile(rf"[oOgG]{TURNED}|[sScC][hH]")
_NEW_LETTERS = re.compile("[öğşçÖĞŞÇ]")
#: Letters typed as a base and a mark, and the Romanian ș.
_TYPED = {
    "o\u0308": "ö", "O\u0308": "Ö", "g\u0306": "ğ", "G\u0306": "Ğ", "s\u0327": "ş",
    "S\u0327": "Ş", "c\u0327": "ç", "C\u0327": "Ç",
}  # fmt: skip


def _old(letter: str, before: str, after: str) -> str:
    """The two signs of a new letter; a capital one has two capitals among capitals."""
    pair = _OLD[letter.lower()]
    if letter.islower():
        return pair
    whole = after.isupper() or (before.isupper() and not after.islower())
    return pair.upper() if whole else pair[0].upper() + pair[1]


def expand(text: str) -> str:
    """`from_new_latin` without regard for addresses; ș counts as ş."""
    return _expand(text.replace("ș", "ş").replace("Ș", "Ş"))


def _expand(text: str) -> str:
    for typed, letter in _TYPED.items():
        if typed in text:
            text = text.replace(typed, letter)
    return _NEW_LETTERS.sub(
        lambda match: _old(
            match.group(),
            text[match.start() - 1 : match.start()] if match.start() else "",
            text[match.end() : match.end() + 1],
        ),
        text,
    )


def _shrink(text: str) -> str:
    """Old → new, but only where the way back gives the same letters (so AShxo keeps its Sh)."""
    result: list[str] = []
    position = 0
    for match in _OLD_LETTERS.finditer(text):
        result.append(text[position : match.start()])
        pair = match.group()
        letter = _NEW[pair.lower()]
        letter = letter if pair[0].islower() else letter.upper()
        before = next((part[-1] for part in reversed(result) if part), "")
        back = _old(letter, before, text[match.end() : match.end() + 1])
        result.append(letter if back == pair else pair)
        position = match.end()
    return "".join([*result, text[position:]])


def from_new_latin(text: str) -> str:
    """ö ğ ş ç → oʻ gʻ sh ch; `from_new_latin(to_new_latin(x)) == x` for normalised x."""
    return outside_protected(text, _expand)


def to_new_latin(text: str) -> str:
    """oʻ gʻ sh ch → ö ğ ş ç in text of any apostrophes; addresses and codes stay."""
    return outside_protected(normalise(text), _shrink)
