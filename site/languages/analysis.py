"""What search indexes of a text and asks of a query: analysed once, here, for every engine.

Three views of each word: `exact` (folded), `stem`, and `kb` (the key of people who type without an
Uzbek or Karakalpak layout). Terms are `[a-z0-9]+`, so any engine may split them at spaces. Uzbek of
either script gets the same terms. Uzbek and Karakalpak are stemmed by ours, Russian and English by
Snowball; a query may be in any language and script, so its words carry every stem they may have.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import snowballstemmer

from languages import karakalpak, uzbek
from languages.signs import is_cyrillic, read_lines
from languages.uzbek.fold import fold_word, split
from languages.uzbek.stem import keyboard_stem

_RUSSIAN = snowballstemmer.stemmer("russian")
_ENGLISH = snowballstemmer.stemmer("english")
#: Russian written with Latin letters, for its stemmer: svidetelstvo, spravka.
_RUSSIAN_LETTERS = {
    "shch": "щ", "iya": "ия", "iye": "ие", "iyu": "ию",
    "zh": "ж", "kh": "х", "ts": "ц", "ch": "ч", "sh": "ш", "yo": "ё", "yu": "ю",
    "ya": "я", "iy": "ий", "a": "а", "b": "б", "v": "в", "w": "в", "g": "г", "d": "д", "e": "е",
    "j": "ж", "z": "з", "i": "и", "y": "ы", "k": "к", "l": "л", "m": "м", "n": "н", "o": "о",
    "p": "п", "r": "р", "s": "с", "t": "т", "u": "у", "f": "ф", "h": "х", "x": "х", "c": "ц",
    "q": "к",
}  # fmt: skip


#: Nouns of doing, whose stems keep an ending that their verbs do not have: получение and получить,
#: установление and установить, приватизация and приватизировать.
_OF_DOING = re.compile(r"(?:(?<=[бвмпф])л)?ени(?:е|я|ю|и|й|ем|ям|ями|ях)$")
_LATINATE = re.compile(
    r"(?:ац(?:ия|ии|ию|ией|ий|иям|иями|иях)|ирова(?:ть|ние|ния|нию|нием|л|ла|ли)|иру\w+)$"
)
_SHORTEST_ROOT, _SHORTEST_LATINATE = 3, 5
#: No participles, for which its endings are taken: замена, обмен, экзаменов, домен.
_NOUN_IN_MEN = re.compile(r"(?<=[а-я]мен)(?:а|у|ой|ом|е|ы|ов|ам|ами|ах)?$")
#: A vowel that only some forms of a word have: ребёнок and ребёнка, справок and справка, владелец and
#: владельца; not the words that keep theirs.
_FLEETING = re.compile(r"(?<=[бвгджзклмнпрстфхцчшщь])(?:ок|(?<=[чжшц])ек|ец)$")
_KEPT = re.compile(r"(?:пот|пор|прор|ур|ист|вост|прит|зар|обр|инстр|кр)ок$|куз?нец$")
_VOWELS_OF_RUSSIAN = re.compile("[аеиоуыэюя]")


#: Letters of a stem that two words do not share by chance.
_TELLING_STEM = 4


@dataclass(frozen=True, slots=True)
class Terms:
    """The views of a document's text, word by word in the order of the text, no stop words."""

    exact: tuple[str, ...]
    stem: tuple[str, ...]
    kb: tuple[str, ...]
    #: As the text has them, in its script.
    written: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class QueryWord:
    """One word of a query with all it may stand for."""

    written: str
    exact: tuple[str, ...]
    stem: tuple[str, ...]
    kb: tuple[str, ...]
    #: Says nothing about what is sought; still counts where the query has no other word.
    is_stop: bool
    #: Says little: a verb of doing, or a paper at large.
    is_light: bool = False
    #: As written and by its stems.
    forms: frozenset[str] = frozenset()

    def is_form_of(self, other: QueryWord) -> bool:
        """Whether two words are forms of one: either is a form of the other, or a stem is both's.

        What is left of two words in two languages may be the same by chance where it is short.
        """
        shared = self.forms & other.forms
        return bool(shared) and (
            not shared.isdisjoint((self.exact[0], other.exact[0]))
            or max(map(len, shared)) >= _TELLING_STEM
        )


def _words_by_language(name: str) -> dict[str, frozenset[str]]:
    result = {}
    for line in read_lines(name):
        language, _, words = line.partition(":")
        fold = karakalpak.fold_word if language == "kaa" else fold_word
        result[language] = frozenset(map(fold, words.split()))
    return result


#: language → its stop words, folded.
STOP_WORDS = _words_by_language("stopwords.txt")
_ALL_STOP_WORDS = frozenset[str]().union(*STOP_WORDS.values())
#: English and Russian stop words that are words of Uzbek and Karakalpak in Latin letters: a dog, a
#: horse, ten, a smell, a track.
_WORDS_HERE = frozenset({"it", "at", "on", "is", "in", "ot", "iz"})


def _base(language: str) -> str:
    return "uz" if language.startswith("uz") else language


def is_stop_word(exact: str, language: str | None = None) -> bool:
    """Whether a folded word is a stop word of a language (of any, where none is named)."""
    words = _ALL_STOP_WORDS if language is None else STOP_WORDS.get(_base(language), frozenset())
    return exact in words


def _has_cyrillic(word: str) -> bool:
    return any(map(is_cyrillic, word))


def _russian_stem(word: str) -> str:
    """The folded Snowball stem of a Russian word of either script."""
    small = word.lower()
    if not _has_cyrillic(small):
        parts, index = [], 0
        while index < len(small):
            for length in (4, 3, 2, 1):
                letter = _RUSSIAN_LETTERS.get(small[index : index + length])
                if letter is not None or length == 1:
                    parts.append(letter or small[index])
                    index += length
                    break
        small = "".join(parts)
    small = small.replace("ё", "е")
    for ending, shortest in ((_OF_DOING, _SHORTEST_ROOT), (_LATINATE, _SHORTEST_LATINATE)):
        found = ending.search(small)
        if found is not None and found.start() >= shortest:
            return fold_word(small[: found.start()])
    if (found := _NOUN_IN_MEN.search(small)) is not None:
        return fold_word(small[: found.start()])
    return fold_word(_without_fleeting(_RUSSIAN.stemWord(small)))


def _without_fleeting(stem: str) -> str:
    found = _FLEETING.search(stem)
    if found is None or _KEPT.search(stem) or len(_VOWELS_OF_RUSSIAN.findall(stem)) < 2:
        return stem
    # владельца has a sign where владелец has the vowel.
    soft = "ь" if found[0] == "ец" and stem[found.start() - 1] == "л" else ""
    without = stem[: found.start()] + soft + found[0][-1]
    return without if len(without) > _SHORTEST_ROOT else stem


def _english_stem(word: str) -> str:
    return fold_word(_ENGLISH.stemWord(word.lower().replace("’", "'")))


@lru_cache(maxsize=100_000)
def _views(word: str, language: str) -> tuple[str, str, str]:
    """(exact, stem, kb) of one word in a known language; empty where nothing is left of it."""
    if language == "kaa":
        return (
            karakalpak.fold_word(word),
            karakalpak.stem(word),
            karakalpak.keyboard_key(karakalpak.stem(word)),
        )
    exact = fold_word(word)
    if language == "ru":
        found = _russian_stem(word)
    elif language == "en":
        found = _english_stem(word)
    else:
        return exact, uzbek.stem(word), keyboard_stem(word)
    return exact, found, found.replace("q", "k")


def terms(text: str, language: str) -> Terms:
    """The views of a text in `language` (a code of the registry; others count as Uzbek).

    A text of stop words alone keeps them.
    """
    base = _base(language)
    found = [(word, view) for word in split(text) if (view := _views(word, base))[0]]
    found = [pair for pair in found if not is_stop_word(pair[1][0], base)] or found
    return Terms(
        exact=tuple(view[0] for _word, view in found),
        stem=tuple(view[1] or view[0] for _word, view in found),
        kb=tuple(view[2] or view[0] for _word, view in found),
        written=tuple(word for word, _view in found),
    )


@lru_cache(maxsize=20_000)
def _query_word(word: str, language: str) -> QueryWord | None:
    order = [language, *(code for code in ("uz", "kaa", "ru", "en") if code != language)]
    exact, stems, keys = [], [], []
    cyrillic = _has_cyrillic(word)
    for code in order:
        if code == "en" and (cyrillic or not word.isascii()):
            continue
        view = _views(word, code)
        exact.append(view[0])
        stems.append(view[1])
        keys.append(view[2])
        if code in ("uz", "kaa"):
            # Typed as letters allow: the plain keys of the word meet the kb view of documents.
            keys.append(view[1].replace("q", "k"))
    if not exact or not exact[0]:
        return None
    stem = tuple(dict.fromkeys(filter(None, stems)))
    return QueryWord(
        written=word,
        exact=tuple(dict.fromkeys(filter(None, exact))),
        stem=stem,
        kb=tuple(dict.fromkeys(filter(None, keys))),
        is_stop=exact[0] in _ALL_STOP_WORDS
        and not (language in {"uz", "kaa"} and not cyrillic and exact[0] in _WORDS_HERE),
        is_light=not _light_words().isdisjoint({exact[0], stems[0]}),
        forms=frozenset({*stem, exact[0]}),
    )


@lru_cache(maxsize=1)
def _light_words() -> frozenset[str]:
    """Folded words that say little, each with its stem."""
    found = set()
    for line in read_lines("lightwords.txt"):
        language, _, words = line.partition(":")
        for word in words.split():
            found.update(_views(word, language)[:2])
    return frozenset(found)


def query_words(text: str, language: str) -> tuple[QueryWord, ...]:
    """The words of a query in order; the reader's language comes first among the stems.

    Stop words are marked, not left out: the last word may be the beginning of a longer one.
    """
    base = _base(language)
    found = (_query_word(word, base) for word in split(text)[:50])
    return tuple(word for word in found if word is not None)


def meaning_words(words: Sequence[QueryWord]) -> tuple[QueryWord, ...]:
    """The words of a query without its stop words; one of stop words alone keeps them."""
    return tuple(word for word in words if not word.is_stop) or tuple(words)


def deletions(word: str) -> frozenset[str]:
    """A word, and the word less each of its letters: two words one error apart share one."""
    return frozenset({word, *(word[:i] + word[i + 1 :] for i in range(len(word)))})


def ngrams(word: str, size: int = 3) -> frozenset[str]:
    """The n-grams of a folded word with its edges marked `_`, for words with typing errors."""
    padded = f"_{word}_"
    if len(padded) <= size:
        return frozenset({padded})
    return frozenset(padded[i : i + size] for i in range(len(padded) - size + 1))
