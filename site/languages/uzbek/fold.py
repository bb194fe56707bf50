"""The canonical key of a text: what stays when scripts, spellings and signs are forgotten."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from languages.signs import APOSTROPHES

_DROP = dict.fromkeys(map(ord, APOSTROPHES))
#: Cyrillic letters of Uzbek, Karakalpak and Russian as the key writes them.
_CYRILLIC: dict[int, str | None] = {
    ord(letter): key
    for letter, key in zip(
        "абвгдеёжзийклмнопрстуфхцчшщыэюяўқғҳәөүңіѓќґҷ",
        (
            "a b v g d e yo j z i y k l m n o p r s t u f x s ch sh sh i e yu ya"
            " o q g h a o u n i g k g j"
        ).split(),
        strict=True,
    )
} | {ord("ъ"): None, ord("ь"): None}
#: Before any engine folds ş to s and ç to c, they become sh and ch.
_LATIN = str.maketrans({
    "ş": "sh", "ș": "sh", "ç": "ch", "ö": "o", "ğ": "g", "á": "a", "ǵ": "g", "ı": "i", "í": "i",
    "ń": "n", "ó": "o", "ú": "u", "ä": "a", "ü": "u", "ý": "y",
})  # fmt: skip
_TABLE = _DROP | _CYRILLIC | _LATIN
_RULES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        ("ye", "e"),
        ("shch", "sh"),
        ("kh|x", "h"),
        ("w", "v"),
        ("zh", "j"),
        ("ts", "s"),
        ("c(?!h)", "s"),
        # октябрь oktyabr oktabr, бюджет byudjet budjet
        ("(?<=[bcdfghjklmnpqrstvz])y(?=[aou])", ""),
    )
)
#: Words whose last vowels Latin parts by y: nuqtayi (nazar), mavzuyi.
IZOFA = frozenset("нуқтаи мавзуи манбаи мавқеи мавзеи қитъаи".split())
_RARE = re.compile("ye|shch|kh|x|w|zh|ts|c|y")
_DOUBLED = re.compile(r"([a-z])\1+")
_OTHER = re.compile(r"[^a-z0-9]+")
_SPLIT = re.compile(r"[^\w" + re.escape(APOSTROPHES) + r"\u0300-\u036f]+|_+")


def letters(word: str) -> str:
    """The key of one word before doubled letters collapse: what the stemmers work on."""
    word = unicodedata.normalize("NFC", word.replace("İ", "i")).lower()
    if word in IZOFA:
        word = f"{word[:-1]}йи"
    word = word.translate(_TABLE)
    if not word.isascii():
        word = unicodedata.normalize("NFKD", word).lower().translate(_TABLE)
    word = _OTHER.sub("", word)
    if _RARE.search(word):
        for pattern, replacement in _RULES:
            word = pattern.sub(replacement, word)
    return word


def collapse(key: str) -> str:
    """Doubled letters once (millat, milat); an abbreviation of one letter keeps them (ООО)."""
    return key if len(set(key)) == 1 else _DOUBLED.sub(r"\1", key)


@lru_cache(maxsize=100_000)
def fold_word(word: str) -> str:
    """The key of one word, `[a-z0-9]*`."""
    return collapse(letters(word))


def split(text: str) -> list[str]:
    """The words of a text as written; apostrophes belong to words, hyphens part them."""
    return [word for word in _SPLIT.split(unicodedata.normalize("NFC", text)) if word]


def fold(text: str) -> str:
    """The canonical key of a text: words over `[a-z0-9]` with single spaces between."""
    return " ".join(key for word in split(text) if (key := fold_word(word)))


_KEYBOARD = re.compile(rf"o[{re.escape(APOSTROPHES)}]|[öў]")


def keyboard_letters(word: str) -> str:
    """`letters` of a word as typed without an Uzbek layout: oʻ, ў → u and q, қ → k."""
    word = unicodedata.normalize("NFC", word).lower()
    return letters(_KEYBOARD.sub("u", word)).replace("q", "k")


@lru_cache(maxsize=50_000)
def keyboard_key(word: str) -> str:
    """The second key of one word as written (тугилганлик finds tugʻilganlik, йул yoʻl)."""
    return collapse(keyboard_letters(word))
