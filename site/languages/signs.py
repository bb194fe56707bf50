"""Signs that people type for the apostrophes of Uzbek and Karakalpak, and words left alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib.resources import files

#: U+02BB: the sign of the letters oʻ and gʻ. U+02BC: the tutuq sign.
TURNED, TUTUQ = "\u02bb", "\u02bc"

#: Nineteen signs seen in place of either.
APOSTROPHES = (
    "'`\u00b4\u02b9\u02bb\u02bc\u02bd\u02be\u02bf\u02c8\u02ca\u02cb"
    "\u2018\u2019\u201b\u2032\u2035\ua78c\uff07"
)
ANY = re.escape(APOSTROPHES)
#: A letter; some of the signs are letters to Unicode, not here.
LETTER = rf"[^\W\d_{ANY}]"

#: A word with the signs inside it; a sign at its end belongs to it only after o and g.
WORD = re.compile(rf"{LETTER}(?:{LETTER}|(?<=[oOgG])[{ANY}]|[{ANY}](?={LETTER}))*")

#: Addresses, mail, names of files and accounts, codes: never converted. The dotted names of hosts
#: and files are told by their endings; a code mixes letters and digits (AA1234567, 3D), unlike a
#: number with an ending (10ta). QR alone is the republic (ҚР), before "kod" a kind of code.
_START = rf"(?<![\w{ANY}])"
PROTECTED = re.compile(
    rf"""
    (?:https?|ftps?)://[^\s<>"«»]+
    | {_START}(?:mailto|tel):[^\s<>"«»]+
    | {_START}www\.[^\s<>"«»]+
    | (?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+
    | {_START}@[A-Za-z]\w+
    | {_START}(?<![.-])(?:[A-Za-z0-9-]+\.)+
      (?i:uz|com|org|net|gov|edu|info|ru|kz|io|eu|pdf|docx?|xlsx?|pptx?|jpe?g|png|gif|zip|rar
        |csv|html?|txt)(?:/[^\s<>"«»]*)?(?!\w)
    | {_START}[A-Z]{{2}}\s?№?\s?\d{{7}}(?!\w)
    | {_START}[^\W\d_]\w*\d\w*
    | {_START}\d+[A-ZА-ЯЁЎҚҒҲ][A-ZА-ЯЁЎҚҒҲ\d]*(?!\w)
    | {_START}\d+[^\W\d_]+\d\w*
    | {_START}[A-Za-z\d]+_\w*
    | {_START}QR(?=[\s-]?[kK]od)
    """,
    re.VERBOSE,
)
_ROMAN = re.compile(r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")


def is_roman(word: str) -> bool:
    """Whether a word is a Roman numeral: of I, V and X, or longer with the big letters too."""
    if not word or not set(word) <= set("IVXLCDM"):
        return False
    if set(word) <= set("IVX") or (len(word) > 2 and set(word) & set("IVX")):
        return _ROMAN.fullmatch(word) is not None
    return False


def outside_protected(text: str, function: Callable[[str], str]) -> str:
    """Apply `function` to what stands between addresses and codes."""
    parts, position = [], 0
    for match in PROTECTED.finditer(text):
        parts += [function(text[position : match.start()]), match.group()]
        position = match.end()
    return "".join([*parts, function(text[position:])]) if parts else function(text)


def is_cyrillic(letter: str) -> bool:
    """Whether a letter is of the Cyrillic block."""
    return "\u0400" <= letter <= "\u04ff"


def read_lines(name: str) -> list[str]:
    """The lines of a data file of this package without remarks (`#`) and empty lines."""
    text = (files("languages") / "data" / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


#: Latin words that stay Latin in Cyrillic text (case counts: IT, but it is a dog).
KEPT = frozenset(read_lines("kept.txt"))
_FOREIGN = re.compile(r"[wWŵŴ]|[cC](?![hH])")


def stays_latin(word: str) -> bool:
    """Whether a Latin word is no Uzbek one: a Roman numeral, a listed name, or with w or lone c."""
    return word in KEPT or is_roman(word) or _FOREIGN.search(word) is not None
