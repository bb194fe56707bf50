"""One way to write a letter: the sign of oʻ and gʻ, the tutuq sign, and the case of letters."""

from __future__ import annotations

import re
import unicodedata

from languages.signs import ANY, LETTER, TURNED, TUTUQ, outside_protected

_AFTER_O_G = re.compile(rf"(?<=[oOgG])[{ANY}]")
_BETWEEN = re.compile(rf"(?<={LETTER})(?<![oOgG])[{ANY}](?={LETTER})")


def normalise_part(text: str) -> str:
    """`normalise` for NFC text without addresses."""
    return _BETWEEN.sub(TUTUQ, _AFTER_O_G.sub(TURNED, text))


def normalise(text: str) -> str:
    """NFC; any sign after o or g → U+02BB, elsewhere between letters → U+02BC; idempotent.

    Other signs, addresses and codes stay.
    """
    return outside_protected(unicodedata.normalize("NFC", text), normalise_part)


def upper(text: str) -> str:
    """Capitals; digraphs whole (sh → SH)."""
    return text.upper()


def lower(text: str) -> str:
    """Small letters."""
    return text.replace("İ", "i").lower()
