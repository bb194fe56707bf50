"""Dates, numbers and money in the reader's language."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django import template
from django.utils import timezone
from django.utils.translation import get_language

from languages import dates, registry, uzbek

register = template.Library()


def _language() -> str:
    code = get_language() or registry.SOURCE
    return code if code in registry.CODES else registry.SOURCE


def _local(moment: datetime) -> datetime:
    return timezone.localtime(moment) if timezone.is_aware(moment) else moment


def _day(value: date | datetime) -> date:
    return _local(value).date() if isinstance(value, datetime) else value


@register.filter
def portal_date(value: date | datetime | None) -> str:
    """`2026-yil 5-mart`; empty for nothing."""
    return dates.format_date(_day(value), _language()) if value else ""


@register.filter
def portal_weekday(value: date | datetime | None) -> str:
    """`2026-yil 5-mart, payshanba`; empty for nothing."""
    return dates.format_date(_day(value), _language(), weekday=True) if value else ""


@register.filter
def portal_datetime(value: datetime | None) -> str:
    """Date and time in the active time zone; empty for nothing."""
    return dates.format_datetime(_local(value), _language()) if value else ""


@register.filter
def portal_number(value: int | float | Decimal | str | None) -> str:
    """A number with thousands apart; empty for nothing (a variable missing in a template is "")."""
    if value is None or value == "":
        return ""
    return dates.format_number(Decimal(value) if isinstance(value, str) else value, _language())


@register.filter
def portal_money(tiyin: int | str | None) -> str:
    """A sum in soʻm from tiyin; empty for nothing (a variable missing in a template is "")."""
    if tiyin is None or tiyin == "":
        return ""
    return dates.format_money(int(tiyin), _language())


@register.filter
def portal_size(size: int | None) -> str:
    """The size of a file from bytes; empty for nothing."""
    return dates.format_size(size, _language()) if size else ""


@register.filter
def to_script(text: str) -> str:
    """Uzbek plain text in the script of the page (HTML goes through `convert_html`)."""
    language = get_language()
    if language == "uz-cyrl":
        return uzbek.to_cyrillic(str(text))
    return uzbek.to_latin(str(text)) if language == "uz" else str(text)


@register.filter
def bcp47(code: str) -> str:
    """The tag of a language's code for `lang` and `hreflang`; empty for an unknown code."""
    return registry.by_code(code).bcp47 if code in registry.CODES else ""


@register.simple_tag
def language_tag() -> str:
    """The BCP 47 tag of the active language."""
    return registry.by_code(_language()).bcp47
