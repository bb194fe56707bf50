"""Uzbek Latin ⇄ Cyrillic, letter by letter with the rules of position, and lists of loanwords.

Sources: Cabinet resolution 339 of 24.08.1995 with its annex on Cyrillic letters; BGN/PCGN 2000.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from languages.signs import (
    TURNED,
    TUTUQ,
    WORD,
    is_cyrillic,
    outside_protected,
    read_lines,
    stays_latin,
)
from languages.uzbek.new_latin import expand
from languages.uzbek.spelling import lower, normalise_part

_LATIN = dict(
    zip(
        "абвгджзийклмнопрстуфхқҳэыўғшчщ",
        "a b v g d j z i y k l m n o p r s t u f x q h e i oʻ gʻ sh ch sh".split(),
        strict=True,
    )
)
_CYRILLIC = dict(zip("abvgdjziyklmnoprstufxqhe", "абвгджзийклмнопрстуфхқҳе", strict=True))
_PAIRS = {"oʻ": "ў", "gʻ": "ғ", "sh": "ш", "ch": "ч", "yo": "ё", "yu": "ю", "ya": "я", "ye": "е"}
_VOWELS = frozenset("аеёиоуэюяўы")
_IOTATED = {"ё": "o", "ю": "u", "я": "a"}

#: Abbreviations that the letters alone would spell otherwise.
_ABBREVIATIONS = {
    "FHDYo": "ФҲДЁ",
    "JShShIR": "ЖШШИР",
    "YTT": "ЯТТ",
    "YAIM": "ЯИМ",
    "YIDXP": "ЯИДХП",
}
_ABBREVIATIONS_BACK = {cyrillic: latin for latin, cyrillic in _ABBREVIATIONS.items()}
_ABBREVIATIONS |= {"FHDYO": "ФҲДЁ", "FHDY": "ФҲДЁ", "JSHSHIR": "ЖШШИР"}

_MONTHS_LATIN = "yanvar|fevral|mart|aprel|may|iyun|iyul|avgust|sentabr|oktabr|noyabr|dekabr"
_MONTHS_CYRILLIC = (
    "январь?|февраль?|март|апрель?|май|июнь?|июль?|август|сентябрь?|октябрь?|ноябрь?|декабрь?"
)
_ENDINGS_LATIN = "(?:lar)?(?:i|lari)?(?:da|dan|ga|gi|gacha|ning|ni|dagi)?"
_ENDINGS_CYRILLIC = "(?:лар)?(?:и|лари)?(?:да|дан|га|ги|гача|нинг|ни|даги)?"
_YEAR_LATIN = re.compile(rf"(?<!\d)(\d{{4}})-(?=yil{_ENDINGS_LATIN}\b)", re.IGNORECASE)
_YEAR_CYRILLIC = re.compile(
    rf"(?<![\d.,])([12]\d{{3}})[ \u00a0](?=йил{_ENDINGS_CYRILLIC}\b)", re.IGNORECASE
)
_DAY_LATIN = re.compile(
    rf"(?<![\d-])([0-3]?\d)-(?=(?:{_MONTHS_LATIN}){_ENDINGS_LATIN}\b)", re.IGNORECASE
)
_DAY_CYRILLIC = re.compile(
    rf"(?<![\d-])([0-3]?\d)[ \u00a0](?=(?:{_MONTHS_CYRILLIC}){_ENDINGS_CYRILLIC}\b)", re.IGNORECASE
)

#: What may follow a listed stem without a star: the endings of Uzbek, one after another.
_SUFFIXES = re.compile(
    r"""(?:lar|lari|imiz|ingiz|miz|ngiz|im|ing|i|si|m|ng|ning|ni|ga|ka|qa|gacha|dan|dagi|da|niki
    |day|dek|dir|man|san|siz|mi|ku|chi|chilik|cha|lik|ligi|li|dosh|dor|dorlik|xona|soz|sozlik
    |lash\w*|lan\w*|la\w*|iy|aviy|ik|ona|simon|shunos\w*|noma|gina|roq|ham|lab|bop|aro|lararo
    |ist|izm|ch|u|yu){0,6}""",
    re.VERBOSE,
)
_PREFIXES = tuple(
    """mini mikro makro avto moto foto video radio tele kino bio geo agro gidro elektro termo aero
    mono multi poli anti kontr super giper trans re de dis sub eks vitse nano neyro psixo sotsio
    etno eko kardio gastro endo infra kiber kripto mega kilo giga milli santi detsi ultra umum
    mehmon yarim qayta ichki oʻz kop""".split()
)

#: s of -ksiya, -psiya, -nsiya is ц, but these keep с; after r and l it is с unless listed.
_TSIYA = re.compile(r"(?<=[bknp])s(?=i(?:ya|yo|on|al))")
_KEEPS_S = re.compile(
    r"fleksi|aksial|anneksi|dis?leksi|aleksi|kaxeksi|asfiksi|apopleksi|ataksi|ortodoksi|paradoksi"
    r"|maksi|taksi|epilepsi|biopsi|autopsi|dispepsi|nekropsi|sinopsi|pensi|pansion|ekspansi"
    r"|dimensi|dispensi"
)
#: ts after a vowel is т + с before these endings and second parts of compounds, else ц.
_T_AND_S = re.compile(
    r"ts(?:iz|in(?:lar|mi|chi)?$|inlar|a$|am|ang|ak|alar|ayu|ayam|imon|evar|eva|oz|ira"
    r"|(?!i|e|y|k(?:iy|aya|ov)|$)|y(?!u|a)|h)"
)
_TSOV = re.compile(r"tsov(?:a|lar|ning|ga|ni|da|dan)?$")


def _case_of(source: str) -> str:
    """ "lower", "title", "upper" or "mixed"."""
    letters = [c for c in source if c.isalpha() and c not in (TURNED, TUTUQ)]
    if not letters or all(c.islower() for c in letters):
        return "lower"
    if len(letters) > 1 and all(c.isupper() for c in letters):
        return "upper"
    if letters[0].isupper() and all(c.islower() for c in letters[1:]):
        return "title"
    return "mixed"


def _apply_case(case: str, result: str) -> str:
    if case == "upper":
        return result.upper()
    return result[:1].upper() + result[1:] if case == "title" else result


# -- Cyrillic → Latin -----------------------------------------------------------------------


def _unit_to_latin(previous: str, letter: str, following: str) -> str:
    """The Latin of one small Cyrillic letter between its neighbours ("" at the ends)."""
    if letter == "е":
        return "ye" if not previous or previous in _VOWELS or previous in "ъь" else "e"
    if letter in _IOTATED:
        # жюри juri, but ёш, дарё: only after ж does the softness go.
        return ("" if previous == "ж" else "y") + _IOTATED[letter]
    if letter == "ц":
        inside = previous in _VOWELS and following != ""
        return "ts" if inside and previous else "s"
    if letter == "ь":
        return "y" if following and following in "ои" else ""
    if letter == "ъ":
        dropped = previous == "ў" or (previous not in _VOWELS and following in ("е", "ю", "я"))
        return "" if dropped else TUTUQ
    if letter == "ҳ" and previous == "с":
        return TUTUQ + "h"
    return _LATIN.get(letter, letter)


def _letters_to_latin(word: str, previous: str = "") -> str:
    result = []
    for index, letter in enumerate(word):
        result.append(_unit_to_latin(previous, letter, word[index + 1 : index + 2]))
        previous = letter
    return "".join(result)


def _mixed_to_latin(word: str) -> str:
    """A word of mixed case, letter by letter: АҚШда → AQSHda, ҚШда → QSHda, КБда → KBda."""
    small, result = lower(word), []
    if len(small) != len(word):
        return _letters_to_latin(small)
    for index, letter in enumerate(word):
        before, after = word[index - 1 : index] if index else "", word[index + 1 : index + 2]
        latin = _unit_to_latin(small[index - 1] if index else "", small[index], after.lower())
        if letter.isupper():
            whole = len(latin) > 1 and (after.isupper() or before.isupper())
            latin = latin.upper() if whole else latin[:1].upper() + latin[1:]
        result.append(latin)
    return "".join(result)


@lru_cache(maxsize=100_000)
def word_to_latin(word: str) -> str:
    """One word; Latin letters in it stay."""
    if not any(map(is_cyrillic, word)):
        return word
    for length in range(len(word), 2, -1):
        if word[:length] in _ABBREVIATIONS_BACK:
            return _ABBREVIATIONS_BACK[word[:length]] + _letters_to_latin(
                lower(word[length:]), lower(word[length - 1])
            )
    case = _case_of(word)
    if case == "mixed":
        return _mixed_to_latin(word)
    small = lower(word)
    for length in range(min(len(small), _LONGEST), 2, -1):
        entry = _IRREGULAR.get(small[:length])
        if entry is not None:
            rest = _letters_to_latin(small[length:], small[length - 1])
            if _may_follow(rest, entry[1]):
                return _apply_case(case, entry[0] + rest)
    return _apply_case(case, _letters_to_latin(small))


def _part_to_latin(part: str) -> str:
    if not any(map(is_cyrillic, part)):
        return part
    part = _YEAR_CYRILLIC.sub(r"\1-", part)
    part = _DAY_CYRILLIC.sub(r"\1-", part)
    return WORD.sub(lambda match: word_to_latin(match.group()), part)


def to_latin(text: str) -> str:
    """Cyrillic words → Latin of 1995; addresses, codes and what is Latin already stay.

    Dates get their hyphens: 2026 йил 5 март → 2026-yil 5-mart.
    """
    return outside_protected(text, _part_to_latin)


# -- Latin → Cyrillic -----------------------------------------------------------------------


def _letters_to_cyrillic(word: str, previous: str = "") -> str:
    """Small Latin letters after `previous`, the last Cyrillic letter before them."""
    result, index = [], 0
    while index < len(word):
        pair, letter = word[index : index + 2], word[index]
        out, step = _CYRILLIC.get(letter, letter), 1
        if letter == "s" and word[index + 1 : index + 3] == f"{TUTUQ}h":
            out, step = "сҳ", 3
        elif pair == "yo" and word[index + 2 : index + 3] == TURNED:
            out = "й"
        elif pair == "ye" and previous and previous not in _VOWELS and previous not in "ъьй":
            # курьер, ателье; the words with ъ (объект) are listed.
            out, step = ("ье" if is_cyrillic(previous) else "е"), 2
        elif pair in _PAIRS:
            out, step = _PAIRS[pair], 2
        elif (
            pair == "ts"
            and word[index + 2 : index + 3] != "h"
            and (not previous or previous in _VOWELS)
        ):
            if not previous or _TSOV.match(word, index) or not _T_AND_S.match(word, index):
                out, step = "ц", 2
        elif letter == "e":
            out = "э" if not previous or previous in _VOWELS else "е"
        elif letter == TUTUQ:
            out = "ъ"
        result.append(out)
        previous = out[-1:]
        index += step
    return "".join(result)


def _by_rule(small: str) -> str:
    """A small Latin word by the rules alone."""
    if "si" in small and not _KEEPS_S.search(small):
        small = _TSIYA.sub("ц", small)
    return _letters_to_cyrillic(small)


def _may_follow(rest: str, starred: bool) -> bool:
    return not rest or starred or (len(rest) < 25 and _SUFFIXES.fullmatch(rest) is not None)


def _by_list(small: str) -> str | None:
    """A small Latin word that begins with a listed stem, or None."""
    for length in range(min(len(small), _LONGEST_FROM.get(small[:3], 0)), 2, -1):
        entry = _LOANS.get(small[:length])
        if entry is None:
            continue
        head, starred = entry
        rest = small[length:]
        if not _may_follow(rest, starred):
            continue
        if head[-1] == "т" and rest.startswith(("siya", "sion")):
            # konsultatsiya has no ending -siya after консультат
            continue
        if rest and head[-1] == "ь":
            # апрель, but апрелда: a soft sign at the end goes before any suffix.
            head = head[:-1]
        return head + _letters_to_cyrillic(rest, head[-1])
    return None


#: Names of bodies: Oʻzbekekspertiza is Ўзбекэкспертиза.
_COMPOUND = re.compile("(?:oʻzbek|oʻz)(?=e(?:ks|l|n|ko))")


def _small_to_cyrillic(small: str) -> str:
    if (match := _COMPOUND.match(small)) is not None:
        return _letters_to_cyrillic(match.group()) + _small_to_cyrillic(small[match.end() :])
    found = _by_list(small)
    if found is not None:
        return found
    for prefix in _PREFIXES if small.startswith(_PREFIXES) else ():
        if small.startswith(prefix) and len(small) > len(prefix) + 3:
            found = _by_list(small[len(prefix) :])
            if found is not None:
                return _letters_to_cyrillic(prefix) + found
    return _by_rule(small)


def _mixed_to_cyrillic(word: str) -> str:
    """A word of mixed case: runs of one letter's unit keep the case of its first sign."""
    small = lower(word)
    if len(small) != len(word):
        return _by_rule(small)
    result: list[str] = []
    for match in re.finditer(rf"s{TUTUQ}h|[og]{TURNED}|[sc]h|y(?:o(?!{TURNED})|[uae])|.", small):
        before = result[-1][-1].lower() if result else ""
        cyrillic = _letters_to_cyrillic(match.group(), before)
        if word[match.start()].isupper():
            cyrillic = cyrillic[:1].upper() + cyrillic[1:]
        result.append(cyrillic)
    return "".join(result)


@lru_cache(maxsize=100_000)
def word_to_cyrillic(word: str) -> str:
    """One word; one that has Cyrillic letters already, or is foreign, stays."""
    if any(map(is_cyrillic, word)):
        return word
    plain = expand(normalise_part(word))
    if stays_latin(word):
        return word
    for length in range(len(plain), 2, -1):
        if plain[:length] in _ABBREVIATIONS and (length == len(plain) or plain[length:].islower()):
            return _ABBREVIATIONS[plain[:length]] + _letters_to_cyrillic(plain[length:], "а")
    case = _case_of(plain)
    if case == "mixed":
        return _mixed_to_cyrillic(plain)
    return _apply_case(case, _small_to_cyrillic(lower(plain)))


def _found_to_cyrillic(match: re.Match[str]) -> str:
    word = match.group()
    if len(word) == 1 and word in "IVX" and _INITIAL.match(match.string, match.start()):
        return "ИВХ"["IVX".index(word)]
    return word_to_cyrillic(word)


#: One of several initials (F.I.O., A.V.Ivanov), where I, V and X are no numerals.
_INITIAL = re.compile(r"(?<=[^\W\d_]\.).\.|.\.(?=[^\W\d_])")


def _part_to_cyrillic(part: str) -> str:
    part = normalise_part(part)
    part = _YEAR_LATIN.sub(r"\1 ", part)
    part = _DAY_LATIN.sub(r"\1 ", part)
    return WORD.sub(_found_to_cyrillic, part)


def to_cyrillic(text: str) -> str:
    """Latin words of either spelling → Cyrillic; addresses, codes and Roman numerals stay.

    Dates lose their hyphens: 2026-yil 5-mart → 2026 йил 5 март.
    """
    return outside_protected(unicodedata.normalize("NFC", text), _part_to_cyrillic)


def _load() -> None:
    """Fill the lists from the data file; the Latin of a stem follows from the rules."""
    for line in read_lines("loanwords.txt"):
        stem, _, latin = line.partition("\t")
        starred = stem.endswith("*")
        stem = stem.rstrip("*")
        if latin:
            for form in {stem, stem.rstrip("ь")}:
                _IRREGULAR[form] = (latin, starred)
        latin = latin or _letters_to_latin(stem)
        _LOANS[latin] = (stem, starred)


_LOANS: dict[str, tuple[str, bool]] = {}
_IRREGULAR: dict[str, tuple[str, bool]] = {}
_load()
_LONGEST = max(map(len, _IRREGULAR))
#: first three letters → the length of the longest listed stem that begins so
_LONGEST_FROM: dict[str, int] = {}
for _stem in _LOANS:
    _LONGEST_FROM[_stem[:3]] = max(len(_stem), _LONGEST_FROM.get(_stem[:3], 0))
