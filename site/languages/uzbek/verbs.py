"""The verb of Uzbek as a grammar: root, voice, ability, negation, tense or noun, person, question.

Works on folded letters (oʻ = o, gʻ = g; after a consonant y before a, o, u is gone: yozyapti is
yozapti). Sources: the endings as school grammars of Uzbek list them; written for this project.

A root that is listed comes back under every ending. Of other words the root is guessed, and only
from endings that no noun has, or that no noun has after such a stem.
"""

from __future__ import annotations

import re

#: a and y link a tense to a root that ends in a consonant or in a vowel: yoz-a-di, oʻqi-y-di.
_LINK = "(?:(?<![aeiou])a|(?<=[aeiou])y)"
_A = "(?:(?<![aeiou])a)?"
_PERSON = "(?:m|ng|k|ngiz|ngizlar|lar)?"
_COPULA = "(?:man|san|miz|siz|sizlar|dir|dirlar)?"
_ASKING = "(?:mi(?:kan|kin|san|siz|sizlar)?|chi|ku)?"
_POSSESSIVE = "(?:imiz|ingiz|miz|ngiz|lari|im|ing|i|m|ng)"
#: what a participle or a verbal noun may take of the endings of nouns
_NOMINAL = (
    f"(?:li[kg])?(?:lar)?{_POSSESSIVE}?(?:li[kg])?{_POSSESSIVE}?"
    "(?:ning|ni|[gkq]a|dan|dagi|da|[gkq]acha|day|dek|cha|niki|siz)?"
    f"(?:gina)?(?:mi)?(?:di{_PERSON}|kan|{_COPULA}){_ASKING}"
)
_SH = "(?:(?<![aeiou])ish|(?<=[aeiou])sh)"
_CAUSATIVE = "(?:[td]ir|[gkq][ia]z|(?<=[aeiourly])t)"

#: the ends of finite verbs, participles, converbs and verbal nouns
_PAST = f"di{_PERSON}{_ASKING}"
_PRESENT = f"{_LINK}(?:di|dilar|man|san|miz|siz|sizlar){_ASKING}"
_DIGAN = f"{_LINK}digan{_NOMINAL}"
_GAN = f"[gkq]an{_NOMINAL}"
_YOTGAN = f"{_A}yot(?:gan{_NOMINAL}|ir{_COPULA}|ib{_COPULA})"
_YAP = f"(?:y|(?<![aeiou]))ap(?:ti|tilar|man|san|miz|siz|sizlar){_ASKING}"
_MOQ = f"moq(?:da{_COPULA}(?:lar)?|chi(?:lar|lik|ligi)?{_COPULA}(?:di{_PERSON})?|ni|dan|ga|lik)?{_ASKING}"
_MAS = f"mas(?:di{_PERSON}|dan|kan|li[kg]{_NOMINAL}|{_COPULA}){_ASKING}"
_IF = f"sa(?:ydi)?{_PERSON}{_ASKING}"
_LET = "sin(?:lar)?"
_IB = "(?:(?<![aeiou])ib|(?<=[aeiou])b)"
_IBDI = f"{_IB}(?:di|ti|dilar|tilar|man|san|miz|siz|sizlar){_ASKING}"
_CONVERBS = "(?:[gkq]ach|[gkq]uncha|[gkq]ali|[gkq]uday|[gkq]ude[kg]|[gkq]in)"
_ISH = f"{_SH}{_NOMINAL}"
_AORIST = f"(?:(?<![aeiou])a)?r(?:di{_PERSON}|kan|{_COPULA}|lar){_ASKING}"
_WISH = f"{_A}y(?:in|lik)?{_ASKING}"
_ORDER = "(?:(?<![aeiou])i)?ng(?:iz|lar|izlar)?"

_NEGATED = (
    f"(?:ma(?:{_PAST}|y(?:di|dilar|man|san|miz|siz|sizlar)?{_ASKING}|ydigan{_NOMINAL}|gan{_NOMINAL}"
    f"|yot(?:gan{_NOMINAL}|ir{_COPULA})|yap(?:ti|tilar|man|san|miz|siz|sizlar){_ASKING}"
    f"|{_IF}|{_LET}|y(?:in|lik)|guncha|sh{_NOMINAL})|{_MAS})"
)
_ANY = "|".join((
    _PAST, _PRESENT, _DIGAN, _GAN, _YOTGAN, _YAP, _MOQ, _IF, _LET, _IBDI, _IB, _CONVERBS, _ISH,
    _AORIST, _WISH, _ORDER, _LINK,
))  # fmt: skip
_PASSIVE = "(?:(?<![aeiou])i[ln]|(?<=[aeiou])[ln])"
#: able to, keeps doing: ber-ol-maydi, kel-aver-di
_MANNER = f"(?:y?ol(?=ma|[aidgs])|{_LINK}ver)?"

#: All that may follow a listed root.
TAIL = re.compile(
    f"(?:{_PASSIVE})?{_SH}?{_CAUSATIVE}{{0,2}}(?:{_PASSIVE}){{0,2}}{_SH}?{_MANNER}(?:{_NEGATED}|{_ANY}|mang(?:iz|lar|izlar)?)"
)

#: The voices that come off a root that is not listed: n and t only after a (boshla-n, toʻxta-t).
_VOICES = (
    "(?:(?<![aeiou])i[ln]|(?<=a)n)?(?:(?<![aeiou])ish|(?<=a)sh)?(?:[td]ir|(?<=[ay])t){0,2}"
    "(?:(?<![aeiou])i[ln]|(?<=a)n){0,2}(?:(?<![aeiou])ish|(?<=a)sh)?"
)
#: Endings that no noun has.
_CLEAR = "|".join((
    _NEGATED, _DIGAN, _YOTGAN, _YAP, _IBDI, _GAN, f"{_LINK}(?:di|dilar|man){_ASKING}",
    f"moq(?:da|chi)(?:{_COPULA}(?:lar)?|lik|ligi|di{_PERSON}){_ASKING}", "[gkq]uncha", "[gkq]ach",
))  # fmt: skip
#: Endings that nouns share, but not after these ends of stems (shogirdi, maqsadi, farzandi).
_SHARED = "|".join((
    _PAST, _PRESENT, _IF, _LET, f"{_A}ylik", "(?:(?<=[^aeiou])ar|(?<=[aeiou])r)(?:di)?",
))  # fmt: skip
#: Two syllables or more; those in a vowel are of -la and -ra alone, and none is in -al or a consonant
#: with l: xabarladi is of xabarla, not of xabarl.
_ROOT = "(?P<root>[^aeiou]*[aeiou]+[^aeiou]+[aeiou][a-z]*?(?:(?<=[lr]a)|(?<![aeiou])(?<![^eiou]l)))"
_GUESSES = (
    # a clear ending, -ish, -ib, -lab, -moq
    re.compile(
        f"{_ROOT}{_VOICES}{_MANNER}"
        f"(?:{_CLEAR}|(?<![aeiou])ish{_NOMINAL}|(?<=[lr]a)sh{_NOMINAL}|(?<=[lr]a)b|(?<![aeiou])ib|moq)"
    ),
    # a voice that is seen, or the ends -la, -ay, -ik, -ir: a shared ending too
    re.compile(
        f"{_ROOT}(?=(?:i[ln]|(?<=a)n|ish|(?<=a)sh|[td]ir|(?<=a)t)|(?<=la)(?!r$|rlar)|(?<=ay)|(?<=i[kqr]))"
        f"{_VOICES}(?:{_SHARED})"
    ),
    # one syllable: a voice and a tense, or a clear ending
    re.compile(
        f"(?P<root>[^aeiou]*[aeiou][^aeiou]+?)"
        f"(?:(?:il|in|ish|[td]ir)+(?:{_PAST}|{_CLEAR}|moq|ish{_NOMINAL}|ib)"
        f"|{_CLEAR}|{_PAST}|ish{_NOMINAL}|ib)"
    ),
)


def guess(key: str) -> str:
    """The root of a verb that is not listed, or nothing where the word may be no verb."""
    for pattern in _GUESSES:
        match = pattern.fullmatch(key)
        if match is not None:
            return match["root"]
    return ""
