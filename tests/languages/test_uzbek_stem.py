"""The stemmer: forms of a word meet, look-alikes do not."""

from __future__ import annotations

import pytest

from languages import uzbek
from languages.signs import is_cyrillic, read_lines
from languages.uzbek.fold import letters

FAMILIES = [
    "ariza arizani arizaning arizaga arizada arizadan arizalar arizalari arizangiz arizasi",
    "shahar shahri shahrida shaharlar shaharlarning shahrimizdan",
    "oʻgʻil oʻgʻli oʻgʻlimning oʻgʻillar",
    "soliq soligʻi soliqni soliqqa soliqlar soligʻini",
    "tilak tilagi tilakka tilaklar",
    "tuman tumani tumanda tumanlar tumanimizda",
    "auksion auksioni auksionlar auksionida",
    "kun kuni kunida kunlar kunlarda kunini",
    "yer yeri yerida yerlarni",
    "olish oldi oladi olgan olib olmaydi olinadi olingan",
    "berish berdi beradi bergan berilgan berilmoqda bermagan",
    "belgilandi belgilangan belgilaydi belgilash",
]
APART = [
    ("boshqa", "bosh"),
    ("foyda", "foy"),
    ("tizim", "tiz"),
    ("boʻlim", "boʻl"),
    ("kursi", "kurs"),
    ("bola", "bol"),
    ("modda", "mod"),
    ("dunyo", "dun"),
    ("tashqi", "tash"),
    ("oʻqituvchi", "oʻqituv"),
    ("tarbiya", "tarb"),
    ("rasmiy", "rasm"),
    ("oltin", "olti"),
]


@pytest.mark.parametrize("family", FAMILIES)
def test_forms_of_a_word_meet(family: str) -> None:
    assert len({uzbek.stem(form) for form in family.split()}) == 1


@pytest.mark.parametrize("family", FAMILIES)
def test_scripts_and_spellings_meet(family: str) -> None:
    for form in family.split():
        assert uzbek.stem(form) == uzbek.stem(uzbek.to_cyrillic(form))
        assert uzbek.stem(form) == uzbek.stem(uzbek.to_new_latin(form))
        assert uzbek.stem(form) == uzbek.stem(form.replace("ʻ", "'"))


@pytest.mark.parametrize(("one", "other"), APART)
def test_look_alikes_stay_apart(one: str, other: str) -> None:
    assert uzbek.stem(one) != uzbek.stem(other)


@pytest.mark.parametrize(
    "name", ["uz_short_stems.txt", "uz_whole_words.txt", "uz_verbs.txt", "uz_vowel_drop.tsv"]
)
def test_lists_are_latin_and_fold_to_something(name: str) -> None:
    for line in read_lines(name):
        for word in line.split():
            assert not any(map(is_cyrillic, word)), word
            assert letters(word), word
