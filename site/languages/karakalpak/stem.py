"""A light stemmer for Karakalpak over the folded key: suffixes come off from the right.

The suffixes follow vowel harmony; folding has already merged ı with i and ń with n. Nothing shorter
than four letters with a vowel remains, except listed short stems.
"""

from __future__ import annotations

import re
from functools import lru_cache

from languages.signs import read_lines
from languages.uzbek.fold import collapse, letters

_CASES = (
    "lardin lerdin dagi degi tagi tegi ndagi ndegi gasha geshe dain dein menen benen penen "
    "nin din tin ndan nden dan den tan ten nan nen nda nde da de ta te ga ge qa ke na ne ni di ti "
    "lar ler"
).split()
_POSSESSIVES = "imiz iniz miz niz im in si i m".split()
_VOWELS = frozenset("aeiou")
_FINAL = str.maketrans({"g": "k", "q": "k", "b": "p"})
_WO = re.compile("^v(?=o)")
_SHORT = frozenset(
    letters(word) for line in read_lines("kaa_short_stems.txt") for word in line.split()
)


def kaa_letters(word: str) -> str:
    """The letters of a word folded: ў is w (v) here, and wol, yeki of 2009 are ol, eki."""
    return _WO.sub("", letters(word.replace("ў", "w").replace("Ў", "w")))


def _stands(rest: str) -> bool:
    if len(rest) > 3:
        return not _VOWELS.isdisjoint(rest)
    return rest in _SHORT


def _joins(rest: str, suffix: str) -> bool:
    """Whether a suffix of this first letter may follow: -ti after voiceless, -ni after vowels."""
    last = rest[-1]
    if suffix[0] == "t":
        return last in "ptkqshfc"
    if suffix in ("di", "din"):
        return last not in _VOWELS
    if suffix in ("ni", "nin"):
        return last in _VOWELS or last in "mn"
    return True


def _without_one(key: str) -> str:
    for suffix in _CASES:
        if key.endswith(suffix) and _stands(rest := key[: -len(suffix)]) and _joins(rest, suffix):
            return rest
    for suffix in _POSSESSIVES:
        rest = key[: -len(suffix)]
        if not key.endswith(suffix) or not _stands(rest):
            continue
        if (rest[-1] in _VOWELS) == (suffix in ("miz", "niz", "si", "m")):
            return rest
    return ""


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """One word as written → the folded key of its stem."""
    key = kaa_letters(word)
    if key.isalpha():
        while shorter := _without_one(key):
            key = shorter
        # kitap kitabı, xızmetlik xızmetligi, awıllıq awıllıǵı
        key = key[:-1] + key[-1].translate(_FINAL) if len(key) > 2 else key
    return collapse(key)
