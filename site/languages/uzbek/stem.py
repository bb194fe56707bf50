"""A light stemmer: one word as written → the folded key of its stem.

Three steps, the first that applies wins: words listed as whole stay; forms of a listed verb root
(or of any root, where the ending is long and plain) come back to the root; from anything else the
suffixes of nouns come off from the right, one slot after another until none is left, so that all
forms of a word end at the same place even where that place is not its dictionary form.

A suffix comes off only where what remains is a listed short stem or has four letters and a vowel.
Alternations follow: final g, q, k count as one (soliq, soligʻi), listed stems get their vowel back
(shahri, shahar).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from languages.signs import read_lines
from languages.uzbek.fold import collapse, keyboard_letters, letters

_NOMINAL = (
    "(?:lar)?(?:imiz|ingiz|miz|ngiz|lari|im|ing|si|i|m|ng)?(?:lik|lig)?(?:imiz|ingiz|im|ing|i)?"
    "(?:ning|ni|ga|dan|dagi|da|gacha|day|dek|cha|niki)?(?:dir|mi|ku|di(?:m|k|ng|ngiz|lar)?|man|san|miz|siz)?"
)
_PERSON = "(?:man|san|miz|siz|sizlar|lar|ngiz|ngizlar|m|ng|k)?"
#: tense, mood, verbal noun; with the person or the nominal suffixes that may follow
_TENSE = (
    f"(?:di{_PERSON}|[ay]di(?:lar)?|[ay](?:man|san|miz|siz|sizlar)|[ay]?digan{_NOMINAL}"
    f"|[gkq]an{_NOMINAL}|i?b(?:di|ti)?{_PERSON}|[ai]?yotgan{_NOMINAL}|[ay]?yotir{_PERSON}"
    f"|y?ap(?:ti)?{_PERSON}|moq(?:da|chi)?{_PERSON}|(?:a?r|mas)(?:di)?{_PERSON}|masdan|maslik{_NOMINAL}"
    f"|sa{_PERSON}|sin(?:lar)?|[ay]lik|ay|gach|guncha|guday|gudek|gani|gali"
    f"|i?sh{_NOMINAL}|may(?:di{_PERSON}|man|san|miz|siz|digan{_NOMINAL}|in)?|ayin)"
)
_VOICE = "(?:tir|dir|giz|gaz|kaz|qaz|kiz|t)?(?:il|in|l|n)?(?:ish|sh)?"
_TAIL = re.compile(f"{_VOICE}(?:ol)?(?:ma)?{_TENSE}")
#: endings that no noun has, for roots that are not listed
_PLAIN = re.compile(
    f"(?P<root>.{{3,}}?[^aeiou]|.{{3,}}?[aeiou])"
    f"(?:tir|dir|t)?(?:il|in|n)?(?:ish|sh)?(?:ma)?"
    f"(?:[ay]digan{_NOMINAL}|[ai]?yotgan{_NOMINAL}|moq(?:da|chi){_PERSON}"
    f"|(?<=l)gan{_NOMINAL}|(?<=n)gan{_NOMINAL}|(?<=[aeiou])gan{_NOMINAL}|(?<=[ai]l)di|(?<=il)adi|(?<=in)adi"
    f"|(?<=[ai]sh|tir|dir)(?:gan{_NOMINAL}|adi(?:lar)?|di{_PERSON}|ib))"
)
#: verbs made with -la, -lash, -lan, -lashtir
_LA = re.compile(
    f"(?P<root>.{{3,}}?la)(?:shtir|ntir|t)?(?:il|n)?(?:sh)?(?:ma)?"
    f"(?:di{_PERSON}|[ay]di(?:lar)?|[ay]?digan{_NOMINAL}|gan{_NOMINAL}|b|yotgan{_NOMINAL}"
    f"|moq(?:da|chi)?|sa{_PERSON}|sin|(?<!la)i?sh{_NOMINAL}|(?<=la)sh{_NOMINAL})"
)

_VERBAL_PLURAL = re.compile(r"(?:di|ti|sa|sin|gan|sh|ngiz)lar$")

_VOWELS = frozenset("aeiou")
_CASES = "dagi gacha niki ning dan day dek dir roq gina da ga ni lab lar".split()
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
        verbs = frozenset(_words("uz_verbs.txt", fold))
        # a passive or reciprocal goes with its active: ochil with och, boshlan with boshla
        self._verbs = frozenset(verb for verb in verbs if not self._is_derived(verb, verbs))
        self._longest = max(map(len, self._verbs))
        self._vowels = {
            fold(short): fold(whole)
            for short, whole in (line.split("\t") for line in read_lines("uz_vowel_drop.tsv"))
        }

    def __call__(self, word: str) -> str:
        """The key of the stem of one word as written."""
        return self.of_key(self._fold(word))

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
        # loyihalar, toliblar are nouns; a verb has its plural after a tense only
        if key.endswith("lar") and not _VERBAL_PLURAL.search(key):
            return ""
        for length in range(min(len(key) - 1, self._longest), 1, -1):
            # tishlar are teeth rather than "bites"
            if key[length:] == "r" and key.endswith("lar"):
                continue
            if key[:length] not in self._verbs or not _TAIL.fullmatch(key, length):
                continue
            # otamiz is of ota and bolalik of bola, no verbs (we shoot, let us be)
            if key[length] == "a" and self._is_listed(key[: length + 1]):
                return ""
            return key[:length]
        match = _LA.fullmatch(key) or _PLAIN.fullmatch(key)
        return match["root"] if match else ""

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
            if key.endswith(suffix) and self._stands(rest := key[: -len(suffix)]):
                return rest
        # -ka and -qa only double the last letter: eshikka, buyruqqa
        if key.endswith(("kka", "qqa")) and self._stands(rest := key[:-2]):
            return rest
        for suffix in _AFTER_VOWEL:
            if key.endswith(suffix):
                rest = key[: -len(suffix)]
                if rest and rest[-1] in _VOWELS and self._stands(rest):
                    return rest
        for suffix in _AFTER_CONSONANT:
            if key.endswith(suffix):
                rest = key[: -len(suffix)]
                if rest and rest[-1] not in _VOWELS and self._stands(rest):
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
