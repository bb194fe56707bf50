"""Words that nothing has as typed: typos, two in one, the other layout; and "did you mean"."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from search import correcting
from search.engine import Answer, Correction, Query
from search.models import Synonyms
from tests.search import corpus

pytestmark = [pytest.mark.django_db, pytest.mark.every_database]

SERVICES = {
    "guvohnoma": {"uz": "Haydovchilik guvohnomasi", "ru": "Водительское удостоверение"},
    "ipoteka": {"uz": "Ipoteka krediti", "ru": "Ипотечный кредит"},
    "vasiylik": {"uz": "Vasiylik va homiylik", "ru": "Опека и попечительство"},
    "taksi": {"uz": "Taksi litsenziyasi", "ru": "Лицензия такси"},
    "sinf": {"uz": "Birinchi sinfga qabul", "ru": "Приём в первый класс"},
    "yurt": {"uz": "Oʻquv yurtiga kirish", "ru": "Поступление"},
    "it": {"uz": "Itni roʻyxatga olish", "ru": "Регистрация собаки"},
    "patent": {"uz": "Ixtiro uchun patent", "ru": "Патент на изобретение"},
}


@pytest.fixture
def ask(engine: str) -> Callable[..., Answer]:
    """Searching a few services."""
    corpus.index([{"key": key, "title": title} for key, title in SERVICES.items()])
    return corpus.asking(engine)


@pytest.mark.parametrize(
    ("typed", "wanted", "meant"),
    [
        # A letter missing, added, wrong, two swapped; two errors in a long word.
        ("gvohnoma", "guvohnoma", None),
        ("haydovchilikk guvoxnomasi", "guvohnoma", None),
        ("ixtrio", "patent", "ixtiro"),
        ("haydvochlik", "guvohnoma", "haydovchilik"),
        # Two words in one; parted as written, since folding would join their letters.
        ("vasiylikhomiylik", "vasiylik", None),
        ("oʻquvyurtiga", "yurt", None),
        # Other spellings of one letter, and a word built on one that is there.
        ("ipoteca", "ipoteka", "ipoteka"),
        ("birinci sinf", "sinf", "birinchi sinf"),
        ("taksichilik", "taksi", None),
        # Uzbek in the Russian layout, Russian in the English one.
        ("ькщгзщеулф", None, None),
        ("шзщеулф", "ipoteka", "ipoteka"),
        ("фзлкдйи", None, None),
        # English stop words that are words here.
        ("it", "it", None),
    ],
)
def test_a_word_is_read_as_what_it_may_be(
    ask: Callable[..., Answer], typed: str, wanted: str | None, meant: str | None
) -> None:
    answer = ask(typed)
    assert (answer.hits[0].slug if answer.hits else None) == wanted
    assert answer.did_you_mean == meant


@pytest.mark.parametrize(
    ("typed", "wanted", "meant"),
    [
        ("djlbntkmcrjt eljcnjdthtybt", "guvohnoma", "водительское удостоверение"),
        ("jgtrf", "vasiylik", "опека"),
        ("gfntyn yf bpj,htntybt", "patent", "патент на изобретение"),
    ],
)
def test_russian_in_the_english_layout(
    ask: Callable[..., Answer], typed: str, wanted: str, meant: str
) -> None:
    answer = ask(typed, "ru")
    assert (answer.hits[0].slug, answer.did_you_mean) == (wanted, meant)


def test_what_is_there_as_typed_is_not_read_otherwise(ask: Callable[..., Answer]) -> None:
    for typed in ("patent", "патент", "guvohnoma qqqq"):
        assert ask(typed).did_you_mean is None, typed
    # A word that says little does not outweigh one that says what is sought.
    assert ask("taksi qabul qilish olish").hits[0].slug == "taksi"


def test_a_page_offers_what_was_meant_in_its_script(
    ask: Callable[..., Answer], client: Client
) -> None:
    html = client.get("/uz/search/", {"q": "haydvochlik"}).content.decode()
    assert 'class="did-you-mean"' in html
    assert 'href="?q=haydovchilik"' in html
    html = client.get("/uz-cyrl/search/", {"q": "ҳайдвочлик"}).content.decode()
    assert ">ҳайдовчилик</a>" in html
    assert 'class="did-you-mean"' not in client.get("/uz/search/?q=patent").content.decode()


def test_whole_words_alone_are_replaced() -> None:
    query = Query("ov ovqat", "uz")
    assert correcting.meant(query, [Correction("ov", "uy")]) == "uy ovqat"
    assert correcting.meant(query, []) is None


def test_what_is_named_itself_is_no_other_name_of_the_rest(ask: Callable[..., Answer]) -> None:
    """Both are asked for: a mortgage shall not be read as a patent once more."""
    Synonyms.objects.create(words="ipoteka krediti\npatent")
    assert ask("patent ipoteka krediti").hits[0].slug == "ipoteka"


@pytest.mark.parametrize(
    ("typed", "wanted", "meant"),
    [
        # What people call a paper may be mistyped, though no text has it.
        ("pravva", "guvohnoma", None),
        ("sabaka", "it", None),
        # Parted words stand for what phrases of both stand for.
        ("haydovchilikguvohnoma", "guvohnoma", None),
        # Built on what people call something.
        ("usynovlenie opekunstvolik", "vasiylik", None),
    ],
)
def test_synonyms_of_what_was_meant_count(
    ask: Callable[..., Answer], typed: str, wanted: str, meant: str | None
) -> None:
    answer = ask(typed)
    assert answer.hits[0].slug == wanted
    assert meant is None or answer.did_you_mean == meant
