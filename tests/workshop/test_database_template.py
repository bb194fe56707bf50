"""What the copied database promises, also to a test that follows one that committed."""

from __future__ import annotations

import pytest
from django.contrib.contenttypes.models import ContentType
from wagtail.models import Locale, Page, Site

from core.models import District

LANGUAGES = {"uz", "uz-cyrl", "kaa", "ru", "en"}


def migrated() -> bool:
    languages = set(Locale.objects.values_list("language_code", flat=True))
    return languages == LANGUAGES and Page.objects.exists() and ContentType.objects.exists()


@pytest.mark.django_db
def test_what_migrations_wrote_is_there() -> None:
    assert migrated()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_a_committing_test_leaves_nothing_and_takes_nothing_away(turn: int) -> None:
    assert migrated()
    assert not District.objects.filter(key="left-behind").exists()
    District.objects.create(key="left-behind", order=99, kind="district", name={"uz": "x"})
    Site.objects.all().delete()
