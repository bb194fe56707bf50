"""Passwords that guessers try first are refused offline; a few words of one's own are not."""

from __future__ import annotations

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.models import User


@pytest.mark.parametrize(
    "password",
    [
        "password123", "Password2026!", "P@ssw0rd1234", "passwordpassword", "qwertyuiop",
        "qwerty123456", "1234567890", "998901234567", "0987654321", "aaaaaaaaaaaa", "abababababab",
        "iloveyou2024", "parol12345", "Parol-2026!!", "салом123456", "Oʻzbekiston1", "uzbekiston2026",
        "qoraqalpogʻiston", "nukus123456", "йцукенгшщз", "administrator1", "zxcvbnmasdf",
    ],
)  # fmt: skip
def test_what_guessers_try_first_is_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password)


@pytest.mark.parametrize(
    "password",
    [
        "uch-baliq-dengizda", "toʻrt-qoʻzi-yaylovda", "correct horse battery", "Q7!vTz2#mLpd",
        "namuna-parol-2026", "yetti olma archa", "синий верблюд читает",
    ],
)  # fmt: skip
def test_a_few_words_are_taken(password: str) -> None:
    validate_password(password)


@pytest.mark.parametrize("password", ["demo.fuqaro@example", "DemoFuqaroBir", "+998610000901"])
def test_what_everybody_knows_of_a_person_is_refused(password: str) -> None:
    person = User(
        full_name="Demo Fuqaro Bir", email="demo.fuqaro@example.org", phone="+998610000901"
    )
    with pytest.raises(ValidationError):
        validate_password(password, person)
