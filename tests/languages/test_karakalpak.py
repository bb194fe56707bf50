"""Karakalpak: its alphabet, its case pair, the spellings of 1995 and 2009."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from languages import karakalpak

PAIRS = [
    ("Қарақалпақстан Республикасы", "Qaraqalpaqstan Respublikası"),
    ("ҚАРАҚАЛПАҚСТАН РЕСПУБЛИКАСЫ", "QARAQALPAQSTAN RESPUBLIKASÍ"),
    ("аўыл", "awıl"),
    ("Төрткүл", "Tórtkúl"),
    ("Шымбай", "Shımbay"),
    ("гүўалық", "gúwalıq"),
    ("мәмлекетлик хызметлер", "mámleketlik xızmetler"),
    ("январь", "yanvar"),
    ("январда", "yanvarda"),
    ("электр", "elektr"),
    ("ел", "el"),
    ("декларация", "deklaraciya"),
    ("2026 жыл 5 март", "2026-jıl 5-mart"),
]


@pytest.mark.parametrize(("cyrillic", "latin"), PAIRS)
def test_pairs_hold_both_ways(cyrillic: str, latin: str) -> None:
    assert karakalpak.to_latin(cyrillic) == latin
    assert karakalpak.to_cyrillic(latin) == cyrillic
    assert karakalpak.fold(cyrillic) == karakalpak.fold(latin)


def test_the_case_pair_of_dotless_i() -> None:
    assert karakalpak.upper("xızmet") == "XÍZMET"
    assert karakalpak.lower("XÍZMET") == "xızmet"
    assert karakalpak.lower(karakalpak.upper("qızıl ishki")) == "qızıl ishki"


def test_letters_of_1995_are_written_as_today() -> None:
    assert karakalpak.normalise("O'zbekstan, ja'ne men', tu'n") == "Ózbekstan, jáne meń, tún"
    assert karakalpak.normalise("'Ana' tili") == "'Ana' tili"
    assert karakalpak.normalise("ana@su'.uz https://a.uz/a'n") == "ana@sú.uz https://a.uz/a'n"


@pytest.mark.parametrize("text", ["boʻyicha maʼlumotnoma", "Togʻ, oʻquv; sanʼat", "yozuv boʻ"])
def test_uzbek_words_keep_their_signs(text: str) -> None:
    assert karakalpak.normalise(text) == text


def test_older_spellings_share_a_key() -> None:
    assert karakalpak.fold("wol yeki") == karakalpak.fold("ol eki")
    assert karakalpak.fold("gu'waliq") == karakalpak.fold("gúwalıq") == karakalpak.fold("гүўалық")


@pytest.mark.parametrize(
    "family",
    [
        "xızmet xızmetler xızmetlerdiń xızmetke xızmeti хызметлер",
        "bala balalar balalarımız balanıń balası",
        "kitap kitabı kitaplar",
        "qala qalada qalasınıń qalalar",
    ],
)
def test_forms_of_a_word_meet(family: str) -> None:
    assert len({karakalpak.stem(form) for form in family.split()}) == 1


@given(st.one_of(st.text(max_size=60), st.text(alphabet="aágnoóuúiıÍIwWcхўҚьъ' ’1.@", max_size=40)))
def test_total_and_idempotent(text: str) -> None:
    for function in (
        karakalpak.to_latin,
        karakalpak.to_cyrillic,
        karakalpak.fold,
        karakalpak.stem,
        karakalpak.upper,
        karakalpak.lower,
        karakalpak.keyboard_key,
    ):
        assert isinstance(function(text), str)
    once = karakalpak.normalise(text)
    assert karakalpak.normalise(once) == once


@given(
    st.lists(
        st.sampled_from("a á b g ǵ d j z i k q l m n ń o ó p r t u ú w f x sh ch ı".split()),
        min_size=1,
        max_size=10,
    ).map("".join)
)
def test_native_letters_come_back(word: str) -> None:
    assert karakalpak.to_latin(karakalpak.to_cyrillic(word)) == word
