"""Numbers of acts as the texts of each language write them."""

from __future__ import annotations

import pytest

from languages.acts import act_number


@pytest.mark.parametrize(
    ("number", "language", "shown"),
    [
        ("OʻRQ-445", "uz", "OʻRQ-445"),
        ("OʻRQ-445", "uz-cyrl", "ЎРҚ-445"),
        ("OʻRQ-445", "ru", "ЗРУ-445"),
        ("OʻRQ-445", "en", "ZRU-445"),
        ("PQ-162", "uz-cyrl", "ПҚ-162"),
        ("PQ-162", "ru", "ПП-162"),
        ("PF-6269", "ru", "УП-6269"),
        ("64/5", "ru", "64/5"),
        ("", "ru", ""),
        ("244", "uz-cyrl", "244"),
    ],
)
def test_the_number_follows_the_language(number: str, language: str, shown: str) -> None:
    assert act_number(number, language) == shown
