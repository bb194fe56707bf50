"""What a word that nothing has may stand for: mistyped, two written as one, or of another layout."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from languages.analysis import QueryWord, query_words
from languages.signs import is_cyrillic
from languages.uzbek.fold import fold_word
from search import spelling, vocabulary
from search.corpora import Corpus
from search.vocabulary import Place, Word

TYPO, _SECOND_ERROR, _ROOT = 0.5, 0.7, 0.8
#: Letters: a part of two words written as one, a stem that may be mistyped, a beginning that says
#: what the whole word is about (taksichilik → taksi).
_SHORTEST_HALF, _SHORTEST_STEM, _SHORTEST_ROOT = 3, 5, 4
_MOST_TYPOS = 6
#: Nobody means anything by longer ones.
_LONGEST = 40
#: Where nothing else is left, words from this length may have two errors.
_DESPERATE = 6
_LATIN_ROW = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
_RUSSIAN_ROW = "йцукенгшщзхъфывапролджэячсмитьбюё"
_TO_LATIN = str.maketrans(_RUSSIAN_ROW, _LATIN_ROW)
_TO_RUSSIAN = str.maketrans(_LATIN_ROW, _RUSSIAN_ROW)
#: English and Turkish spellings: ipoteca, cilangar.
_BARE_C = re.compile("c(?!h)")


@dataclass(frozen=True)
class Guess:
    """What a word that nothing has may stand for."""

    #: Words of the vocabulary with what each is worth.
    words: Mapping[Word, float] = field(default_factory=dict)
    #: The one of them that it was read as.
    read_as: Word | None = None
    #: The two words that were written as one.
    apart: str = ""


def guess(word: QueryWord, corpus: Corpus) -> Guess:
    """Guess what a word stands for."""
    if len(word.exact[0]) > _LONGEST:
        return Guess()
    near = _near(word, corpus)
    if near and near[0][0] == 1:
        return _best(near)
    respelt = _respelt(word, corpus)
    if respelt:
        return Guess(dict.fromkeys(respelt, TYPO), respelt[0])
    if apart := _apart(word.written, corpus):
        return Guess(apart=apart)
    if near:
        return _best(near)
    if root := _root(word, corpus):
        return Guess({root: TYPO * _ROOT})
    return _best(_near(word, corpus, most=2)) if len(word.exact[0]) >= _DESPERATE else Guess()


def _near(word: QueryWord, corpus: Corpus, most: int | None = None) -> list[tuple[int, Word]]:
    """(errors, word), the nearest first; only those with the fewest errors."""
    if not spelling.errors_allowed(word.exact[0]):
        return []
    found = vocabulary.near(word.exact[:1], "e", corpus, most)
    # A stem that is short has neighbours that mean something else (танц, tanish).
    stems = [stem for stem in word.stem if len(stem) >= _SHORTEST_STEM]
    found += vocabulary.near(stems, "s", corpus, most)
    fewest = min((errors for errors, _word in found), default=0)
    return [pair for pair in found if pair[0] == fewest]


def _best(near: Sequence[tuple[int, Word]]) -> Guess:
    chosen = {
        word: TYPO * (_SECOND_ERROR if errors > 1 else 1.0) for errors, word in near[:_MOST_TYPOS]
    }
    return Guess(chosen, next((word for _errors, word in near if word.view == "e"), None))


def _respelt(word: QueryWord, corpus: Corpus) -> list[Word]:
    """Words with another letter for a bare c."""
    small = word.written.lower()
    if not _BARE_C.search(small):
        return []
    texts = [fold_word(_BARE_C.sub(letter, small)) for letter in ("k", "ch")]
    known = vocabulary.known({("e", text) for text in texts if text}, corpus)
    return [known["e", text] for text in texts if ("e", text) in known]


def _apart(written: str, corpus: Corpus) -> str:
    """Two known words that are written as one, apart. Parted as written: folding joins letters."""
    pairs = [
        (f"{written[:cut]} {written[cut:]}", words)
        for cut in range(_SHORTEST_HALF, len(written) - _SHORTEST_HALF + 1)
        if len(words := query_words(f"{written[:cut]} {written[cut:]}", "uz")) == 2
    ]
    known = vocabulary.known(
        {place for _text, pair in pairs for half in pair for place in _forms(half)}, corpus
    )
    # As written first; of other forms, the pair whose shorter half is the longest.
    pairs.sort(key=lambda pair: -min(len(half.exact[0]) for half in pair[1]))
    for forms in (_exactly, _forms):
        for text, pair in pairs:
            if all(not known.keys().isdisjoint(forms(half)) for half in pair):
                return text
    return ""


def _exactly(word: QueryWord) -> list[Place]:
    return [("e", word.exact[0])]


def _forms(word: QueryWord) -> list[Place]:
    """A word as written, and by the stems of those that have four letters."""
    stems = [stem for stem in word.stem if len(stem) >= _SHORTEST_ROOT]
    return [*_exactly(word), *((view, stem) for stem in stems for view in "se")]


def _root(word: QueryWord, corpus: Corpus) -> Word | None:
    """The longest known word that it begins with, if that is most of it."""
    text = word.exact[0]
    if any(map(str.isdigit, text)):
        return None
    shortest = max(_SHORTEST_ROOT, (len(text) + 1) // 2 - 1)
    roots = [text[:end] for end in range(len(text) - 1, shortest - 1, -1)]
    known = vocabulary.known({(view, root) for root in roots for view in "es"}, corpus)
    return next(
        (known[view, root] for root in roots for view in "es" if (view, root) in known), None
    )


def in_other_layout(text: str, language: str, corpus: Corpus) -> str | None:
    """The query as its keys read in the other layout, where the vocabulary has all those words."""
    small = text.lower()
    table = _TO_LATIN if any(map(is_cyrillic, small)) else _TO_RUSSIAN
    other = small.translate(table)
    words = [word for word in query_words(other, language) if not word.is_stop]
    if other == small or not words:
        return None
    return other if _all_known(words, corpus) else None


def _all_known(words: Iterable[QueryWord], corpus: Corpus) -> bool:
    """Whether each word, or for the last one its beginning, is in the vocabulary."""
    *first, last = words
    places = [
        {("e", word.exact[0]), *(("s", stem) for stem in word.stem), *(("e", s) for s in word.stem)}
        for word in (*first, last)
    ]
    known = vocabulary.known(set().union(*places), corpus)
    missing = [own.isdisjoint(known) for own in places]
    if any(missing[:-1]) or max(len(word.exact[0]) for word in (*first, last)) < _SHORTEST_HALF:
        return False
    return not missing[-1] or bool(vocabulary.beginning_with(last.exact[0], 1, corpus))
