"""What follows an Uzbek page: its Cyrillic version, aliases, slug, place, life."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.utils import timezone
from modelcluster.fields import ParentalKey
from wagtail.models import Locale, Page, TranslatableMixin
from wagtail_localize.models import StringSegment, StringTranslation, Translation

from core import conversions, following, following_rows
from core.fields import TextMapField
from core.links import page_path
from core.publishing import past_the_gate
from forms import importing
from forms.models import FormDefinition
from home.models import HomePage, InformationPage, MenuItem
from languages.uzbek import to_cyrillic
from service_pages import selectors
from service_pages.importing import import_services
from service_pages.models import AgencyPage, Service, ServicePage
from tests.forms.factories import question, small_form
from tests.service_pages import factories

pytestmark = pytest.mark.django_db
LANGUAGES = ("uz", "uz-cyrl", "kaa", "ru", "en")


@pytest.fixture
def commit(django_capture_on_commit_callbacks: Any) -> Any:
    """A context at whose end what waits for the commit is done."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def homes() -> None:
    """A home page and the list of organisations in every language."""
    for language in LANGUAGES:
        factories.agency_index(language)


@pytest.fixture
def page(homes: None, commit: Any) -> ServicePage:
    """A published service whose agency has a page in every language."""
    _agency(commit)
    with commit():
        factories.make_service("nikoh-malumotnoma")
    return _in(ServicePage.objects.get(locale__language_code="uz"), "uz")


def _agency(commit: Any, key: str = "adliya-vazirligi", **fields: Any) -> AgencyPage:
    """An agency with its page in every language."""
    page = factories.make_agency(key, **fields)
    with commit():
        following.reconcile()
    return page


def _in(page: Page, language: str) -> Any:
    return Page.objects.get(
        translation_key=page.translation_key, locale__language_code=language
    ).specific


def _publish(page: Any, **changes: Any) -> None:
    for name, value in changes.items():
        setattr(page, name, value)
    page.save_revision().publish()


def test_publishing_makes_the_cyrillic_version_live_and_aliases_elsewhere(
    page: ServicePage, client: Any
) -> None:
    cyrillic = _in(page, "uz-cyrl")
    assert cyrillic.live and cyrillic.alias_of_id is None
    assert cyrillic.title == to_cyrillic(page.title)
    assert [row.action for row in cyrillic.steps.all()] == [
        to_cyrillic(row.action) for row in page.steps.all()
    ]
    passport = selectors.passport(page.service)
    assert passport is not None
    assert passport.content["languages"]["uz-cyrl"]["complete"]
    for language in ("kaa", "ru", "en"):
        alias = _in(page, language)
        assert alias.live and alias.alias_of_id == page.pk
        html = client.get(page_path(alias.url_path, language)).content.decode()
        assert 'content="noindex"' in html
        canonical = page_path(page.url_path, "uz")
        assert f'{canonical}"' in html[html.index('rel="canonical"') :][:200]


def test_the_cyrillic_version_changes_with_its_source(page: ServicePage, commit: Any) -> None:
    with commit():
        _publish(page, title="Ajrim toʻgʻrisida maʼlumotnoma")
    assert _in(page, "uz-cyrl").title == "Ажрим тўғрисида маълумотнома"
    assert Translation.objects.filter(target_locale__language_code="uz-cyrl").exists()


def test_an_override_stands_while_its_segment_stands_and_is_listed_when_lost(
    page: ServicePage, commit: Any
) -> None:
    locale = Locale.objects.get(language_code="uz-cyrl")
    segment = StringSegment.objects.get(
        source__object_id=page.translation_key, context__path="title"
    )
    StringTranslation.objects.filter(
        locale=locale, translation_of=segment.string, context=segment.context
    ).update(data="Қўлда ёзилган", translation_type="manual")
    with commit():
        _publish(page, summary="Yangi qisqa matn.")
    cyrillic = _in(page, "uz-cyrl")
    assert (cyrillic.title, cyrillic.summary) == ("Қўлда ёзилган", "Янги қисқа матн.")
    assert conversions.overrides(locale).count() == 1
    assert conversions.lost_overrides(locale) == []
    with commit():
        _publish(page, title="Butunlay yangi nom")
    assert _in(page, "uz-cyrl").title == "Бутунлай янги ном"
    assert [row.data for row in conversions.lost_overrides(locale)] == ["Қўлда ёзилган"]


def test_a_stopped_translation_is_left_alone(page: ServicePage, commit: Any) -> None:
    Translation.objects.filter(target_locale__language_code="uz-cyrl").update(enabled=False)
    before = _in(page, "uz-cyrl").title
    with commit():
        _publish(page, title="Boshqa nom")
    assert _in(page, "uz-cyrl").title == before
    assert following.reconcile() == 0


def test_what_a_crash_left_behind_is_mended(
    page: ServicePage, commit: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=False):
        _publish(page, title="Yarim yoʻlda qolgan")
    assert _in(page, "uz-cyrl").live_revision.content["title"] != "Ярим йўлда қолган"
    with commit():
        assert following.reconcile() == 1
    with commit():
        assert following.reconcile() == 0
    assert _in(page, "uz-cyrl").title == "Ярим йўлда қолган"


def test_a_rename_is_one_in_all_languages(page: ServicePage, commit: Any, client: Any) -> None:
    old = {code: page_path(_in(page, code).url_path, code) for code in LANGUAGES}
    with commit():
        _publish(page, slug="nikoh")
    for code in LANGUAGES:
        other = _in(page, code)
        assert other.slug == "nikoh"
        assert client.get(page_path(other.url_path, code)).status_code == 200
        assert client.get(old[code]).status_code == 301
    with commit():
        _publish(_in(page, "uz-cyrl"))
    assert _in(page, "uz-cyrl").slug == "nikoh"


def test_taking_down_moving_and_deleting_carry_over(page: ServicePage, commit: Any) -> None:
    agency = _agency(commit, "ssv", name={"uz": "Sogʻliqni saqlash vazirligi"})
    with commit():
        page.move(agency, pos="last-child")
    for code in LANGUAGES:
        assert "/ssv/" in _in(page, code).url_path
    with commit():
        _in(page, "uz").unpublish()
    assert [_in(page, code).live for code in LANGUAGES] == [False] * 5
    with commit():
        _in(page, "uz").delete()
    assert not Page.objects.filter(translation_key=page.translation_key).exists()
    assert AgencyPage.objects.filter(agency__key="ssv").count() == 5


def test_deleting_a_branch_deletes_it_in_all_languages(page: ServicePage, commit: Any) -> None:
    with commit():
        Page.objects.get(pk=page.get_parent().pk).delete()
    assert not ServicePage.objects.exists() and not AgencyPage.objects.exists()
    assert Page.objects.filter(depth=2).count() == 5


def _filled(field: Any) -> dict[str, Any]:
    """A value for a column that cannot be empty."""
    if isinstance(field, models.DateField):
        return {field.name: timezone.localdate()}
    if isinstance(field, models.CharField | models.TextField):
        return {field.name: field.choices[0][0] if field.choices else "1"}
    return {}


@pytest.mark.parametrize("model", sorted(following.page_types(), key=lambda model: model.__name__))
def test_every_page_type_follows(model: type[Any], homes: None, commit: Any) -> None:
    if model is HomePage:
        return  # one for each language, made with it and never derived
    agency = _agency(commit)
    needed: dict[str, Any] = {}
    if model is AgencyPage:
        assert _in(agency, "uz-cyrl").live
        return
    if model is ServicePage:
        needed["service"] = Service.objects.create(
            key="yoʻl", registry_number="QR-9", agency=agency.agency
        )
    for field in model._meta.concrete_fields:
        if field.model is model and not field.blank and not field.has_default():
            needed |= _filled(field)
    if any(field.name == "definition" for field in model._meta.get_fields()):
        needed["definition"] = FormDefinition.objects.create(key="form-yol")
        needed |= importing.page_fields(small_form(question("a")), importing.in_language("uz"))
        needed.pop("title", None)
    page = model(title="Yoʻl koʻrsatish", slug="yol", locale=agency.locale, live=False, **needed)
    Page.objects.get(pk=agency.pk).add_child(instance=page)
    with commit(), past_the_gate("test"):
        page.save_revision().publish()
    cyrillic = _in(page, "uz-cyrl")
    assert cyrillic.live and cyrillic.title == "Йўл кўрсатиш"


def test_no_translatable_model_is_forgotten() -> None:
    """Each is a page, a part of one, or a row that follows by itself."""
    for model in apps.get_models():
        if issubclass(model, TranslatableMixin):
            part = any(isinstance(field, ParentalKey) for field in model._meta.get_fields())
            assert part or issubclass(model, Page) or model in following_rows.row_types(), model


@pytest.mark.parametrize("model", following_rows.row_types(), ids=lambda model: model.__name__)
def test_every_row_type_follows(model: type[Any], commit: Any) -> None:
    for language in LANGUAGES:
        factories.home_page(language)
    locale = Locale.objects.get(language_code="uz")
    names = [
        f.name for f in model._meta.fields if isinstance(f, models.CharField | models.TextField)
    ]
    name = names[0]
    with commit():
        row = model(locale=locale, **{name: "Yoʻl koʻrsatish"})
        row.save()
    follower = row.get_translation(Locale.objects.get(language_code="uz-cyrl"))
    assert getattr(follower, name) == "Йўл кўрсатиш"
    setattr(row, name, "Ariza beruvchi")
    with commit():
        row.save()
    follower.refresh_from_db()
    assert getattr(follower, name) == "Ариза берувчи"
    assert following_rows.reconcile() == 0
    follower.delete()
    with commit():
        assert following_rows.reconcile() == 1
    with commit():
        row.delete()
    assert not model._default_manager.exists()


def test_every_text_map_follows_its_uzbek_text(db: None) -> None:
    models = [
        model
        for model in apps.get_models()
        if any(isinstance(field, TextMapField) for field in model._meta.get_fields())
    ]
    assert MenuItem in models
    item = MenuItem.objects.create(title={"uz": "Hujjatlar"}, address="hujjatlar", place="main")
    item.title = item.title | {"uz": "Yangi hujjatlar"}
    item.save()
    assert item.title["uz-cyrl"] == "Янги ҳужжатлар"
    item.title = item.title | {"uz": "Eski", "uz-cyrl": "Эскиси"}
    item.save()
    item.refresh_from_db()
    assert item.title["uz-cyrl"] == "Эскиси"


def test_pages_of_other_languages_lead_nobody(page: ServicePage, commit: Any) -> None:
    cyrillic = _in(page, "uz-cyrl")
    with commit():
        cyrillic.unpublish()
    assert _in(page, "uz").live
    assert InformationPage.objects.count() == 0


def test_an_import_keeps_the_cyrillic_text_that_it_brought(homes: None, commit: Any) -> None:
    agency = _agency(commit)
    title = {"uz": "Guvohnoma", "uz_cyrl": "Гувоҳнома (янги)"}
    record = factories.record("guvohnoma", title=title) | {"slug": "guvohnoma"}
    for summary in ("Birinchi matn.", "Ikkinchi matn."):
        with commit():
            import_services([record | {"summary": {"uz": summary}}], agency.agency, "uz")
    page = ServicePage.objects.get(service__key="guvohnoma", locale__language_code="uz")
    with commit(), past_the_gate("test"):
        _publish(page, result="Boshqa natija")
    cyrillic = _in(page, "uz-cyrl")
    assert (cyrillic.title, cyrillic.summary) == ("Гувоҳнома (янги)", "Иккинчи матн.")
    assert cyrillic.result == "Бошқа натижа"
