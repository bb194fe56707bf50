"""Pages keep one spelling of signs however a text comes in; Cyrillic is turned into Latin at a press."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale
from wagtail_localize.models import StringTranslation, Translation

from accounts.models import Role, User
from accounts.services import create_staff
from core import following
from core.translating import translate_new
from core.translations import save_draft
from forms.models import QuestionSet
from home.models import InformationPage, Phone
from service_pages.compile import compile_passport
from service_pages.rights import ensure_rights
from tests.service_pages import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> Client:
    user = create_staff(email="muharrir@example.org", agency=None, roles=(Role.EDITOR,))
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.get(pk=user.pk))
    return client


@pytest.fixture
def page() -> InformationPage:
    home = factories.home_page("uz")
    found = InformationPage(
        title="Ma`lumot", slug="malumot", summary="O'quvchi mаktаbda", locale=home.locale
    )
    found.body = json.dumps(
        [
            {"type": "heading", "value": {"text": "G'ijduvon"}},
            {"type": "paragraph", "value": '<p>ta’lim <a href="https://a.uz/o\'">o`quv</a></p>'},
        ]
    )
    home.add_child(instance=found)
    ensure_rights()
    return found


def test_all_texts_of_a_page_are_tidied_on_saving(page: InformationPage) -> None:
    """Plain fields, StreamField, rich text in it; addresses stay."""
    assert (page.title, page.summary) == ("Maʼlumot", "Oʻquvchi maktabda")
    saved = InformationPage.objects.get(pk=page.pk)
    heading, text = (part["value"] for part in saved.body.raw_data)
    assert heading["text"] == "Gʻijduvon"
    assert text == '<p>taʼlim <a href="https://a.uz/o\'">oʻquv</a></p>'


def test_rows_of_a_service_are_tidied_with_it() -> None:
    """Terms, documents and steps belong to the page's text."""
    factories.agency_index("uz")
    service = factories.make_service("nikoh-malumotnoma")
    page = service.pages.get()
    first = page.steps.first()
    first.action = "Ma'lumotnoma so`rash"
    page.steps = [first]
    revision = page.save_revision()
    assert [row.action for row in revision.as_object().steps.all()] == ["Maʼlumotnoma soʻrash"]


def test_the_editor_is_told(page: InformationPage, editor: Client) -> None:
    """Each changed word once, in a message above the editor."""
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    data = {
        "title": "Yangi ma'lumot", "slug": "malumot", "summary": "O`quvchi, o`quvchi",
        "body-count": "0", "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0",
    }  # fmt: skip
    html = editor.post(address, data, follow=True).content.decode()
    assert "ma&#x27;lumot → maʼlumot" in html
    assert html.count("o`quvchi → oʻquvchi") == 1
    draft = InformationPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    assert draft.title == "Yangi maʼlumot"


def test_cyrillic_is_turned_into_latin_at_a_press(page: InformationPage, editor: Client) -> None:
    """Shown first, with the doubtful words marked; kept as a draft; readers see nothing yet."""
    page.summary = "Ариза циркка топширилади"
    page.body = json.dumps([{"type": "paragraph", "value": "<p>Қарор <b>маълум</b></p>"}])
    page.save_revision()
    address = reverse("core_latin", args=[page.pk])
    edit = editor.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert address in edit
    shown = editor.get(address).content.decode()
    assert "<mark>sirkka</mark>" in shown and "<mark>Ariza</mark>" not in shown
    before = InformationPage.objects.get(pk=page.pk)
    editor.post(address)
    after = InformationPage.objects.get(pk=page.pk)
    draft = after.get_latest_revision_as_object()
    assert draft.summary == "Ariza sirkka topshiriladi"
    assert draft.body.raw_data[0]["value"] == "<p>Qaror <b>maʼlum</b></p>"
    assert after.summary == before.summary and after.live == before.live
    assert "<mark>" not in editor.get(address).content.decode()


def test_only_those_who_may_edit_turn_a_page(page: InformationPage) -> None:
    """And only an Uzbek one."""
    address = reverse("core_latin", args=[page.pk])
    user = create_staff(email="ijrochi@example.org", agency=None, roles=(Role.OFFICER,))
    officer = Client()
    officer.force_login(User.objects.get(pk=user.pk))
    assert officer.post(address)["Location"].startswith("/admin/")
    admin = Client()
    admin.force_login(User.objects.create_superuser("admin@example.org", "uch-baliq-dengizda"))
    russian = factories.home_page("ru")
    assert admin.get(reverse("core_latin", args=[russian.pk])).status_code == 302


def test_plain_texts_of_an_open_form_are_turned(editor: Client) -> None:
    """Each with its doubtful words apart; nothing else is taken."""
    address = reverse("core_latin_texts")

    def ask(body: object) -> Any:
        return editor.post(address, json.dumps(body), content_type="application/json")

    answer = ask({"texts": ["Ариза циркка топширилади", "", "Toʻlov <b> & 2026"]}).json()["texts"]
    assert [one["latin"] for one in answer] == [
        "Ariza sirkka topshiriladi", "", "Toʻlov <b> & 2026",
    ]  # fmt: skip
    assert answer[0]["parts"] == [
        {"text": "Ariza "}, {"text": "sirkka", "was": "циркка"}, {"text": " topshiriladi"},
    ]  # fmt: skip
    for wrong in ({}, [], {"texts": "а"}, {"texts": [1]}, {"texts": ["а"] * 10_001}):
        assert ask(wrong).status_code == 400
    assert editor.get(address).status_code == 405
    assert Client().post(address, "{}", content_type="application/json").status_code == 302


def test_what_was_tidied_in_a_row_is_told(editor: Client) -> None:
    """A text map of a plain row, and nothing where nothing changed or nothing was saved."""
    admin = Client(headers={"accept-language": "en"})
    admin.force_login(User.objects.create_superuser("admin@example.org", "uch-baliq-dengizda"))
    address = reverse(Phone.snippet_viewset.get_url_name("add"))
    data = {"number": "102", "order": "1", "kind": "emergency"}
    data |= {"name_uz": "Yong`in, o'tga qarshi", "name_kaa": "O'rt"}
    told = admin.post(address, data, follow=True).content.decode()
    assert "Yong`in, → Yongʻin," in told and "o&#x27;tga → oʻtga" in told
    assert "O&#x27;rt → Órt" in told
    assert Phone.objects.get().name["uz"] == "Yongʻin, oʻtga qarshi"
    assert "Yongʻin" not in admin.post(address, {}, follow=True).content.decode()


def test_questions_that_forms_share_are_tidied() -> None:
    """A translatable row that is no page, whoever saves it."""
    home = factories.home_page("uz")
    questions = QuestionSet.objects.create(title="Kim so`rayapti", locale=home.locale)
    assert questions.title == "Kim soʻrayapti"


BODY = '<p>Toʻlov &amp; muddat: <a href="https://a.uz/">oʻquv  markazi</a> uchun.</p><ul><li>Toʻrt</li></ul>'


@pytest.fixture
def half() -> InformationPage:
    """An Uzbek page of which only the heading and one paragraph are translated into Karakalpak."""
    home, _kaa = factories.home_page("uz"), factories.home_page("kaa")
    page = InformationPage(
        title="NNT ramzini roʻyxatdan oʻtkazish", slug="ramz", summary="Yoʻl <b> va\ntoʻlov",
        locale=home.locale,
        body=json.dumps([
            {"type": "heading", "value": {"text": "Toʻlov"}},
            {"type": "paragraph", "value": BODY},
            {"type": "paragraph", "value": "<p>Maʼlumot</p>"},
        ]),
    )  # fmt: skip
    home.add_child(instance=page)
    memory = {"Toʻlov": {"kaa": "To'lem"}, "<p>Maʼlumot</p>": {"kaa": "<p>Mag'lıwmat</p>"}}
    translate_new([(page, memory)], list(Locale.objects.filter(language_code="kaa")), frozenset())
    return InformationPage.objects.get(locale__language_code="kaa")


def check_half(page: InformationPage, heading: str = "Tólem") -> None:
    assert page.title == "NNT ramzini roʻyxatdan oʻtkazish"
    assert page.summary == "Yoʻl <b> va\ntoʻlov"
    head, body, translated = (part["value"] for part in page.body.raw_data)
    assert (head["text"], translated) == (heading, "<p>Maǵlıwmat</p>")
    assert body == BODY


def test_a_text_that_nobody_translated_stays_as_its_source_has_it(half: InformationPage) -> None:
    """Karakalpak rules touch what is Karakalpak, at each way in which a page is saved."""
    check_half(half)
    half.save()
    check_half(InformationPage.objects.get(pk=half.pk))
    draft = save_draft(Translation.objects.get(target_locale=half.locale))
    check_half(draft.as_object())
    half.summary = "Jol ha'm to'lem"
    half.save()
    assert half.summary == "Jol hám tólem"


def test_a_text_of_an_earlier_sync_is_known_too(half: InformationPage) -> None:
    """The Uzbek page has changed since; the Karakalpak one still says what it said."""
    source = InformationPage.objects.get(locale__language_code="uz")
    said = [half.title, half.summary]
    factories.home_page("ru")
    translation = Translation.objects.get(target_locale=half.locale)
    places = translation.source.stringsegment_set.filter(context__path__in=["title", "summary"])
    for segment in places:
        StringTranslation.objects.create(
            translation_of=segment.string, context=segment.context, data="Перевод",
            locale=Locale.objects.get(language_code="ru"),
        )  # fmt: skip
    source.title = source.summary = "Boshqa"
    source.save()
    translation.source.update_from_db()
    half.save()
    assert [half.title, half.summary] == said


def test_a_copy_of_the_source_is_no_translation_to_be_tidied(half: InformationPage) -> None:
    """A translator who leaves an Uzbek name as it is finds it as it was."""
    translation = Translation.objects.get(target_locale=half.locale)
    segment = translation.source.stringsegment_set.get(context__path="title")
    row = StringTranslation.objects.create(
        translation_of=segment.string, context=segment.context, locale=half.locale,
        data=segment.string.data,
    )  # fmt: skip
    assert row.data == "NNT ramzini roʻyxatdan oʻtkazish"
    row.data = "Ra'mizdi dizimnen o'tkeriw"
    row.save()
    assert row.data == "Rámizdi dizimnen ótkeriw"


def test_an_alias_says_what_its_source_says() -> None:
    """Nothing of it is Karakalpak yet, and its passport knows that."""
    for language in ("uz", "kaa"):
        factories.agency_index(language)
    with following.paused():
        service = factories.make_service("nikoh-malumotnoma", title={"uz": "Oʻlim haqida"})
    page = service.pages.get()
    following.open_translations([page], list(Locale.objects.filter(language_code="kaa")))
    alias = service.pages.get(locale__language_code="kaa")
    assert alias.alias_of_id == page.pk and alias.title == "Oʻlim haqida"
    alias.save()
    assert alias.title == "Oʻlim haqida"
    assert "kaa" not in compile_passport(service, [page, alias])["title"]
