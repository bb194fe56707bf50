"""A light stemmer: one word as written → the folded key of its stem.

Three steps, the first that applies wins: words listed as whole stay, under the suffixes of nouns
too; forms of a verb come back to its root (`languages.uzbek.verbs`); from anything else the suffixes
of nouns come off from the right, one slot after another until none is left, so that all forms of a
word end at the same place even where that place is not its dictionary form.

A suffix comes off only where what remains is a listed short stem or has four letters and a vowel.
Alternations follow: final g, q, k count as one (soliq, soligʻi), listed stems get their vowel back
(shahri, shahar).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from languages.signs import read_lines
from languages.uzbek import verbs
from languages.uzbek.fold import collapse, keyboard_letters, letters

#: What may follow a listed noun: maqsadi, qamishlar.
_OF_NOUN = re.compile(
    "(?:lar)?(?:imiz|ingiz|miz|ngiz|im|ing|si|i|m|ng)?(?:ning|ni|ga|dan|dagi|da|gacha|day|dek)?(?:mi)?"
)
#: I was, we were: the copula of the past.
_WAS = re.compile("edi(?:m|ng|k|ngiz|lar)")
_SYLLABLE = re.compile("[^aeiou][aeiou][^aeiou]")
_TS = re.compile("ts(?:a|in)|тс(?:а|ин)", re.IGNORECASE)
_S_OF_TENSE = re.compile("s(?:a(?:m|k|ng|ngiz|lar)?|in(?:lar)?)$")
#: After a stem in i: the end of "of his", "yours".
_YOURS = re.compile("n?ing(?:iz)?(?:ni|ga|da|dan)?|ng(?:iz)?(?:ni|ga|da|dan|ning)?")
_VERBAL_PLURAL = re.compile(r"(?:di|ti|sa|sin|gan|sh|ngiz)lar$")

_VOWELS = frozenset("aeiou")
_CASES = "dagi gacha niki ning dan day dek dir roq gina da ga ni lab lar".split()
#: Suffixes long enough that any three letters of a syllable may stand before them.
_LONG_CASES = frozenset(("dagi", "gacha", "ning", "dan", "lar"))
_AFTER_CONSONANT = "imiz ingiz ing im i".split()
_AFTER_VOWEL = "miz ngiz si ng m".split()


def _words(name: str, key: Callable[[str], str]) -> Iterable[str]:
    for line in read_lines(name):
        yield from map(key, line.split())


class Stemmer:
    """The stemmer over one way to fold letters (`letters`, or the keyboard's)."""

    def __init__(self, fold: Callable[[str], str]) -> None:
        self._fold = fold
        self._short = frozenset(_words("uz_short_stems.txt", fold))
        self._whole = frozenset(_words("uz_whole_words.txt", fold))
        written = [word for line in read_lines("uz_verbs.txt") for word in line.split()]
        listed = frozenset(fold(verb.rstrip("?")) for verb in written)
        # a passive or reciprocal goes with its active: ochil with och, boshlan with boshla
        self._verbs = frozenset(
            self._last(verb) for verb in listed if not self._is_derived(verb, listed)
        )
        self._yielding = frozenset(fold(verb[:-1]) for verb in written if verb.endswith("?"))
        self._longest = max(map(len, self._verbs))
        self._vowels = {
            fold(short): fold(whole)
            for short, whole in (line.split("\t") for line in read_lines("uz_vowel_drop.tsv"))
        }

    def __call__(self, word: str) -> str:
        """The key of the stem of one word as written."""
        key = self._fold(word)
        if _TS.search(word) is not None and (match := _S_OF_TENSE.search(key)) is not None:
            # ketsa, koʻrsatsin: the key has one s for t of the root and s of the tense
            root = self._listed_verb(f"{key[: match.start()]}t{key[match.start() :]}")
            if root and root.endswith("t"):
                return self._last(collapse(root))
        return self.of_key(key)

    def of_key(self, key: str) -> str:
        """The same for a word's letters, folded and not collapsed."""
        if not key.isalpha():
            return collapse(key)
        if key not in self._whole:
            key = self._verb(key) or self._noun(key)
        return self._last(collapse(self._vowels.get(key, key)))

    @staticmethod
    def _is_derived(verb: str, verbs: frozenset[str]) -> bool:
        if verb.endswith(("il", "in")) and verb[:-2] in verbs:
            return True
        if verb.endswith("sh") and (
            verb[:-2] in verbs or verb.removesuffix("ish") in verbs - {verb}
        ):
            return True
        return verb[-1] in "ln" and verb[-2] in _VOWELS and verb[:-1] in verbs

    @staticmethod
    def _last(key: str) -> str:
        """g, q and k alternate before a possessive (soliq, soligʻi; tilak, tilagi)."""
        return key[:-1] + "k" if len(key) > 2 and key[-1] in "gq" else key

    def _verb(self, key: str) -> str:
        """The root of a verb, or nothing where the word is to be read as a noun."""
        # loyihalar, toliblar are nouns; a verb has its plural after a tense only
        if key.endswith("lar") and not _VERBAL_PLURAL.search(key):
            # boʻlar, kelar: of roots in l
            root = key[:-2]
            return root if root in self._verbs and not self._stands(key[:-3]) else ""
        if key.startswith("edi") and _WAS.fullmatch(key):
            return "edi"
        if any(
            key[:length] in self._whole and _OF_NOUN.fullmatch(key, length)
            for length in range(4, len(key))
        ):
            return ""
        found = self._listed_verb(key)
        if found is not None:
            return found
        root = verbs.guess(key)
        # dardi, maqsadi are of nouns in d
        of_noun = key[len(root) : len(root) + 1] == "d" and self._is_listed(f"{root}d")
        return "" if of_noun else root

    def _listed_verb(self, key: str) -> str | None:
        """The listed root; "" where a noun is listed instead, None where neither is."""
        for length in range(min(len(key) - 1, self._longest), 1, -1):
            # tishlar are teeth rather than "bites"
            if key[length:] == "r" and key.endswith("lar"):
                continue
            root = self._last(key[:length])
            if root not in self._verbs or not verbs.TAIL.fullmatch(key, length):
                continue
            # otamiz is of ota and bolalik of bola, no verbs (we shoot, let us be)
            if (
                key[length] == "a"
                and self._is_listed(key[: length + 1])
                and not key.startswith(("di", "y", "ver", "r", "p"), length + 1)
            ):
                return ""
            # yeringiz is of yer, no order to melt
            if root[-1] == "i" and self._is_listed(root[:-1]) and _YOURS.fullmatch(key, length):
                return ""
            if root in self._yielding:
                shorter = self._last(key[: length - 1])
                if shorter in self._verbs and verbs.TAIL.fullmatch(key, length - 1):
                    return shorter
            return root
        return None

    def _stands(self, rest: str) -> bool:
        """Whether what remains may be a stem, or a short stem with one more suffix."""
        if len(rest) > 3:
            return not _VOWELS.isdisjoint(rest)
        return (
            rest in self._short
            or rest in self._whole
            or (len(rest) == 3 and rest[-1] == "i" and rest[:2] in self._short)
        )

    def _is_listed(self, key: str) -> bool:
        return key in self._whole or key in self._short

    def _noun(self, key: str) -> str:
        while key not in self._whole:
            shorter = self._without_one(key)
            if not shorter:
                break
            key = shorter
        return key

    def _without_one(self, key: str) -> str:
        """The key without its last suffix, or nothing where it has none."""
        for suffix in _AFTER_CONSONANT:
            if key.endswith(suffix) and key[: -len(suffix)] in self._vowels:
                return key[: -len(suffix)]
        if key.endswith("i") and self._belongs(key):
            return key[:-1]
        # maydoning (your square) is of maydon, qoʻshning of qoʻshni
        if key.endswith("ning") and self._belongs(key[:-2]):
            return key[:-3]
        if key.endswith("ng") and key[-3:-2] in _VOWELS and self._is_listed(key[:-2]):
            return key[:-2]
        for suffix in _CASES:
            if not key.endswith(suffix):
                continue
            rest = key[: -len(suffix)]
            if self._stands(rest) or (suffix in _LONG_CASES and _SYLLABLE.fullmatch(rest)):
                return rest
        # a question, but -mi after s, z, l, k, r may be m of the stem (qismi, filmi);
        # -ka and -qa only double the last letter: eshikka, buyruqqa
        if (key.endswith("mi") and key[-3:-2] in "bdfgjnpqtvy") or key.endswith(("kka", "qqa")):
            rest = key[:-2]
            if self._stands(rest):
                return rest
        return self._without(key, _AFTER_VOWEL, after_vowel=True) or self._without(
            key, _AFTER_CONSONANT, after_vowel=False
        )

    def _without(self, key: str, suffixes: list[str], *, after_vowel: bool) -> str:
        """The key without one of the suffixes that stand after a vowel, or after a consonant."""
        for suffix in suffixes:
            rest = key.removesuffix(suffix)
            if rest and rest != key and (rest[-1] in _VOWELS) is after_vowel and self._stands(rest):
                return rest
        return ""

    def _belongs(self, key: str) -> bool:
        """Whether -ni or -si after a vowel is n or s of the stem and -i: tomoni, majlisi.

        Known words decide; among others stems in a and i take -ni (masalani), those in o, e, u
        rather end in n (auksioni, ordeni), and -usi is of stems in s (notariusi).
        """
        vowel, letter = key[-3:-2], key[-2:-1]
        if vowel not in _VOWELS or letter not in ("n", "s") or len(key) < 4:
            return False
        if self._is_listed(key[:-2]):
            return False
        if self._is_listed(key[:-1]):
            return True
        return len(key) > 5 and vowel in ("oeu" if letter == "n" else "u")


_stemmer = Stemmer(letters)
_keyboard_stemmer = Stemmer(keyboard_letters)


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The folded key of the stem of one word as written."""
    return _stemmer(word)


@lru_cache(maxsize=50_000)
def keyboard_stem(word: str) -> str:
    """`stem` for words as typed without an Uzbek layout (йулларда and yoʻllarda meet here)."""
    return _keyboard_stemmer(word)
