"""Pages keep one spelling of signs however a text comes in; Cyrillic is turned into Latin at a press."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role, User
from accounts.services import create_staff
from forms.models import QuestionSet
from home.models import InformationPage, Phone
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
