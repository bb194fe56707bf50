"""Rows that are read and written by plain statements are those that Django reads and writes."""

from __future__ import annotations

from datetime import date

import pytest
from django.forms.models import model_to_dict

from accounts.models import Profile, User
from core import rows
from core.models import BaseAmount, District
from core.money import soums

pytestmark = [pytest.mark.django_db, pytest.mark.every_database]


def test_a_row_is_found_by_its_columns_as_django_finds_it() -> None:
    user = User.objects.create_user(email="a@example.org")
    profile, _created = Profile.objects.get_or_create(user=user)
    profile.pinfl, profile.birth_date = "31203850000000", date(1985, 3, 12)
    profile.save()
    found = rows.find(Profile, user_id=user.pk)
    assert found == profile and not found._state.adding
    assert model_to_dict(found) == model_to_dict(Profile.objects.get(pk=profile.pk))
    assert rows.find(Profile, user_id=user.pk + 1) is None


def test_the_newest_is_the_last_by_a_column() -> None:
    days = [date(2024, 1, 1), date(2026, 1, 1), date(2025, 1, 1)]
    for number, day in enumerate(days):
        rows.add(BaseAmount(effective_from=day, amount_tiyin=soums(300_000 + number)))
    newest = rows.find(BaseAmount, newest="effective_from", amount_tiyin=soums(300_001))
    assert newest is not None and newest.effective_from == days[1]
    assert rows.find(BaseAmount, newest="amount_tiyin", effective_from=date(2020, 1, 1)) is None


def test_all_rows_with_a_value_are_found() -> None:
    for key in ("nukus", "xojayli"):
        District.objects.create(key=key, kind="city", name={"uz": f"{key} shahri"})
    found = rows.find_all(District, kind="city")
    assert {row.key: row.name for row in found} == {
        row.key: row.name for row in District.objects.filter(kind="city")
    }
