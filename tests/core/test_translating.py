"""Records of translation written in bulk are those that wagtail-localize would have written."""

from __future__ import annotations

from typing import Any

import pytest
from wagtail.models import Locale, Page
from wagtail_localize.models import (
    OverridableSegment,
    StringSegment,
    StringTranslation,
    TemplateSegment,
    Translation,
    TranslationContext,
    TranslationSource,
)

from core import following
from core.publishing import past_the_gate
from core.segments import record
from core.translating import alias_new, translate_new, update_translated
from home.models import InformationPage
from languages.uzbek import to_cyrillic
from service_pages.models import ServicePage
from tests.service_pages import factories

pytestmark = pytest.mark.django_db
LANGUAGES = ("uz", "uz-cyrl", "kaa", "ru", "en")
SEGMENTS = (StringSegment, TemplateSegment, OverridableSegment)
BODY = (
    '<p>Salom, <a href="https://example.org/">bu yerda</a>.</p><ul><li>Bir</li><li>Ikki</li></ul>'
)


@pytest.fixture
def homes() -> None:
    """A home page and the list of organisations in every language."""
    for language in LANGUAGES:
        factories.agency_index(language)


@pytest.fixture
def service(homes: None) -> ServicePage:
    """A published Uzbek page with rows of every kind, followed by nobody yet."""
    with following.paused():
        factories.make_service("nikoh-malumotnoma")
    return ServicePage.objects.get(locale__language_code="uz")


@pytest.fixture
def information(homes: None) -> InformationPage:
    """A published Uzbek page with rich text."""
    page = InformationPage(
        title="Toʻlov tartibi", slug="tolov", summary="Qanday toʻlanadi",
        locale=Locale.objects.get(language_code="uz"), body=[("paragraph", BODY), ("heading", {"text": "Soʻng"})],
    )  # fmt: skip
    Page.objects.get(depth=2, locale__language_code="uz").add_child(instance=page)
    return page


def locales(*codes: str) -> list[Locale]:
    return list(Locale.objects.filter(language_code__in=codes))


def rows(source: TranslationSource) -> dict[str, set[Any]]:
    """Everything that a source's segments say, with their keys."""
    found: dict[str, set[Any]] = {
        model.__name__: set(
            model.objects.filter(source=source).values_list(  # type: ignore[attr-defined]
                *[field.attname for field in model._meta.concrete_fields]
            )
        )
        for model in SEGMENTS
    }
    contexts = TranslationContext.objects.filter(object=source.object_id)
    found["contexts"] = set(contexts.values_list("pk", "path", "path_id", "field_path"))
    return found


@pytest.mark.parametrize("kind", ["service", "information"])
def test_wagtail_localize_finds_nothing_to_change(kind: str, request: Any) -> None:
    """Its own refresh makes, changes and deletes no row, before and after a change of the page."""
    page = request.getfixturevalue(kind)
    source = record([page])[0].source
    for _ in range(2):
        before = rows(source)
        assert before["StringSegment"]
        source.refresh_segments()
        assert rows(source) == before
        page.summary = "Boshqa qisqa matn"
        page.save()
        source = record([page])[0].source
    assert source.as_instance().summary == "Boshqa qisqa matn"


def test_segments_that_stand_keep_their_rows(service: ServicePage) -> None:
    """An editor that is open goes on working; only what changed is another row."""
    source = record([service])[0].source
    before = set(StringSegment.objects.filter(source=source).values_list("pk", "string__data"))
    service.result = "Boshqa natija"
    service.save()
    record([service])
    after = set(StringSegment.objects.filter(source=source).values_list("pk", "string__data"))
    assert {text for _pk, text in after - before} == {"Boshqa natija"}
    assert len(before - after) == 1
    assert record([service])[0].source.pk == source.pk
    assert (
        set(StringSegment.objects.filter(source=source).values_list("pk", "string__data")) == after
    )


def test_many_pages_are_recorded_at_once(
    service: ServicePage, information: InformationPage
) -> None:
    """Each with its own source, texts that they share in one row."""
    information.title = service.title
    information.save()
    recorded = record([service, information])
    assert [one.page for one in recorded] == [service, information]
    titles = {one.strings[service.title].pk for one in recorded}
    assert len(titles) == 1
    assert {one.source.object_id for one in recorded} == {
        service.translation_key, information.translation_key,
    }  # fmt: skip


def memory(page: InformationPage) -> dict[str, dict[str, str]]:
    return {
        page.title: {"ru": "Порядок оплаты", "uz-cyrl": to_cyrillic(page.title)},
        page.summary: {"uz-cyrl": "Қўлда ёзилган"},
        BODY: {"ru": BODY.replace("Salom", "Привет").replace("bu yerda", "здесь")},
    }


def translated(information: InformationPage) -> dict[str, Any]:
    """The page in Russian and Cyrillic, made in bulk."""
    made = translate_new(
        [(information, memory(information))], locales("ru", "uz-cyrl"), frozenset({"uz-cyrl"})
    )
    return {page.locale.language_code: page for page in made}


def test_new_translations_leave_nothing_that_needs_no_person(
    information: InformationPage,
) -> None:
    """Numbers are the same in every language; what the memory lacks in Cyrillic is converted."""
    information.body = [
        ("heading", {"text": "64/5"}),
        ("heading", {"text": "PQ-162"}),
        ("paragraph", "<p>Toʻlov</p>"),
    ]
    information.save()
    russian = {information.title: "Порядок", information.summary: "Как", "Toʻlov": "Плата"}
    memory = {uzbek: {"ru": text} for uzbek, text in russian.items()} | {"PQ-162": {"ru": "ПП-162"}}
    translate_new([(information, memory)], locales("ru", "uz-cyrl"), frozenset({"uz-cyrl"}))
    for language, shown in (("ru", "ПП-162"), ("uz-cyrl", "ПҚ-162")):
        translation = Translation.objects.get(target_locale__language_code=language)
        total, done = translation.get_progress()
        assert done == total
        page = InformationPage.objects.get(locale__language_code=language)
        headings = [
            part["value"]["text"] for part in page.body.raw_data if part["type"] == "heading"
        ]
        assert headings == ["64/5", shown]


def test_a_later_sync_keeps_every_text(information: InformationPage) -> None:
    """wagtail-localize's own update of the same page changes no translated word."""
    pages = translated(information)
    russian = InformationPage.objects.get(pk=pages["ru"].pk)
    assert russian.title == "Порядок оплаты" and russian.live
    assert "Привет" in str(russian.body) and 'href="https://example.org/"' in str(russian.body)
    assert russian.summary == information.summary  # nobody translated it
    translation = Translation.objects.get(target_locale=russian.locale)
    assert translation.get_progress()[1] > 0
    translation.save_target(publish=True)
    again = InformationPage.objects.get(pk=russian.pk)
    for name in ("title", "summary", "slug"):
        assert getattr(again, name) == getattr(russian, name)
    assert again.body.get_prep_value() == russian.body.get_prep_value()
    translation.source.update_from_db()
    assert translation.get_progress() == Translation.objects.get(pk=translation.pk).get_progress()


def test_conversions_and_own_texts_are_told_apart(information: InformationPage) -> None:
    """What the converter would write is a machine's; any other text is an editor's and stands."""
    pages = translated(information)
    kinds = dict(
        StringTranslation.objects.filter(locale=pages["uz-cyrl"].locale).values_list(
            "context__path", "translation_type"
        )
    )
    assert (kinds["title"], kinds["summary"]) == ("machine", "manual")


def test_aliases_take_everything_over(service: ServicePage) -> None:
    """Rows with the same keys, the source's slug, live as it is; children of the right language."""
    following.open_translations([service], locales("ru"))
    alias = ServicePage.objects.get(locale__language_code="ru")
    assert alias.alias_of_id == service.pk and alias.live and alias.slug == service.slug
    assert alias.get_parent().locale == alias.locale
    assert alias.translation_key == service.translation_key
    for relation in ("terms", "fees", "documents", "steps", "questions"):
        pairs = zip(getattr(alias, relation).all(), getattr(service, relation).all(), strict=True)
        for own, source in pairs:
            assert own.translation_key == source.translation_key
            assert own.pk != source.pk and own.locale_id == alias.locale_id
    service.title = "Yangi nom"
    service.save_revision().publish()
    assert ServicePage.objects.get(pk=alias.pk).title == "Yangi nom"


def test_an_alias_needs_its_parent(homes: None) -> None:
    """Under a parent that a language lacks there is no place."""
    with following.paused():
        factories.make_service("nikoh-malumotnoma")
    page = ServicePage.objects.get()
    alias_new(page, locales("ru"))
    assert ServicePage.objects.count() == 1


def test_an_import_publishes_no_translation_that_nobody_gave(
    information: InformationPage, django_capture_on_commit_callbacks: Any
) -> None:
    """An alias stays one when an import changes its source without a text for its language."""
    translated(information)
    following.open_translations([information], locales("en"))
    information.title = "Toʻlov tartibi va muddati"
    information.save()
    with past_the_gate("test"), django_capture_on_commit_callbacks(execute=True):
        update_translated(
            information,
            {information.title: {"ru": "Порядок и срок оплаты"}},
            locales("ru", "uz-cyrl"),
            frozenset({"uz-cyrl"}),
        )
    english = InformationPage.objects.get(locale__language_code="en")
    assert english.alias_of_id == information.pk
    assert InformationPage.objects.get(locale__language_code="ru").title == "Порядок и срок оплаты"


def test_texts_written_before_are_taken_over(
    service: ServicePage, django_capture_on_commit_callbacks: Any
) -> None:
    """A page that was translated without records is not to be translated once more."""
    factories.translate(service, "ru")
    with django_capture_on_commit_callbacks(execute=True):
        service.save_revision().publish()
    rows = StringTranslation.objects.filter(
        locale__language_code="ru", context__object_id=service.translation_key
    )
    assert rows.get(context__path="title").data == f"[ru] {service.title}"
    step = service.steps.all()[0]
    assert rows.filter(data=f"[ru] {step.action}").exists()
    assert ServicePage.objects.get(locale__language_code="ru").title == f"[ru] {service.title}"
