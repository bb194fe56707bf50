"""How this room's templates write contacts."""

from __future__ import annotations

from django import template

from accounts import phones

register = template.Library()


@register.filter
def spaced_phone(phone: str | None) -> str:
    """`+998 90 123 45 67` of an E.164 number."""
    return phones.spaced_phone(phone or "")
