"""What search gets: the same terms for either script, and queries of any kind."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from languages import analysis
from languages.analysis import ngrams, query_words, terms


def test_either_script_of_uzbek_gives_the_same_terms() -> None:
    assert terms("Tugʻilganlik guvohnomasini yoʻllarda", "uz") == terms(
        "Туғилганлик гувоҳномасини йўлларда", "uz-cyrl"
    )


def test_stop_words_go_unless_nothing_else_is_there() -> None:
    assert terms("nikoh haqida guvohnoma", "uz").exact == ("nikoh", "guvohnoma")
    assert terms("uchun va", "uz").exact == ("uchun", "va")
    assert terms("", "uz") == analysis.Terms((), (), ())


@pytest.mark.parametrize(
    ("document", "language", "query", "reader"),
    [
        ("Haydovchilik guvohnomasi", "uz", "хайдовчилик гувохномаси", "uz"),
        ("Yoʻl harakati", "uz", "йул", "uz-cyrl"),
        ("Yoʻl harakati", "uz", "yul", "uz"),
        ("Yoʻl harakati", "uz", "yol", "ru"),
        ("Қурилиш учун рухсатнома", "uz-cyrl", "курилишга", "uz"),
        ("Oktabr", "uz", "oktyabrda", "en"),
        ("Shahar", "uz", "şahar", "uz"),
        ("Свидетельство о смерти", "ru", "свидетельства", "uz"),
        ("Свидетельство о смерти", "ru", "svidetelstva", "ru"),
        ("Óliw haqqında gúwalıq", "kaa", "gu'waliq", "kaa"),
        ("Óliw haqqında gúwalıq", "kaa", "гууалык", "ru"),
        ("Death certificates", "en", "certificate", "uz"),
        # Nouns of doing and their verbs; vowels that come and go; nouns that look like participles.
        ("Получение ссуды", "ru", "получить", "ru"),
        ("Установление опеки", "ru", "установить", "ru"),
        ("Регистрация брака", "ru", "регистрировать registratsiya", "ru"),
        ("Справка", "ru", "справок", "ru"),
        ("Участок", "ru", "участка", "ru"),
        ("Владелец", "ru", "владельцу", "ru"),
        ("Экзамен", "ru", "экзаменов", "ru"),
        ("Замена прав", "ru", "заменить", "ru"),
    ],
)
def test_queries_of_any_script_and_language_meet_documents(
    document: str, language: str, query: str, reader: str
) -> None:
    index = terms(document, language)
    for word in query_words(query, reader):
        assert (
            set(word.exact) & set(index.exact)
            or set(word.stem) & set(index.stem)
            or set(word.kb) & set(index.kb)
        ), word


@pytest.mark.parametrize(
    ("one", "another"), [("домен", "дом"), ("операция", "опера"), ("поток", "потк")]
)
def test_other_words_stay_apart(one: str, another: str) -> None:
    assert terms(one, "ru").stem != terms(another, "ru").stem


def test_stop_words_of_queries_are_marked() -> None:
    assert [word.is_stop for word in query_words("как получить паспорт", "ru")] == [
        True,
        True,
        False,
    ]


def test_ngrams_mark_the_edges() -> None:
    assert ngrams("non") == {"_no", "non", "on_"}
    assert ngrams("") == {"__"}


@given(st.text(max_size=80), st.sampled_from(["uz", "uz-cyrl", "kaa", "ru", "en", "xx"]))
def test_terms_are_plain_for_any_text(text: str, language: str) -> None:
    found = terms(text, language)
    assert len(found.exact) == len(found.stem) == len(found.kb)
    for term in (*found.exact, *found.stem, *found.kb):
        assert term.isascii()
        assert term.isalnum()
    for word in query_words(text, language):
        assert word.exact
        assert all(term.isalnum() for term in (*word.stem, *word.kb))
