"""Passwords that guessers try first: the lists of breaches, and how people dress such words up."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from languages.uzbek import fold

#: Words of our own languages that lists of breaches from elsewhere lack.
_LOCAL = frozenset(
    """parol salom assalom qalaysan uzbekiston uzbekistan ozbekiston qoraqalpogiston qaraqalpaqstan nukus
    nokis toshkent portal davlat xizmat muhabbat sevgi azizam mening onajon dadajon privet lyubov
    rossiya""".split()
)
#: Runs of keys and of signs, forwards and backwards.
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890", "0123456789", "abcdefghijklmnopqrstuvwxyz",
         "йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю")  # fmt: skip
_LOOK_ALIKE = str.maketrans("@013457$!", "aoleastsi")


@lru_cache(maxsize=1)
def _breached() -> frozenset[str]:
    """Django's list of passwords that were breached, in small letters."""
    return frozenset(CommonPasswordValidator().passwords) | _LOCAL


class GuessablePasswordValidator:
    """Refuses a breached word behind which only digits or signs were put, a word twice, a run of
    keys, digits alone: at ten characters that is what remains of the common passwords."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError on a password that guessers try first."""
        plain = password.lower().strip()
        if self._is_guessable(plain) or self._is_guessable(fold(plain)):
            raise ValidationError(
                _("This password is easy to guess. Take a few words that do not belong together."),
                code="password_guessable",
            )

    def get_help_text(self) -> str:
        """For forms that list the rules."""
        return _("No password that others use, too, and no run of keys or digits.")

    def _is_guessable(self, plain: str) -> bool:
        core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", plain)
        if not core or len(set(plain)) < 5 or _is_run(plain):
            return True
        forms = {plain, core, plain.translate(_LOOK_ALIKE), core.translate(_LOOK_ALIKE)}
        forms |= {re.sub(r"[\W\d_]+", "", form) for form in (plain, plain.translate(_LOOK_ALIKE))}
        forms |= {form[: len(form) // 2] for form in set(forms)
                  if form[: len(form) // 2] * 2 == form}  # fmt: skip
        return any(form in _breached() or _is_run(form) for form in forms)


def _is_run(text: str) -> bool:
    """Whether the text is nothing but runs of keys, four at least: `qwerty`, `zxcvbnmasdf`."""
    if not text:
        return False
    while text:
        run = next((n for n in range(len(text), 3, -1) if _in_a_row(text[:n])), 0)
        if not run:
            return False
        text = text[run:]
    return True


def _in_a_row(text: str) -> bool:
    return any(text in row * 2 or text in row[::-1] * 2 for row in _ROWS)
