"""Numbers and addresses of people are masked; days, sums and numbers of acts stay."""

from __future__ import annotations

import pytest

from core.personal import masked


@pytest.mark.parametrize(
    "text",
    [
        "+998901234567", "90 123 45 67", "(61) 224-05-55", "8 (361) 222-33-44", "998.90.123.45.67",
        "30101851234567", "3 010185 123 4567", "301 234 561", "8600 1234 5678 9012", "AB1234567",
        "АВ № 1234567", "ali@example.org", "a.b+c@mail.gov.uz", "@ali_nukus", "2240555",
    ],
)  # fmt: skip
def test_people_are_masked(text: str) -> None:
    assert masked(f"Menga {text} orqali yozing") == "Menga *** orqali yozing"


@pytest.mark.parametrize(
    "text",
    [
        "12.03.2026 kuni", "2026-11-29 dan", "1 250 000 soʻm", "375 000 soʻm", "VMQ-355-son, 12-band",
        "QR-0062", "2013-yil 31-dekabr", "soat 14:30 da", "№ 64/5", "1,5 kun", "10-11-kunlari",
    ],
)  # fmt: skip
def test_what_names_nobody_stays(text: str) -> None:
    assert masked(f"Matn: {text}.") == f"Matn: {text}."
