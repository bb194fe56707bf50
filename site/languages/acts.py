"""Numbers of legal acts in the reader's language: OʻRQ-445 is ЎРҚ-445, ЗРУ-445, ZRU-445.

Source: the designations of acts in the national database of legislation, which gives each act its
number in the language of the text.
"""

from __future__ import annotations

import re

from languages import uzbek

#: Uzbek letters of a number → those of Russian and English texts (law, decree, resolution, order).
_LETTERS = {
    "OʻRQ": {"ru": "ЗРУ", "en": "ZRU"},
    "PF": {"ru": "УП", "en": "UP"},
    "PQ": {"ru": "ПП", "en": "PP"},
    "F": {"ru": "Р", "en": "R"},
}
_NUMBER = re.compile(r"(?P<letters>OʻRQ|PF|PQ|F)(?=-\d)")


def act_number(number: str, language: str) -> str:
    """The number of an act (or a point of it), kept as Uzbek texts have it, for readers of `language`."""
    if language == "uz" or not number:
        return number
    if language == "uz-cyrl":
        return uzbek.to_cyrillic(number)
    return _NUMBER.sub(
        lambda match: _LETTERS[match["letters"]].get(language, match["letters"]), number
    )
