"""Dates, numbers and money in five languages, in Python, templates and Django's formats."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import formats, translation
from hypothesis import given
from hypothesis import strategies as st

from languages import dates
from languages.registry import CODES

DAY = date(2026, 3, 5)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("uz", "2026-yil 5-mart"),
        ("uz-cyrl", "2026 йил 5 март"),
        ("kaa", "2026-jıl 5-mart"),
        ("ru", "5 марта 2026 г."),
        ("en", "5 March 2026"),
    ],
)
def test_dates(language: str, text: str) -> None:
    assert dates.format_date(DAY, language).replace(dates.NBSP, " ") == text
    moment = datetime(2026, 3, 5, 9, 5)
    assert dates.format_datetime(moment, language).replace(dates.NBSP, " ") == f"{text}, 09:05"


def test_weekdays() -> None:
    assert dates.format_date(DAY, "uz", weekday=True).endswith(", payshanba")
    assert [dates.weekday_name(DAY, code) for code in CODES] == [
        "payshanba",
        "пайшанба",
        "piyshembi",
        "четверг",
        "Thursday",
    ]


@pytest.mark.parametrize(
    ("tiyin", "language", "text"),
    [
        (1_854_000, "uz", "18 540 soʻm"),
        (1_854_000, "uz-cyrl", "18 540 сўм"),
        (1_854_000, "ru", "18 540 сум"),
        (1_854_000, "en", "18,540 UZS"),
        (1_854_050, "uz", "18 540,50 soʻm"),
        (1_854_005, "en", "18,540.05 UZS"),
        (0, "uz", "0 soʻm"),
        (-150, "ru", "−1,50 сум"),
        (99, "uz", "0,99 soʻm"),
        (41_200_000_000_000, "uz", "412 000 000 000 soʻm"),
    ],
)
def test_money(tiyin: int, language: str, text: str) -> None:
    assert dates.format_money(tiyin, language) == text.replace(" ", dates.NBSP)


@given(st.integers(-(10**15), 10**15), st.sampled_from(CODES))
def test_money_keeps_every_tiyin(tiyin: int, language: str) -> None:
    text = dates.format_money(tiyin, language)
    sign = -1 if text.startswith("−") else 1
    number = text.split(dates.NBSP)
    digits = "".join(number[:-1]).lstrip("−")
    digits = digits.replace(",", "") if language == "en" else digits.replace(",", ".")
    assert sign * Decimal(digits) * 100 == tiyin


def test_numbers() -> None:
    assert dates.format_number(1234567, "uz") == "1 234 567".replace(" ", dates.NBSP)
    assert dates.format_number(Decimal("1234.50"), "ru") == f"1{dates.NBSP}234,50"
    assert dates.format_number(0.5, "en") == "0.5"


@pytest.mark.parametrize(
    ("size", "language", "text"),
    [
        (1, "uz", "1 kB"),
        (12_345, "uz", "12 kB"),
        (999_400, "kaa", "999 kB"),
        (1_440_000, "uz", "1,4 MB"),
        (1_440_000, "uz-cyrl", "1,4 МБ"),
        (20_000_000, "ru", "20 МБ"),
        (2_000_000_000_000, "en", "2,000 GB"),
    ],
)
def test_sizes_of_files(size: int, language: str, text: str) -> None:
    assert dates.format_size(size, language) == text.replace(" ", dates.NBSP)


def test_filters_follow_the_active_language() -> None:
    template = Template(
        "{% load language_formats %}{{ day|portal_date }}|{{ sum|portal_money }}|"
        "{{ n|portal_number }}|{{ text|to_script }}|{% language_tag %}|{{ none|portal_date }}"
    )
    context = Context({"day": DAY, "sum": 1_854_000, "n": 1234.5, "text": "shahar", "none": None})
    with translation.override("uz-cyrl"):
        assert template.render(context).replace(dates.NBSP, " ") == (
            "2026 йил 5 март|18 540 сўм|1 234,5|шаҳар|uz-Cyrl|"
        )
    with translation.override("en"):
        assert template.render(context).replace(dates.NBSP, " ") == (
            "5 March 2026|18,540 UZS|1,234.5|shahar|en|"
        )


def test_moments_are_shown_in_the_portals_zone() -> None:
    template = Template("{% load language_formats %}{{ moment|portal_datetime }}")
    moment = datetime(2026, 3, 4, 20, 30, tzinfo=UTC)
    with translation.override("ru"):
        text = template.render(Context({"moment": moment}))
    assert text.replace(dates.NBSP, " ") == "5 марта 2026 г., 01:30"


def test_djangos_own_formats() -> None:
    for code in ("uz", "uz-cyrl", "kaa", "ru"):
        with translation.override(code):
            assert formats.number_format(Decimal("1.5"), 2) == "1,50"
            assert formats.get_format("FIRST_DAY_OF_WEEK") == 1
    with translation.override("uz-cyrl"):
        assert "йил" in formats.date_format(DAY, "DATE_FORMAT").replace("\\", "")
    with translation.override("kaa"):
        assert formats.date_format(DAY, "DATE_FORMAT").startswith("2026-jıl 5-")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("uz", "2026-yil mart"), ("uz-cyrl", "2026 йил март"), ("kaa", "2026-jıl mart"),
        ("ru", "март 2026 г."), ("en", "March 2026"), ("xx", "2026-yil mart"),
    ],
)  # fmt: skip
def test_months_with_their_year(language: str, text: str) -> None:
    assert dates.format_month(DAY, language).replace("\xa0", " ") == text


@pytest.mark.parametrize(
    ("language", "year", "share"),
    [
        ("uz", "2026-yil", "86,1 %"),
        ("uz-cyrl", "2026 йил", "86,1 %"),
        ("kaa", "2026-jıl", "86,1 %"),
        ("ru", "2026 год", "86,1 %"),
        ("en", "2026", "86.1%"),
    ],
)
def test_years_and_percentages(language: str, year: str, share: str) -> None:
    assert dates.format_year(2026, language).replace(dates.NBSP, " ") == year
    assert dates.format_percent(86.1, language).replace(dates.NBSP, " ") == share
