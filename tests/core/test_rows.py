"""Base amounts, the calendar, text maps and encrypted fields."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import Profile, User
from core.links import in_language, localised, page_path
from core.models import BaseAmount, CalendarDay, District, work_calendar
from core.money import soums
from core.texts import complete, pick

pytestmark = pytest.mark.django_db


def test_the_base_amount_of_a_day_is_the_last_one_set_before_it() -> None:
    for day, amount in ((date(2024, 1, 1), 340_000), (date(2025, 1, 1), 375_000)):
        BaseAmount.objects.create(effective_from=day, amount_tiyin=soums(amount))
    assert BaseAmount.on(date(2024, 12, 31)) == soums(340_000)
    assert BaseAmount.on(date(2025, 1, 1)) == soums(375_000)
    BaseAmount.objects.create(effective_from=date(2026, 1, 1), amount_tiyin=soums(412_000))
    assert BaseAmount.on(date(2026, 6, 1)) == soums(412_000)
    with pytest.raises(LookupError):
        BaseAmount.on(date(2000, 1, 1))


def test_a_base_amount_of_nothing_is_refused_by_the_database() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        BaseAmount.objects.create(effective_from=date(2026, 1, 1), amount_tiyin=0)


def test_a_moved_day_changes_the_calendar_at_once() -> None:
    assert not work_calendar().is_working(date(2026, 11, 28))
    CalendarDay.objects.create(date=date(2026, 11, 28), is_working=True)
    assert work_calendar().is_working(date(2026, 11, 28))


def test_the_cyrillic_text_follows_by_itself() -> None:
    row = District.objects.create(key="nukus", kind="city", name={"uz": "Nukus shahri"})
    row.refresh_from_db()
    assert row.name["uz-cyrl"] == "Нукус шаҳри"
    assert pick(row.name, "uz-cyrl") == "Нукус шаҳри"
    assert pick(row.name, "kaa") == "Nukus shahri"


def test_codes_of_data_files_are_normalised() -> None:
    assert complete({"uz": "Suv", "uz_cyrl": "Сув", "ru": ""}) == {"uz": "Suv", "uz-cyrl": "Сув"}


def test_personal_numbers_are_not_readable_in_the_database() -> None:
    user = User.objects.create_user(email="a@example.org")
    profile, _created = Profile.objects.get_or_create(user=user)
    profile.pinfl = "31203850000000"
    profile.save()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pinfl FROM accounts_profile WHERE user_id = %s", [user.pk])
        stored = cursor.fetchone()[0]
    assert "31203850000000" not in stored
    assert Profile.objects.get(user=user).pinfl == "31203850000000"


def test_paths_keep_their_place_in_every_language() -> None:
    assert localised("idoralar#hokimiyat", "ru") == "/ru/idoralar/#hokimiyat"
    assert localised("https://example.org/", "ru") == "https://example.org/"
    assert page_path("/home-ru/a/b/", "ru") == "/ru/a/b/"
    assert page_path("/home/", "uz") == "/uz/"
    assert in_language("/uz/a/", "uz-cyrl") == "/uz-cyrl/a/"
