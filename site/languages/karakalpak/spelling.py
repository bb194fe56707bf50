"""The Karakalpak alphabet of 2016 (á ǵ ı ń ó ú) and its case pair Í/ı, which Python lacks."""

from __future__ import annotations

import re
import unicodedata

from languages.signs import ANY, LETTER, TURNED, TUTUQ, outside_protected

_TODAY = {"a": "á", "g": "ǵ", "n": "ń", "o": "ó", "u": "ú", "i": "ı"}
#: What Uzbek words have: oʻ, gʻ, and the tutuq sign. An Uzbek word in a Karakalpak text stays.
_UZBEK = rf"(?:(?<=[oOgG]){TURNED}|{TUTUQ})"
_INSIDE = re.compile(rf"[aAgGnNoOuUiI](?!{_UZBEK})[{ANY}](?={LETTER})")
#: At the end of a word that no quotation mark opens ('Ana' stays as it is).
_AT_END = re.compile(
    rf"(?<![{ANY}])(?<!{LETTER})(?P<word>{LETTER}+)(?<=[aAgGnNoOuUiI])(?!{_UZBEK})[{ANY}](?!\w)"
)
_BETWEEN = re.compile(rf"(?<={LETTER})(?!{_UZBEK})[{ANY}](?={LETTER})")


def upper(text: str) -> str:
    """Capitals with the pair ı → Í."""
    return text.replace("ı", "Í").upper()


def lower(text: str) -> str:
    """Small letters with the pair Í → ı."""
    return text.replace("Í", "ı").replace("İ", "i").lower()


def _modern(letter: str) -> str:
    new = _TODAY[letter.lower()]
    return upper(new) if letter.isupper() else new


def normalise_part(text: str) -> str:
    """`normalise` for NFC text without addresses."""

    before = ""
    # What one step writes may give another its place; each leaves fewer signs to change.
    while before != text:
        before = text
        text = _INSIDE.sub(lambda match: _modern(match.group()[0]), text)
        text = _BETWEEN.sub(TUTUQ, text)
        text = _AT_END.sub(lambda match: match["word"][:-1] + _modern(match["word"][-1]), text)
    return text


def normalise(text: str) -> str:
    """NFC; the letters of 1995 (a' g' n' o' u' i') in today's spelling; idempotent.

    Between other letters any sign becomes U+02BC. Uzbek words written with their own signs (oʻ, gʻ, ʼ)
    stay: texts that wait for a translation show through. Other signs, addresses and codes stay too.
    """
    return outside_protected(unicodedata.normalize("NFC", text), normalise_part)
