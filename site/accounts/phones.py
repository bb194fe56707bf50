"""Telephone numbers of Uzbekistan as people type them."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.typed import seen

_FOREIGN = re.compile(r"\+(?!998)[1-9]\d{7,14}", re.ASCII)
_SEPARATORS = re.compile(r"[\s()\-‐‑–—.]")


def clean_phone(text: str) -> str:
    """E.164 of a number typed with or without +998, spaces, brackets or dashes.

    Raises ValidationError with what to do.
    """
    digits = _SEPARATORS.sub("", seen(text))
    if _FOREIGN.fullmatch(digits):
        return digits
    digits = digits.removeprefix("+")
    if len(digits) == 9:
        digits = f"998{digits}"
    if not re.fullmatch(r"998\d{9}", digits, re.ASCII):
        raise ValidationError(
            _("The phone number is not complete. Example: +998 90 123 45 67"), code="phone"
        )
    return f"+{digits}"


def spaced_phone(phone: str) -> str:
    """`+998 90 123 45 67` of an E.164 number of Uzbekistan; others as they are."""
    match = re.fullmatch(r"(\+998)(\d\d)(\d{3})(\d\d)(\d\d)", phone)
    return " ".join(match.groups()) if match else phone


def covered(contact: str) -> str:
    """The end of a phone or the beginning of an e-mail: enough for its owner to know it."""
    if "@" in contact:
        name, _at, host = contact.partition("@")
        return f"{name[:2]}•••@{host}"
    return f"••• {spaced_phone(contact)[-5:]}" if contact else ""


class PhoneField(forms.CharField):
    """A telephone number as people type it; its value is E.164."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Phone number"))
        kwargs.setdefault("help_text", _("Example: +998 90 123 45 67"))
        kwargs.setdefault(
            "widget",
            forms.TextInput(
                attrs={
                    "class": "input input--20",
                    "type": "tel",
                    "autocomplete": "tel",
                    "inputmode": "tel",
                }
            ),
        )
        super().__init__(max_length=40, **kwargs)

    def clean(self, value: Any) -> str:
        """The number in international form; "" where none is given. Raises ValidationError."""
        text = super().clean(value)
        return clean_phone(text) if text else ""
