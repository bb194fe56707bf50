"""Karakalpak Cyrillic ⇄ Latin of 2016.

Source: resolution 92/IX of 10 June 2016 and the rules of spelling on kaa.wikipedia. Cyrillic ў is w
here, where Uzbek has oʻ.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from languages.karakalpak.spelling import lower, normalise_part, upper
from languages.signs import WORD, is_cyrillic, outside_protected, read_lines, stays_latin

_LATIN = dict(
    zip(
        "аәбвгғджзийкқлмнңоөпрстуүўфхҳцчшщыеэёюя",
        "a á b v g ǵ d j z i y k q l m n ń o ó p r s t u ú w f x h"
        " c ch sh sh ı e e yo yu ya".split(),
        strict=True,
    )
)
_CYRILLIC = {latin: cyrillic for cyrillic, latin in _LATIN.items() if cyrillic not in "щэ"}
_AFTER_SIGN = {"е": "ye", "и": "yi", "о": "yo"}

_MONTHS_LATIN = "yanvar|fevral|mart|aprel|may|iyun|iyul|avgust|sentyabr|oktyabr|noyabr|dekabr"
_MONTHS_CYRILLIC = (
    "январь?|февраль?|март|апрель?|май|июнь?|июль?|август|сентябрь?|октябрь?|ноябрь?|декабрь?"
)
_YEAR_LATIN = re.compile(r"(?<!\d)(\d{4})-(?=jıl)", re.IGNORECASE)
_YEAR_CYRILLIC = re.compile(r"(?<![\d.,])([12]\d{3})[ \u00a0](?=жыл)", re.IGNORECASE)
_DAY_LATIN = re.compile(rf"(?<![\d-])([0-3]?\d)-(?={_MONTHS_LATIN})", re.IGNORECASE)
_DAY_CYRILLIC = re.compile(rf"(?<![\d-])([0-3]?\d)[ \u00a0](?={_MONTHS_CYRILLIC})", re.IGNORECASE)
_SUFFIXES = re.compile(
    r"""(?:l[ae]r|[ıi]m[ıi]z|[ıi]ń[ıi]z|[ıi]m|[ıi]ń|[ıi]|s[ıi]|m|ń|[ndt][ıi]ń|[ndt][ıi]|[ǵ]a|ge|qa|ke
    |n?[dt][ae]n?|n[ae]n?|n[ae]|d[ae]ǵ?g?[ıi]|shı|shi|l[ıi]q|l[ıi]k|l[ıi]|s[ıi]z|sh[ae]|menen){0,5}""",
    re.VERBOSE,
)
_LOANS: dict[str, tuple[str, bool]] = {}


def _apply_case(source: str, result: str) -> str:
    """`result` in the case of `source`: small, Title or CAPITALS."""
    letters = [c for c in source if c.isalpha()]
    if len(letters) > 1 and all(c.isupper() for c in letters):
        return upper(result)
    return upper(result[:1]) + result[1:] if letters and letters[0].isupper() else result


def _mixed(word: str) -> bool:
    return any(c.isupper() for c in word[1:]) and not word.isupper()


def _letters_to_latin(small: str) -> str:
    result = []
    for index, letter in enumerate(small):
        if letter in "ъь":
            continue
        if index and small[index - 1] in "ъь":
            result.append(_AFTER_SIGN.get(letter, _LATIN.get(letter, letter)))
        else:
            result.append(_LATIN.get(letter, letter))
    return "".join(result)


@lru_cache(maxsize=50_000)
def word_to_latin(word: str) -> str:
    """One word; Latin letters in it stay."""
    if not any(map(is_cyrillic, word)):
        return word
    if _mixed(word):
        return "".join(
            _apply_case(letter + word[index + 1 : index + 2], _letters_to_latin(lower(letter)))
            if letter.isupper()
            else _letters_to_latin(lower(letter))
            for index, letter in enumerate(word)
        )
    return _apply_case(word, _letters_to_latin(lower(word)))


def _letters_to_cyrillic(small: str) -> str:
    result, index = [], 0
    while index < len(small):
        pair = small[index : index + 2]
        step = 2 if len(pair) == 2 and pair in _CYRILLIC else 1
        result.append(_CYRILLIC.get(small[index : index + step], small[index]))
        index += step
    return "".join(result)


def _small_to_cyrillic(small: str) -> str:
    for length in range(min(len(small), _LONGEST), 2, -1):
        entry = _LOANS.get(small[:length])
        if entry is None:
            continue
        head, starred = entry
        rest = small[length:]
        if rest and not starred and not (len(rest) < 20 and _SUFFIXES.fullmatch(rest)):
            continue
        # январь, but январда
        head = head[:-1] if rest and head[-1] == "ь" else head
        return head + _letters_to_cyrillic(rest)
    return _letters_to_cyrillic(small)


@lru_cache(maxsize=50_000)
def word_to_cyrillic(word: str) -> str:
    """One word; one that has Cyrillic letters already stays, and so does a foreign one."""
    # w and c are letters of Karakalpak, so only names and numerals stay.
    if any(map(is_cyrillic, word)) or (stays_latin(word) and word.isascii() and word.isupper()):
        return word
    plain = normalise_part(word)
    if _mixed(plain):
        return "".join(
            _apply_case(match.group(), _letters_to_cyrillic(lower(match.group())))
            for match in re.finditer("[sScC][hH]|[yY][oOuUaA]|.", plain)
        )
    return _apply_case(plain, _small_to_cyrillic(lower(plain)))


def _part_to_latin(part: str) -> str:
    part = _DAY_CYRILLIC.sub(r"\1-", _YEAR_CYRILLIC.sub(r"\1-", part))
    return WORD.sub(lambda match: word_to_latin(match.group()), part)


def _part_to_cyrillic(part: str) -> str:
    part = _DAY_LATIN.sub(r"\1 ", _YEAR_LATIN.sub(r"\1 ", normalise_part(part)))
    return WORD.sub(lambda match: word_to_cyrillic(match.group()), part)


def to_latin(text: str) -> str:
    """Cyrillic words → Latin of 2016; addresses, codes and what is Latin already stay."""
    return outside_protected(text, _part_to_latin)


def to_cyrillic(text: str) -> str:
    """Latin words, of today's or the older spelling → Cyrillic; addresses and codes stay."""
    return outside_protected(unicodedata.normalize("NFC", text), _part_to_cyrillic)


def _load() -> None:
    for name in ("loanwords.txt", "kaa_loanwords.txt"):
        for line in read_lines(name):
            stem = line.partition("\t")[0]
            bare = stem.rstrip("*")
            # Uzbek words of the common list have no place here.
            if name == "loanwords.txt" and _UZBEK.search(bare):
                continue
            own = _letters_to_latin(bare)
            if _letters_to_cyrillic(own) != bare:
                _LOANS[own] = (bare, stem.endswith("*"))


_UZBEK = re.compile("[ўқғҳ]|ъ[жтм]|нуқ")
_load()
_LONGEST = max(map(len, _LOANS))
