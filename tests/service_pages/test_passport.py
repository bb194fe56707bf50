"""The gate, compiling, versions, and what lists show."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django.utils.html import conditional_escape

from core.publishing import PublishBlocked, past_the_gate
from service_pages import selectors
from service_pages.building import service_page_from_record
from service_pages.compile import compile_passport, content_hash
from service_pages.gate import RULES, completeness
from service_pages.models import (
    CatalogueEntry,
    CatalogueFacet,
    PassportVersion,
    Service,
    ServicePage,
)
from service_pages.services import publish_passport, start_from
from tests.service_pages import factories

pytestmark = pytest.mark.django_db


def _fields(page: ServicePage) -> set[str]:
    return {problem.field for problem in page.publish_problems()}


def test_a_full_passport_is_published() -> None:
    service = factories.make_service()
    page = service.pages.get()
    assert page.live
    assert page.completeness == 100
    assert selectors.passport(service).title("ru") == "Nikoh haqida maʼlumotnoma"


def test_an_empty_passport_is_refused_with_everything_it_lacks() -> None:
    page = factories.make_page(
        "boshsiz", summary={}, result=None, terms=[], fees=[], fee_status="unknown",
        documents_required=None, documents=[], legal_basis=[], steps=[], refusal_grounds=[],
        channels=[], applicant_categories=[], topics=[],
    )  # fmt: skip
    page.review_due = None
    with pytest.raises(PublishBlocked) as blocked:
        page.save_revision().publish()
    assert {problem.field for problem in blocked.value.problems} == {
        "summary", "result", "audiences", "terms", "fee_status", "documents", "legal_bases",
        "channels", "steps", "refusal_grounds", "topics", "review_due",
    }  # fmt: skip
    assert not ServicePage.objects.get(pk=page.pk).live
    assert completeness(page) == round(100 * (len(RULES) - 12) / len(RULES))
    assert not PassportVersion.objects.exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"fee_status": "free"}, "fees"),
        ({"fee_mode": "none"}, "fee_mode"),
        ({"documents": []}, "documents"),
        ({"terms": [{"key": "a", "value": 1, "unit": "hours"}] * 2}, "terms"),
    ],
)
def test_contradictions_are_named(change: dict, field: str) -> None:
    assert _fields(factories.make_page("zid", **change)) == {field}


def test_no_documents_may_be_said_explicitly() -> None:
    assert not _fields(factories.make_page("hujjatsiz", documents_required=False, documents=[]))


def test_a_second_page_of_the_same_service_is_refused() -> None:
    service = factories.make_service("birinchi")
    page = service_page_from_record(factories.record("birinchi"), service.agency).page
    page.slug, page.live = "ikkinchi", False
    page.translation_key = "5b0c6f0e-6a5c-4f0b-9a58-0b6b8b3f6f11"
    for relation in (
        "terms",
        "fees",
        "documents",
        "steps",
        "refusal_grounds",
        "legal_bases",
        "questions",
    ):
        setattr(page, relation, [])
    factories.make_agency().add_child(instance=page)
    assert "service" in _fields(page)


def test_a_page_under_another_agency_is_refused() -> None:
    other = factories.make_agency("ssv", name={"uz": "Sogʻliqni saqlash vazirligi"})
    page = factories.make_page("adashgan", agency=other)
    page.service.agency = factories.make_agency().agency
    page.service.save()
    assert _fields(page) == {"service"}


def test_an_operator_publishes_past_the_gate() -> None:
    page = factories.make_page("kirish", steps=[], known_gaps=["steps"])
    with past_the_gate("imported"):
        page.save_revision().publish()
    passport = selectors.passport(page.service)
    assert passport.content["known_gaps"] == ["steps"]
    assert ServicePage.objects.get(pk=page.pk).completeness < 100


def test_texts_of_all_languages_come_into_one_version() -> None:
    service = factories.make_service()
    page = service.pages.get()
    factories.translate(page, "ru")
    passport = selectors.passport(service)
    assert passport.title("ru") == "[ru] Nikoh haqida maʼlumotnoma"
    assert passport.title("uz-cyrl") == "Никоҳ ҳақида маълумотнома"
    russian = passport.texts("ru")
    assert russian["steps"][0]["action"] == "[ru] Arizani toʻldiradi va yuboradi"
    assert russian["fees"][0]["condition"] == "[ru] Arxiv hujjati"
    assert passport.texts("kaa")["title"] == "Nikoh haqida maʼlumotnoma"
    assert not passport.missing_in("uz")
    assert passport.missing_in("kaa")


def test_structure_comes_from_the_uzbek_page_alone() -> None:
    service = factories.make_service()
    russian = factories.translate(service.pages.get(), "ru")
    row = russian.fees.get()
    row.multiplier = 9
    russian.fees = [row]
    russian.steps = []
    russian.save_revision().publish()
    content = selectors.passport(service).content
    assert content["fees"][0]["multiplier"] == "0.045"
    assert len(content["steps"]) == 2


def test_compiling_twice_writes_nothing() -> None:
    service = factories.make_service()
    first = content_hash(compile_passport(service))
    assert publish_passport(service) is None
    assert content_hash(compile_passport(service)) == first
    assert service.versions.count() == 1


def test_publishing_without_a_change_makes_no_version() -> None:
    service = factories.make_service()
    service.pages.get().save_revision().publish()
    assert service.versions.count() == 1


def test_a_change_makes_a_version_and_the_old_one_stays() -> None:
    service = factories.make_service()
    old = selectors.passport(service).version
    page = service.pages.get()
    page.summary = "Yangi matn"
    page.save_revision().publish()
    assert [version.number for version in service.versions.all()] == [2, 1]
    assert PassportVersion.objects.get(pk=old.pk).content["summary"]["uz"] != "Yangi matn"
    PassportVersion.objects.filter(pk=old.pk).update(
        published_at=timezone.now() - timedelta(days=10)
    )
    then = selectors.passport_on(service, timezone.localdate() - timedelta(days=5))
    assert then.version.number == 1
    assert selectors.passport_on(service, timezone.localdate() - timedelta(days=20)) is None


def test_a_version_never_changes() -> None:
    version = selectors.passport(factories.make_service()).version
    version.note = "boshqa"
    with pytest.raises(TypeError):
        version.save()
    with pytest.raises(TypeError):
        version.delete()


def test_the_catalogue_has_a_line_in_every_language() -> None:
    service = factories.make_service(fee_status="free", fees=[], fee_mode="none")
    entries = {entry.language: entry for entry in CatalogueEntry.objects.filter(service=service)}
    assert set(entries) == {"uz", "uz-cyrl", "kaa", "ru", "en"}
    assert entries["ru"].path == "/ru/idoralar/adliya-vazirligi/nikoh-malumotnoma/"
    assert entries["ru"].text_language == "uz"
    assert entries["uz-cyrl"].text_language == "uz-cyrl"
    assert entries["uz"].is_free
    assert not entries["uz"].is_online
    assert set(CatalogueFacet.objects.values_list("kind", "key")) == {
        ("topic", "civil-registration"), ("event", "birth"), ("audience", "individual"),
    }  # fmt: skip


def test_unpublishing_takes_a_service_out_of_lists() -> None:
    service = factories.make_service()
    service.pages.get().unpublish()
    assert not service.entries.exists()
    assert not service.facets.exists()
    assert service.versions.count() == 1


def test_a_translation_taken_down_leaves_the_uzbek_text() -> None:
    service = factories.make_service()
    russian = factories.translate(service.pages.get(), "ru")
    russian.unpublish()
    assert selectors.passport(service).title("ru") == "Nikoh haqida maʼlumotnoma"
    assert service.entries.count() == 5


def test_a_new_address_of_an_agency_reaches_the_lists(
    django_capture_on_commit_callbacks: Any,
) -> None:
    service = factories.make_service()
    parent = factories.make_agency()
    parent.slug = "adliya"
    with django_capture_on_commit_callbacks(execute=True):
        parent.save_revision().publish()
    assert service.entries.get(language="uz").path == "/uz/idoralar/adliya/nikoh-malumotnoma/"


def test_a_service_given_to_another_agency_moves_in_lists() -> None:
    service = factories.make_service()
    other = factories.make_agency("ssv", name={"uz": "Sogʻliqni saqlash vazirligi"}).agency
    service.agency = other
    service.save()
    assert set(service.entries.values_list("agency", flat=True)) == {other.pk}


def test_a_draft_starts_from_a_similar_service() -> None:
    source = factories.make_service().pages.get()
    parent = factories.make_agency()
    draft = start_from(source, parent, key="ajrim-malumotnoma", title="Ajrim haqida maʼlumotnoma")
    assert not draft.live
    assert draft.service.status == Service.Status.PROPOSED
    assert [row.action for row in draft.steps.all()] == [row.action for row in source.steps.all()]
    assert {row.translation_key for row in draft.steps.all()}.isdisjoint(
        {row.translation_key for row in source.steps.all()}
    )
    assert _fields(draft) == {"review_due"}
    assert source.steps.count() == 2
    with pytest.raises(ValueError, match="already"):
        start_from(source, parent, key="ajrim-malumotnoma", title="Yana")


def test_a_near_duplicate_title_is_seen() -> None:
    service = factories.make_service()
    assert [
        entry.service for entry in selectors.similar_titles("Никоҳ ҳакида малумотнома", None)
    ] == [service]
    assert not selectors.similar_titles("Nikoh haqida maʼlumotnoma", service.pk)
    assert not selectors.similar_titles("Haydovchilik guvohnomasi", None)


def test_a_text_that_stands_in_says_its_language() -> None:
    service = factories.make_service()
    shown = selectors.passport(service).texts("kaa")
    assert (
        conditional_escape(shown["title"])
        == '<span lang="uz-Latn">Nikoh haqida maʼlumotnoma</span>'
    )
    assert conditional_escape(selectors.passport(service).texts("uz-cyrl")["title"])[0] != "<"
