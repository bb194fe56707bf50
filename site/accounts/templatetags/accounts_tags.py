"""How this room's templates write contacts."""

from __future__ import annotations

from django import template

from accounts import devices, part_names, phones
from accounts.models import User
from accounts.oneid import client

register = template.Library()


@register.filter
def spaced_phone(phone: str | None) -> str:
    """`+998 90 123 45 67` of an E.164 number."""
    return phones.spaced_phone(phone or "")


@register.simple_tag
def oneid_offered() -> bool:
    """Whether this house may send people to OneID."""
    return client.configured()


@register.filter
def part_name(key: str) -> str:
    """What a part or a recurring work of the portal is called."""
    return part_names.named(key)


@register.filter
def device(user_agent: str | None) -> str:
    """Browser and system of a session, as people call them."""
    return devices.named(user_agent or "")


@register.filter
def contact(user: User) -> str:
    """The phone or e-mail by which a person knows an account as theirs; "" without both."""
    return spaced_phone(user.phone) or user.email or ""
