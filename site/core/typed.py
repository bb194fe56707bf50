"""What people type and paste: marks that nobody sees, and the groups they write digits in."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

#: Marks that turn the direction of writing (`gpj.exe` may be shown as `exe.jpg`), and such as
#: nobody sees: telephones put them around numbers that are copied.
_UNSEEN = dict.fromkeys(
    [0x00AD, 0x061C, 0x180E, 0x200B, 0x200E, 0x200F, *range(0x2060, 0x2065), 0xFEFF,
     *range(0x202A, 0x202F), *range(0x2066, 0x2070), *range(0xE0000, 0xE0080)]
)  # fmt: skip
#: Letters by name that show as nothing, and joiners that need letters beside them.
_BLANK = frozenset("\u115f\u1160\u200c\u200d\u2800\u3164\uffa0")


def seen(text: str) -> str:
    """The text trimmed, without marks that nobody sees; "" where nothing else is left: two answers
    that look the same must be the same."""
    plain = text.translate(_UNSEEN).strip()
    return plain if any(map(_shows, plain)) else ""


def _shows(character: str) -> bool:
    # Accents alone, without a letter to stand on, say nothing either.
    return not (
        character.isspace() or character in _BLANK or unicodedata.category(character)[0] == "M"
    )


def ungrouped(text: str) -> str:
    """What was typed without the spaces and dashes that people group digits with."""
    return re.sub(r"[\s\-‐‑–—]", "", seen(text))


def number_typed(text: str, places: int = 6) -> Decimal | None:
    """A number as people type it, `1 234,5`: 18 digits and so many places at most; None where it is
    none."""
    plain = re.sub(r"[\s']", "", text).replace(",", ".").replace("−", "-")
    fits = re.fullmatch(rf"[+-]?[0-9]{{1,18}}(\.[0-9]{{1,{places}}})?", plain)
    return Decimal(plain) if fits else None
