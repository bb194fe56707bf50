"""Texts as editors save them: one ʻ, one ʼ, letters of one script; Cyrillic turned into Latin."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from languages.tidying import changed_words, doubtful, latin, tidy


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("o'quvchi, G`ijduvon, ma’lumot", "oʻquvchi, Gʻijduvon, maʼlumot"),
        # Cyrillic letters that look Latin, and the other way round.
        ("mаktаb", "maktab"),
        ("Хizmat", "Xizmat"),
        ("шaҳap", "шаҳар"),
        ("ҳужжат ва hujjat", "ҳужжат ва hujjat"),
        # Truly mixed words, codes and addresses are a person's to decide.
        ("hужжат", "hужжат"),
        ("https://my.gov.uz/о'", "https://my.gov.uz/о'"),
        ("АА1234567", "АА1234567"),
    ],
)
def test_one_spelling(typed: str, kept: str) -> None:
    assert tidy(typed, "uz") == kept
    assert tidy(kept, "uz") == kept


def test_karakalpak_has_its_own_rules_and_others_none() -> None:
    assert tidy("a'dep hám qаla", "kaa") == "ádep hám qala"
    for language in ("ru", "en", "uz-cyrl"):
        assert tidy("o'quvchi mаktаb", language) == "o'quvchi mаktаb"


@given(st.text(alphabet="abOogG'ʻʼ’`аеоАХҳш <&.1", max_size=30))
def test_tidying_twice_changes_nothing_more(text: str) -> None:
    once = tidy(text, "uz")
    assert tidy(once, "uz") == once
    tidy(text, "kaa")
    latin(text)
    doubtful(text)


def test_cyrillic_becomes_latin_and_doubtful_words_are_named() -> None:
    text = "Ариза сентябрь ойида, цирк ва мактабга топширилади (Qaror №5)."
    assert latin(text) == "Ariza sentabr oyida, sirk va maktabga topshiriladi (Qaror №5)."
    assert "цирк" in doubtful(text)
    assert not {"Ариза", "мактабга", "топширилади", "Qaror"} & set(doubtful(text))


def test_changed_words_are_paired() -> None:
    assert changed_words("bu o'quvchi keldi", "bu oʻquvchi keldi") == [("o'quvchi", "oʻquvchi")]
