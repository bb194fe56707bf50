"""Recording pages for translation in bulk."""

from __future__ import annotations

import pytest

from core.segments import record
from core.translating import translate_new


@pytest.mark.django_db
def test_nothing_to_record_is_no_mistake() -> None:
    assert record([]) == []
    assert translate_new([], [], frozenset()) == []
