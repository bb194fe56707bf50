"""Settlement accounts and codes of banks (MFO), as people type them: one rule for forms, firms'
requisites and agencies' accounts."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

ACCOUNT_LENGTH, MFO_LENGTH, TREASURY_LENGTH = 20, 5, 27
ACCOUNT_WRONG = _("The account has 20 digits. Now: %(count)s")
MFO_WRONG = _("The MFO has 5 digits. Now: %(count)s")
ACCOUNT_MISTAKE = _("There is a mistake in the account. Copy it again.")

is_account = RegexValidator(rf"^[0-9]{{{ACCOUNT_LENGTH}}}\Z")
is_mfo = RegexValidator(rf"^[0-9]{{{MFO_LENGTH}}}\Z")
is_treasury_account = RegexValidator(rf"^[0-9]{{{TREASURY_LENGTH}}}\Z")


def check_account(number: str) -> None:
    """20 digits that are not one digit again and again. Raises ValidationError.

    The account's control digit depends on a rule for banks alone, so it is not checked.
    """
    _check_length(number, ACCOUNT_LENGTH, ACCOUNT_WRONG)
    if len(set(number)) == 1:
        raise ValidationError(ACCOUNT_MISTAKE)


def check_mfo(number: str) -> None:
    """5 digits. Raises ValidationError."""
    _check_length(number, MFO_LENGTH, MFO_WRONG)


def grouped(number: str) -> str:
    """An account in groups of four, as people read it."""
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))


def _check_length(number: str, length: int, message: Any) -> None:
    if not re.fullmatch(rf"[0-9]{{{length}}}", number):
        raise ValidationError(message, params={"count": len(re.findall(r"[0-9]", number))})
