"""Uzbek: two scripts and a third spelling on its way, the search key, a light stemmer.

Sources: Cabinet resolution 339 of 24.08.1995 with its annex on Cyrillic letters; BGN/PCGN 2000;
for the letters of 2026 what is known of bill QL-236. All functions are total and pure, str → str,
for plain text: `<` and `&` are characters (HTML goes through `languages.convert_html`).
"""

from languages.uzbek.fold import fold, keyboard_key
from languages.uzbek.new_latin import from_new_latin, to_new_latin
from languages.uzbek.script import to_cyrillic, to_latin
from languages.uzbek.spelling import lower, normalise, upper
from languages.uzbek.stem import stem

__all__ = [
    "fold",
    "from_new_latin",
    "keyboard_key",
    "lower",
    "normalise",
    "stem",
    "to_cyrillic",
    "to_latin",
    "to_new_latin",
    "upper",
]
