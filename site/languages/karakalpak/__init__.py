"""Karakalpak: Latin of 2016 (á ǵ ı ń ó ú) ⇄ Cyrillic, the search key, a light stemmer.

Source: resolution 92/IX of 10 June 2016. All functions are total and pure, str → str, for plain
text.
"""

from functools import lru_cache

from languages.karakalpak.script import to_cyrillic, to_latin
from languages.karakalpak.spelling import lower, normalise, upper
from languages.karakalpak.stem import kaa_letters, stem
from languages.uzbek.fold import collapse, split


@lru_cache(maxsize=50_000)
def fold_word(word: str) -> str:
    """The key of one word, `[a-z0-9]*`."""
    return collapse(kaa_letters(word))


def fold(text: str) -> str:
    """The canonical key, as in Uzbek; but Cyrillic ў is w here, where Uzbek has oʻ."""
    return " ".join(key for word in split(text) if (key := fold_word(word)))


@lru_cache(maxsize=50_000)
def keyboard_key(word: str) -> str:
    """The second key, for words typed without a Karakalpak layout: қ, q → k and ў, w → u."""
    return collapse(fold_word(word).replace("q", "k").replace("v", "u"))


__all__ = [
    "fold",
    "fold_word",
    "keyboard_key",
    "lower",
    "normalise",
    "stem",
    "to_cyrillic",
    "to_latin",
    "upper",
]
