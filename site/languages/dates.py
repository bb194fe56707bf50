"""Dates, numbers and money as each language writes them.

Django's month names come from its catalogues, which are Latin-only for Uzbek and missing for
Karakalpak; hence tables of our own. Spaces inside dates, numbers and sums never break (U+00A0),
save before the weekday. Unknown languages are written as the source language is.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from languages.registry import SOURCE

NBSP = "\u00a0"

_MONTHS = {
    "uz": "yanvar fevral mart aprel may iyun iyul avgust sentabr oktabr noyabr dekabr",
    "uz-cyrl": "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
    "kaa": "yanvar fevral mart aprel may iyun iyul avgust sentyabr oktyabr noyabr dekabr",
    "ru": "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
    "en": "January February March April May June July August September October November December",
}
#: language → the twelve names of months, standing alone.
MONTHS = {code: tuple(names.split()) for code, names in _MONTHS.items()}
_WEEKDAYS = {
    "uz": "dushanba seshanba chorshanba payshanba juma shanba yakshanba",
    "uz-cyrl": "душанба сешанба чоршанба пайшанба жума шанба якшанба",
    "kaa": "dúyshembi siyshembi sárshembi piyshembi juma shembi ekshembi",
    "ru": "понедельник вторник среда четверг пятница суббота воскресенье",
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
}
#: language → the seven names of weekdays from Monday.
WEEKDAYS = {code: tuple(names.split()) for code, names in _WEEKDAYS.items()}
#: Russian dates want the genitive.
_GENITIVE = "января февраля марта апреля мая июня июля августа сентября октября ноября декабря"
_IN_DATES = MONTHS | {"ru": tuple(_GENITIVE.split())}
_DATE = {
    "uz": "{y}-yil {d}-{m}",
    "uz-cyrl": "{y} йил {d} {m}",
    "kaa": "{y}-jıl {d}-{m}",
    "ru": "{d} {m} {y} г.",
    "en": "{d} {m} {y}",
}
_MONTH = {
    "uz": "{y}-yil {m}",
    "uz-cyrl": "{y} йил {m}",
    "kaa": "{y}-jıl {m}",
    "ru": "{m} {y} г.",
    "en": "{m} {y}",
}
_YEAR = {"uz": "{y}-yil", "uz-cyrl": "{y} йил", "kaa": "{y}-jıl", "ru": "{y} год", "en": "{y}"}
_CURRENCY = {"uz": "soʻm", "uz-cyrl": "сўм", "kaa": "swm", "ru": "сум", "en": "UZS"}


def _known(language: str) -> str:
    return language if language in MONTHS else SOURCE


def month_name(month: int, language: str) -> str:
    """The name of a month (1 to 12) standing alone, small as in running text."""
    return MONTHS[_known(language)][month - 1]


def format_month(day: date, language: str) -> str:
    """`2026-yil mart`, `март 2026 г.`: the month of a day with its year."""
    code = _known(language)
    text = _MONTH[code].format(y=day.year, m=MONTHS[code][day.month - 1])
    return text.replace(" ", NBSP)


def format_year(year: int, language: str) -> str:
    """`2026-yil`, `2026 год`."""
    return _YEAR[_known(language)].format(y=year).replace(" ", NBSP)


def weekday_name(day: date, language: str) -> str:
    """The name of the weekday of a date."""
    return WEEKDAYS[_known(language)][day.weekday()]


def format_date(day: date, language: str, *, weekday: bool = False) -> str:
    """`2026-yil 5-mart`; with the weekday `2026-yil 5-mart, payshanba`."""
    code = _known(language)
    text = _DATE[code].format(y=day.year, d=day.day, m=_IN_DATES[code][day.month - 1])
    text = text.replace(" ", NBSP)
    return f"{text}, {weekday_name(day, code)}" if weekday else text


def format_datetime(moment: datetime, language: str) -> str:
    """Date and time of day, hours from 00 to 23; the moment is taken in the zone it has."""
    return f"{format_date(moment.date(), language)}, {moment:%H:%M}"


def format_number(number: int | float | Decimal, language: str) -> str:
    """Thousands apart by an unbreakable space, decimal comma; English has comma and point."""
    text = f"{number:,f}" if isinstance(number, Decimal) else f"{number:,}"
    if _known(language) == "en":
        return text
    return text.replace(",", NBSP).replace(".", ",")


def format_percent(number: int | float | Decimal, language: str) -> str:
    """`86,1 %` with an unbreakable space; English has none."""
    gap = "" if _known(language) == "en" else NBSP
    return f"{format_number(number, language)}{gap}%"


def format_money(tiyin: int, language: str) -> str:
    """A sum in soʻm from whole tiyin (100 in a soʻm), which show only where there are some."""
    soum, rest = divmod(abs(tiyin), 100)
    number = format_number(Decimal(abs(tiyin)).scaleb(-2) if rest else soum, language)
    sign = "\u2212" if tiyin < 0 else ""
    return f"{sign}{number}{NBSP}{_CURRENCY[_known(language)]}"


#: Units of the size of a file, each a thousand of the one before.
_SIZES = ("kB", "MB", "GB")
_SIZES_CYRILLIC = ("кБ", "МБ", "ГБ")


def format_size(size: int, language: str) -> str:
    """The size of a file of `size` bytes: `12 kB`, `1,4 MB`."""
    units = _SIZES_CYRILLIC if language in ("ru", "uz-cyrl") else _SIZES
    value = Decimal(max(size, 1)) / 1000
    unit = 0
    while value >= 1000 and unit < len(units) - 1:
        value, unit = value / 1000, unit + 1
    shown = max(round(value), 1) if not unit or value >= 10 else round(value, 1)
    return f"{format_number(Decimal(shown).normalize() + 0, language)}{NBSP}{units[unit]}"
