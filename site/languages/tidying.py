"""One spelling of signs and letters, whoever typed them: for texts as editors save them.

`tidy` brings an Uzbek or Karakalpak text to one ʻ, one ʼ and letters of one script in each word.
`latin` turns Cyrillic words of an Uzbek text into Latin and says which a person should look at.
"""

from __future__ import annotations

import re

from languages import karakalpak, uzbek
from languages.signs import ANY, LETTER, outside_protected

#: Cyrillic letter → the Latin one that looks the same.
_TO_LATIN = str.maketrans("АВЕКМНОРСТУХІЈЅаеорсухіјѕ", "ABEKMHOPCTYXIJSaeopcyxijs")
_TO_CYRILLIC = str.maketrans("ABEKMHOPCTYXaeopcyx", "АВЕКМНОРСТУХаеорсух")
_CYRILLIC, _LATIN = re.compile("[\u0400-\u04ff]"), re.compile("[A-Za-z\u00c0-\u024f]")
_WORD = re.compile(rf"{LETTER}(?:{LETTER}|[{ANY}](?={LETTER}))*")
#: Letters that one Latin letter does not stand for alone (ц is ts or s, щ and ы are Russian).
_UNSURE = re.compile("[цщыЦЩЫ]|(?<=[А-Яа-яЎўҚқҒғҲҳ])[эЭ]")
_NORMALISE = {"uz": uzbek.normalise, "kaa": karakalpak.normalise}


def _of_one_script(match: re.Match[str]) -> str:
    """A word whose letters of the other script only look right, written in its own."""
    word = match.group()
    if not _CYRILLIC.search(word) or not _LATIN.search(word):
        return word
    latin, cyrillic = word.translate(_TO_LATIN), word.translate(_TO_CYRILLIC)
    # Whichever script is able to write the whole word; ambiguous or truly mixed ones stay.
    can_be_latin, can_be_cyrillic = not _CYRILLIC.search(latin), not _LATIN.search(cyrillic)
    if can_be_latin == can_be_cyrillic:
        return latin if can_be_latin and _mostly_latin(word) else word
    return latin if can_be_latin else cyrillic


def _mostly_latin(word: str) -> bool:
    return len(_LATIN.findall(word)) >= len(_CYRILLIC.findall(word))


def tidy(text: str, language: str) -> str:
    """Plain text in `language` with one way to write each sign; other languages stay. Idempotent."""
    normalise = _NORMALISE.get(language)
    if normalise is None:
        return text
    return normalise(outside_protected(text, lambda part: _WORD.sub(_of_one_script, part)))


def changed_words(before: str, after: str) -> list[tuple[str, str]]:
    """(old, new) of the words of plain text that `tidy` changed, in their order."""
    pairs = zip(before.split(), after.split(), strict=False)
    return [(old, new) for old, new in pairs if old != new]


def doubtful(text: str) -> list[str]:
    """Cyrillic words of an Uzbek text whose Latin spelling a person should look at.

    Those with letters that Latin writes in more than one way, and those that do not come back when
    converted to and fro.
    """
    found = []
    for match in _WORD.finditer(text):
        word = match.group()
        if not _CYRILLIC.search(word):
            continue
        back = uzbek.to_cyrillic(uzbek.to_latin(word))
        if _LATIN.search(word) or _UNSURE.search(word) or back != word:
            found.append(word)
    return list(dict.fromkeys(found))


def latin(text: str) -> str:
    """An Uzbek text in Latin script, tidied; what is Latin stays."""
    return tidy(uzbek.to_latin(tidy(text, "uz")), "uz")
