"""Records in the shape of services.json: what is wrong with them, and the pages they give."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service_pages.building import agency_page_from_record, service_page_from_record
from service_pages.records import record_problems, unknown_keys
from tests.service_pages import factories
from tests.service_pages.test_fees import data

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


@pytest.mark.parametrize("record", data()["items"], ids=lambda record: record["key"])
def test_the_demonstration_is_right(record: dict[str, Any]) -> None:
    assert not record_problems(record)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"key": "Katta Harf"}, "slug"),
        ({"key": ""}, "slug"),
        ({"key": 5}, "slug"),
        ({"title": {"ru": "Справка"}}, "title.uz"),
        ({"title": {"uz": "x" * 256}}, "title.uz"),
        ({"summary": "matn"}, "summary"),
        ({"summary": {"uz": 5}}, "summary.uz"),
        ({"fee_mode": "half"}, "fee_mode"),
        ({"channels": ["portal", "telepathy"]}, "channels.1"),
        ({"channels": "portal"}, "channels"),
        ({"phase": 9}, "phase"),
        ({"phase": True}, "phase"),
        ({"terms": [{"key": "a", "unit": "working_days"}]}, "terms.0.value"),
        ({"terms": [{"key": "a", "unit": "years", "value": 1}]}, "terms.0.unit"),
        ({"terms": ["a"]}, "terms.0"),
        ({"fees": [{"key": "a", "kind": "levy"}]}, "fees.0.multiplier_bhm"),
        ({"fees": [{"key": "a", "kind": "levy", "multiplier_bhm": 0.1}]}, "fees.0.multiplier_bhm"),
        ({"fees": [{"key": "a", "kind": "levy", "multiplier_bhm": "NaN"}]}, "fees.0.multiplier_bhm"),
        ({"fees": [{"key": "a", "kind": "levy", "fixed_sum_uzs": -1}]}, "fees.0.fixed_sum_uzs"),
        ({"documents": [{"name": {"ru": "Паспорт"}}]}, "documents.0.name.uz"),
        ({"legal_basis": [{"type": "law", "title": {"uz": "Q"}, "date": "2026-13-01"}]}, "legal_basis.0.date"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(change: dict[str, Any], path: str) -> None:
    assert path in [found for found, _message in record_problems(factories.record("a") | change)]


@given(json_values, st.sampled_from(sorted(factories.record("a"))))
def test_any_value_is_judged_without_an_error(value: Any, field: str) -> None:
    record_problems(value)
    for found in record_problems(factories.record("a") | {field: value}):
        assert all(isinstance(part, str) for part in found)


def test_unknown_keys_are_told() -> None:
    assert unknown_keys(factories.record("a") | {"rang": 1}) == ["rang"]


@pytest.mark.django_db
def test_a_page_remembers_its_texts_in_all_languages() -> None:
    agency = factories.make_agency().agency
    factories.make_references()
    built = service_page_from_record(factories.record("a"), agency)
    memory = dict(built.pairs())
    assert memory["Pasport nusxasi"]["ru"] == "Копия паспорта"
    assert memory["Pasport nusxasi"]["uz-cyrl"] == "Паспорт нусхаси"
    page = built.page
    assert page.pk is None
    assert page.service.registry_number.startswith("QR-")
    again = service_page_from_record(factories.record("a"), agency).page
    assert [row.translation_key for row in again.steps.all()] == [
        row.translation_key for row in page.steps.all()
    ]


@pytest.mark.django_db
def test_an_agencys_page_lists_its_functions() -> None:
    agency = factories.make_agency().agency
    record = {"name": agency.name, "functions": {"uz": ["Bir", "Ikki"], "ru": ["Один", "Два"]}}
    built = agency_page_from_record(record, agency)
    assert [block.value for block in built.page.functions] == ["Bir", "Ikki"]
    assert built.memory["Ikki"]["ru"] == "Два"
