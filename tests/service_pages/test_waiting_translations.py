"""What was sent for approval is what is approved: nobody changes it on the way."""

from __future__ import annotations

from typing import Any

import polib
import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.models import Page
from wagtail_localize.models import (
    OverridableSegment,
    SegmentOverride,
    StringSegment,
    StringTranslation,
    Translation,
    TranslationContext,
)

from accounts.models import Agency, Role, User
from core.translations import lacks, open_translation
from service_pages.models import ServicePage
from tests.service_pages.translating import house, person, translate, version

pytestmark = pytest.mark.django_db

WAITS = "The page waits for approval."


@pytest.fixture
def commit(django_capture_on_commit_callbacks: Any) -> Any:
    """A context at whose end what waits for the commit is done."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def page(commit: Any) -> ServicePage:
    """A published Uzbek page of a service whose Russian text lacks nothing and is not yet sent."""
    found = house(commit)
    translate(found, "ru")
    return found


@pytest.fixture
def translator(page: ServicePage) -> Client:
    return browser(person(Role.TRANSLATOR, name="tarjimon"))


def browser(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def send(client: Client, page: Page) -> None:
    client.post(reverse("service_pages_send", args=[version(page, "ru").pk]))
    assert version(page, "ru").workflow_in_progress


def opened(page: Page, language: str = "ru") -> Translation:
    found = open_translation(version(page, language))
    assert found is not None
    return found


def texts() -> list[Any]:
    rows = StringTranslation.objects.filter(locale__language_code="ru")
    overrides = SegmentOverride.objects.filter(locale__language_code="ru")
    return [*rows.order_by("pk").values_list("pk", "data"), *overrides.values_list("pk")]


def string_address(page: Page, path: str = "title", language: str = "ru") -> str:
    translation = opened(page, language)
    segment = StringSegment.objects.get(source=translation.source, context__path=path)
    return reverse("wagtail_localize:edit_string_translation", args=[translation.pk, segment.pk])


def put(client: Client, address: str, value: str) -> Any:
    return client.put(address, f"value={value}", content_type="application/x-www-form-urlencoded")


def said(answer: Any) -> str:
    return BeautifulSoup(answer.content, "html.parser").get_text(" ", strip=True)


@pytest.mark.parametrize("who", ["translator", "approver", "admin"])
def test_texts_that_wait_are_changed_by_no_address(page: ServicePage, who: str) -> None:
    """Neither the one who sent them nor the one who decides, nor an administrator."""
    sender = browser(person(Role.TRANSLATOR, name="tarjimon"))
    send(sender, page)
    client = {
        "translator": lambda: sender,
        "approver": lambda: browser(person(Role.APPROVER, name="tasdiq")),
        "admin": lambda: browser(User.objects.create_superuser("admin@example.org", "uch-baliq")),
    }[who]()
    translation, before = opened(page), texts()
    answers = [
        put(client, string_address(page), "Tamam"),
        client.delete(string_address(page)),
    ]
    context = TranslationContext.objects.filter(object=page.translation_key).first()
    segment = OverridableSegment.objects.create(
        source=translation.source, context=context, data_json="1", order=99
    )
    address = reverse("wagtail_localize:edit_override", args=[translation.pk, segment.pk])
    answers += [put(client, address, "1"), client.delete(address)]
    for answer in answers:
        assert (answer.status_code, answer.json()["detail"]) == (409, WAITS)

    file = translation.export_po()
    for entry in file:
        entry.msgstr = f"Другое {entry.msgid}"
    upload = reverse("wagtail_localize:upload_pofile", args=[translation.pk])
    name = {"file": SimpleUploadedFile("a.po", str(file).encode())}
    assert WAITS in said(client.post(upload, name, follow=True))
    machine = reverse("wagtail_localize:machine_translate", args=[translation.pk])
    assert WAITS in said(client.post(machine, follow=True))
    edit = reverse("wagtailadmin_pages:edit", args=[version(page, "ru").pk])
    assert WAITS in said(client.post(edit, {"title": "Другое"}, follow=True))
    assert texts() == before


def test_the_note_beside_a_text_says_what_was_tidied(page: ServicePage) -> None:
    """Karakalpak is brought to today's letters; a text that was right is noted as ever."""
    client = browser(person(Role.TRANSLATOR, name="tarjimon"))
    address = string_address(page, language="kaa")
    answer = put(client, address, "Ja'rdem").json()
    assert answer["data"] == "Járdem"
    assert "Ja'rdem → Járdem" in answer["comment"]
    assert "→" not in put(client, address, "Járdem").json()["comment"]


def test_a_file_of_the_desk_leaves_out_what_waits(page: ServicePage, translator: Client) -> None:
    """The other pages of the agency are taken, these lines are named."""
    send(translator, page)
    address = reverse("service_pages_translations_export")
    file = polib.pofile(translator.get(address, {"language": "ru"}).content.decode())
    for entry in file:
        entry.msgstr = f"Другое {entry.msgid}"
    before = set(texts())
    answer = translator.post(
        reverse("service_pages_translations_import"),
        {"language": "ru", "file": SimpleUploadedFile("a.po", str(file).encode())},
    )
    assert WAITS in said(answer)
    assert before <= set(texts())
    rows = StringTranslation.objects.filter(data__startswith="Другое")
    taken = set(rows.values_list("context__object", flat=True))
    assert page.get_parent().translation_key in taken and page.translation_key not in taken


def test_strangers_are_refused_before_they_learn_anything(page: ServicePage) -> None:
    """Whoever has no right on the page hears nothing about its state."""
    address = string_address(page)
    send(browser(person(Role.TRANSLATOR, name="tarjimon")), page)
    other = Agency.objects.create(key="boshqa", code="ZZ", name={"uz": "Boshqa idora"})
    stranger = browser(person(Role.EDITOR, agency=other, name="begona"))
    for answer in (put(Client(), address, "x"), put(stranger, address, "x")):
        assert answer.status_code in {302, 403} and WAITS not in answer.content.decode()


def test_the_editor_shows_nothing_to_write_into(page: ServicePage, translator: Client) -> None:
    """The fields are locked, the way to take it back stands above them."""
    send(translator, page)
    russian = version(page, "ru")
    html = translator.get(reverse("wagtailadmin_pages:edit", args=[russian.pk])).content.decode()
    props = BeautifulSoup(html, "html.parser").select_one(".js-translation-editor")
    assert props is not None and '"isLocked": true' in str(props["data-props"])
    assert reverse("service_pages_withdraw", args=[russian.pk]) in html
    assert not version(page, "ru").locked


def test_whoever_sent_it_withdraws_it_and_goes_on(page: ServicePage, translator: Client) -> None:
    """A colleague cannot; readers see no difference."""
    send(translator, page)
    address = reverse("service_pages_withdraw", args=[version(page, "ru").pk])
    colleague = browser(person(Role.TRANSLATOR, name="hamkasb"))
    assert colleague.post(address)["Location"] == reverse("wagtailadmin_home")
    assert translator.get(address).status_code == 200
    assert version(page, "ru").workflow_in_progress
    translator.post(address)
    assert not version(page, "ru").workflow_in_progress
    assert put(translator, string_address(page), "Название").status_code == 200
    assert translator.post(address)["Location"] == reverse("wagtailadmin_home")
    send(translator, page)


def test_what_is_sent_back_may_be_changed(page: ServicePage, translator: Client) -> None:
    """The approver asks for changes instead of changing the text unseen by others."""
    send(translator, page)
    approver = browser(person(Role.APPROVER, agency=page.service.agency, name="tasdiq"))
    decide(approver, page, "reject")
    assert put(translator, string_address(page), "Название").status_code == 200


def test_the_approver_publishes_what_was_sent(
    page: ServicePage, translator: Client, commit: Any
) -> None:
    """Letter by letter, after every address was tried meanwhile."""
    put(translator, string_address(page), "Что отправлено")
    send(translator, page)
    put(translator, string_address(page), "Что подменено")
    approver = browser(person(Role.APPROVER, agency=page.service.agency, name="tasdiq"))
    with commit():
        decide(approver, page, "approve")
    russian = version(page, "ru")
    assert russian.live and russian.alias_of_id is None
    assert russian.title == "Что отправлено"


def decide(client: Client, page: Page, action: str) -> None:
    russian = version(page, "ru")
    state = russian.current_workflow_task_state
    address = reverse("wagtailadmin_pages:workflow_action", args=[russian.pk, action, state.pk])
    client.post(address, {"comment": "Atama boshqa"})


def test_what_a_karakalpak_translator_types_is_tidied(page: ServicePage, commit: Any) -> None:
    """In the editor and past it; nothing of it makes a complete translation look out of date."""
    translate(page, "kaa")
    translator = browser(person(Role.TRANSLATOR, name="tarjimon"))
    kaa = version(page, "kaa")
    translation = open_translation(kaa)
    assert translation is not None
    segment = StringSegment.objects.get(source=translation.source, context__path="title")
    address = reverse("wagtail_localize:edit_string_translation", args=[translation.pk, segment.pk])
    assert put(translator, address, "A'dep mаgluwmatı").status_code in {200, 201}
    row = StringTranslation.objects.get(
        context=segment.context, translation_of=segment.string, locale=kaa.locale
    )
    assert row.data == "Ádep magluwmatı"
    # A text that came in some other way.
    StringTranslation.objects.filter(pk=row.pk).update(data="A'dep")
    translator.post(reverse("service_pages_send", args=[kaa.pk]))
    waiting = version(page, "kaa")
    assert lacks(waiting, waiting.latest_revision) == []
    assert waiting.latest_revision.as_object().title == "Ádep"
