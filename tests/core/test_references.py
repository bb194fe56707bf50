"""References recorded in batches are those that Wagtail's own rebuild records."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from wagtail.models import ReferenceIndex

from core import following
from core.references import index_references
from tests.service_pages import factories

pytestmark = pytest.mark.django_db


def _recorded() -> set[tuple[Any, ...]]:
    return set(
        ReferenceIndex.objects.values_list(
            "base_content_type", "object_id", "to_content_type", "to_object_id", "content_path_hash"
        )
    )


def test_the_same_references_as_wagtail_records() -> None:
    for language in ("uz", "ru"):
        factories.agency_index(language)
    with following.paused():
        factories.make_service("nikoh-malumotnoma")
    call_command("rebuild_references_index", verbosity=0)
    expected = _recorded()
    # Rows below a page are among them: these are what a batch must not lose.
    assert ReferenceIndex.objects.filter(content_path__contains=".").exists()

    ReferenceIndex.objects.all()._raw_delete("default")
    assert index_references() > 0
    assert _recorded() == expected
    index_references()
    assert _recorded() == expected
