"""Uzbek Latin ⇄ Cyrillic and the spelling of 2026: rules by example, laws by generated text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from languages import uzbek
from languages.signs import APOSTROPHES

#: Cyrillic, Latin, both ways exact. By the rule they show.
BOTH_WAYS = """
маъно maʼno|санъат sanʼat|Исҳоқ Isʼhoq|асҳоб asʼhob|машъал mashʼal|эълон eʼlon
ер yer|поезд poyezd|объект obyekt|субъектлар subyektlar|ателье atelye|курьер kuryer|съезд syezd
электр elektr|поэзия poeziya|аэропорт aeroport|дарё daryo|йўл yoʻl|йўқ yoʻq
район rayon|Нью-Йорк Nyu-York
бюджет budjet|бюджетдан budjetdan|стажёр stajor|октябрь oktabr|октябрда oktabrda|сентябрь sentabr
апрель aprel|апрелда aprelda|апрелгача aprelgacha|декабрь dekabr|медаль medal|медаллар medallar
цирк sirk|цех sex|цехлар sexlar|абзац abzas|акция aksiya|аукцион auksion
функция funksiya|концепция konsepsiya
лицензия litsenziya|конституция konstitutsiya|милиция militsiya|доцент dotsent|процент protsent
пенсия pensiya|версия versiya|комиссия komissiya
экскурсия ekskursiya|антициклон antisiklon
фаолиятсиз faoliyatsiz|вақтсиз vaqtsiz|айтса aytsa|кетсин ketsin
ҳаётсевар hayotsevar|соатсоз soatsoz
мўъжиза moʻjiza|мўътадил moʻtadil|нуқтаи nuqtayi|плёнка plyonka|алюминий aluminiy|жюри juri
интервью intervyu|павильон pavilyon|бульон bulyon|компьютер kompyuter
фильмлар filmlar|результат rezultat
ШАҲАР SHAHAR|Шаҳар Shahar|АҚШ AQSH|АҚШда AQSHda|ЁШЛАР YOSHLAR|Ёшлар Yoshlar|ЧОЙ CHOY|Чой Choy
Ўзбекистон Oʻzbekiston|ЎЗБЕКИСТОН OʻZBEKISTON|Қорақалпоғистон Qoraqalpogʻiston|ғўза gʻoʻza
Ф.И.О. F.I.O.|ФҲДЁ FHDYo|ЖШШИР JShShIR|Ўзбекэкспертиза Oʻzbekekspertiza
"""
PAIRS = [item.split() for item in BOTH_WAYS.replace("\n", "|").split("|") if item]

UNCHANGED = [
    "https://my.gov.uz/uz/shahar?x=1&y=choy",
    "www.shahar.uz",
    "my.gov.uz",
    "ariza@shahar.uz",
    "AA1234567",
    "AD 1234567",
    "shartnoma.pdf",
    "XXI",
    "IV",
    "PDF",
    "MyID",
    "Microsoft",
    "3D",
    "file_name",
    "",
    "2026",
    "<>&",
]


@pytest.mark.parametrize(("cyrillic", "latin"), PAIRS)
def test_pairs_hold_both_ways(cyrillic: str, latin: str) -> None:
    assert uzbek.to_latin(cyrillic) == latin
    assert uzbek.to_cyrillic(latin) == cyrillic
    assert uzbek.fold(cyrillic) == uzbek.fold(latin)


@pytest.mark.parametrize("text", UNCHANGED)
@pytest.mark.parametrize(
    "function",
    [uzbek.to_latin, uzbek.to_cyrillic, uzbek.normalise, uzbek.to_new_latin, uzbek.from_new_latin],
)
def test_addresses_codes_and_numerals_stay(function, text: str) -> None:  # type: ignore[no-untyped-def]
    assert function(text) == text


@pytest.mark.parametrize(
    ("cyrillic", "latin"),
    [
        ("2026 йил 5 март", "2026-yil 5-mart"),
        ("2026 йилда", "2026-yilda"),
        ("2018–2020 йилларда", "2018–2020-yillarda"),
        ("1 январдан бошлаб", "1-yanvardan boshlab"),
        ("3 йил муддатга", "3 yil muddatga"),
        ("90-йиллар", "90-yillar"),
        ("5-сонли қарор", "5-sonli qaror"),
        ("10та ариза", "10ta ariza"),
    ],
)
def test_dates_get_and_lose_their_hyphens(cyrillic: str, latin: str) -> None:
    assert uzbek.to_latin(cyrillic) == latin
    assert uzbek.to_cyrillic(latin) == cyrillic


@pytest.mark.parametrize(
    ("cyrillic", "latin"), [("борщ", "borsh"), ("вымпел", "vimpel"), ("мещан", "meshshan")]
)
def test_letters_that_only_cyrillic_has(cyrillic: str, latin: str) -> None:
    assert uzbek.to_latin(cyrillic) == latin


def test_text_in_both_scripts_is_converted_word_by_word() -> None:
    assert uzbek.to_cyrillic("ID-karta va паспорт") == "ID-карта ва паспорт"
    assert uzbek.to_latin("ID-карта va паспорт") == "ID-karta va pasport"


def test_qr_is_a_code_or_the_republic() -> None:
    assert uzbek.to_cyrillic("QR-kod va QR kodi") == "QR-код ва QR коди"
    assert uzbek.to_cyrillic("QR Vazirlar Kengashi") == "ҚР Вазирлар Кенгаши"


def test_all_three_spellings_reach_cyrillic() -> None:
    assert uzbek.to_cyrillic("Özbekiston, şahar, çoy, bağ") == "Ўзбекистон, шаҳар, чой, бағ"
    assert uzbek.to_cyrillic("O'zbekiston, san`at") == "Ўзбекистон, санъат"


@pytest.mark.parametrize("sign", APOSTROPHES)
def test_normalise_knows_each_sign(sign: str) -> None:
    assert uzbek.normalise(f"o{sign}g{sign}il ma{sign}no") == "oʻgʻil maʼno"
    assert uzbek.normalise(f"{sign}kitob{sign} va 5{sign}") == unicodedata.normalize(
        "NFC", f"{sign}kitob{sign} va 5{sign}"
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Oʻzbekiston shahri", "Özbekiston şahri"),
        ("SHAHAR CHOYXONA", "ŞAHAR ÇOYXONA"),
        ("Isʼhoq", "Isʼhoq"),
        ("MChJ", "MChJ"),
        ("AQSH", "AQŞ"),
        ("gʻoʻza", "ğöza"),
    ],
)
def test_spelling_of_2026(old: str, new: str) -> None:
    assert uzbek.to_new_latin(old) == new
    assert uzbek.from_new_latin(new) == old


def test_case() -> None:
    assert uzbek.upper("oʻgʻil shahar") == "OʻGʻIL SHAHAR"
    assert uzbek.lower("OʻGʻIL SHAHAR") == "oʻgʻil shahar"


# -- Laws ------------------------------------------------------------------------------------

ANY_TEXT = st.one_of(
    st.text(max_size=80),
    st.text(alphabet="oOgGsShHcCyeaiʻʼ'`’‘ 1.-@/ўЎғшШчҳцъьеёяюöğşçÖĞŞÇwx_", max_size=60),
)
#: Letters of the native alphabet; the digraphs as wholes, so that s and h never meet by chance.
NATIVE = st.lists(
    st.sampled_from("a b d f g h i j k l m n o p q r t u v x z sh ch oʻ gʻ".split()),
    min_size=1,
    max_size=12,
).map("".join)


@given(ANY_TEXT)
def test_no_function_fails_on_any_text(text: str) -> None:
    for function in (
        uzbek.to_latin,
        uzbek.to_cyrillic,
        uzbek.normalise,
        uzbek.fold,
        uzbek.stem,
        uzbek.upper,
        uzbek.lower,
        uzbek.to_new_latin,
        uzbek.from_new_latin,
        uzbek.keyboard_key,
    ):
        assert isinstance(function(text), str)


@given(ANY_TEXT)
def test_normalise_is_idempotent(text: str) -> None:
    once = uzbek.normalise(text)
    assert uzbek.normalise(once) == once


@given(ANY_TEXT)
def test_the_new_spelling_loses_nothing(text: str) -> None:
    normal = uzbek.normalise(text)
    if not set("öğşçÖĞŞÇ") & set(normal):
        assert uzbek.from_new_latin(uzbek.to_new_latin(normal)) == normal


@given(ANY_TEXT)
def test_keys_are_of_small_letters_and_digits(text: str) -> None:
    key = uzbek.fold(text)
    assert set(key) <= set("abcdefghijklmnopqrstuvwxyz0123456789 ")
    assert "  " not in key
    assert key == key.strip()
    assert set(uzbek.stem(text)) <= set("abcdefghijklmnopqrstuvwxyz0123456789")


@given(NATIVE)
def test_native_letters_come_back(word: str) -> None:
    # т + с and н + с before и belong to loanwords, which the lists decide.
    cyrillic = uzbek.to_cyrillic(word)
    assert uzbek.to_latin(cyrillic) == word
    assert uzbek.fold(cyrillic) == uzbek.fold(word)


@given(NATIVE)
def test_capitals_come_back(word: str) -> None:
    capitals = uzbek.upper(word)
    if len(word) > 3 and not set(capitals) <= set("IVXLCDM"):
        assert uzbek.to_latin(uzbek.to_cyrillic(capitals)) == capitals
    title = word[0].upper() + word[1:]
    assert uzbek.to_latin(uzbek.to_cyrillic(title)) in (title, capitals, word)
