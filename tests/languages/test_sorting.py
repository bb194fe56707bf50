"""Names stand where people look for them."""

from __future__ import annotations

import pytest

from languages.sorting import sort_key


@pytest.mark.parametrize(
    "names",
    [
        ["Ádillik ministrligi", "“Aymaqlıq tarmaqlar” AJ", "Basqarma", "Óndiris", "Qaraqalpaqstan"],
        ["Адлия вазирлиги", "“Босқич” АЖ", "Вазирлик", "Яшаш", "Ўзбекистон", "Қорақалпоғистон"],
        ["«Агентство»", "Ёлка", "Жильё", "Йод", "Министерство"],
        ["“Hududgaz”", "“Oʻzarxiv” agentligi", "Qoraqalpogʻiston", "yoshlar"],
    ],
)
def test_names_stand_by_their_letters(names: list[str]) -> None:
    mixed = [*names[2:], *names[:2]]
    assert sorted(mixed, key=sort_key) == names
