"""The translation desk: what each language lacks, who does it, sending, and files out and back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polib
import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale, Page
from wagtail_localize.models import StringSegment, StringTranslation, Translation
from wagtail_localize.operations import translate_object

from accounts.models import Role, User
from core import conversions, translations
from service_pages import tasks
from service_pages.models import AgencyPage, ServicePage, TranslationBatch, TranslationTask
from service_pages.rights import send_for_approval
from service_pages.translation import desk, po, services
from service_pages.translation.desk import State
from tests.service_pages import factories
from tests.service_pages.bulk import add_services
from tests.service_pages.translating import house, person, translate, version

pytestmark = pytest.mark.django_db

DESK = "service_pages_translations"


@pytest.fixture
def commit(django_capture_on_commit_callbacks: Any) -> Any:
    """A context at whose end what waits for the commit is done."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def page(commit: Any) -> ServicePage:
    """A published Uzbek page of a service, with aliases in three languages."""
    return house(commit)


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def entry(page: Page, language: str, user: Any = None) -> desk.Entry:
    """Where a page stands in a language."""
    user = user or User(is_superuser=True, is_active=True)
    found = desk.entries(desk.sources_for(user), [language])
    return next(row for row in found if row.page_id == page.pk)


# -- states -----------------------------------------------------------------------------------------


def test_a_page_goes_from_missing_to_done_and_out_of_date(page: ServicePage, commit: Any) -> None:
    """Each state by what the texts and the workflow say, none of them stored."""
    assert entry(page, "ru").state is State.MISSING
    total = entry(page, "ru").total
    assert total == StringSegment.objects.filter(source__object_id=page.translation_key).count()
    translate(page, "ru", but=3)
    assert (entry(page, "ru").state, entry(page, "ru").left) == (State.OPEN, 3)
    translate(page, "ru")
    send_for_approval(version(page, "ru"), person(Role.TRANSLATOR, name="tarjimon"))
    assert entry(page, "ru").state is State.WAITING
    with commit():
        version(page, "ru").latest_revision.publish()
    assert (entry(page, "ru").state, entry(page, "ru").left) == (State.DONE, 0)
    source = version(page, "uz")
    source.summary, source.result = "Yangi qisqa matn.", "Yangi natija"
    with commit():
        source.save_revision().publish()
    assert (entry(page, "ru").state, entry(page, "ru").left) == (State.OUTDATED, 2)
    translate(page, "ru")
    # Translated, but readers still have the old text: somebody has to send it.
    assert (entry(page, "ru").state, entry(page, "ru").unsent > 0) == (State.OPEN, True)
    assert entry(page, "uz-cyrl").state is State.DONE
    assert entry(page, "en").state is State.MISSING


def test_the_desk_counts_overrides_and_lists_lost_ones(page: ServicePage, commit: Any) -> None:
    """The conversion takes the place of an override whose source changed; the desk says so."""
    rows = StringTranslation.objects.filter(
        locale__language_code="uz-cyrl", context__path="title",
        context__object_id=page.translation_key,
    )  # fmt: skip
    rows.update(data="Қўлда ёзилган", translation_type="manual")
    assert entry(page, "uz-cyrl").overrides == 1
    source = version(page, "uz")
    source.title = "Butunlay yangi nom"
    with commit():
        source.save_revision().publish()
    assert entry(page, "uz-cyrl").overrides == 0
    client = browser(person(Role.EDITOR, agency=page.service.agency))
    html = client.get(reverse(f"{DESK}_lost")).content.decode()
    assert "Қўлда ёзилган" in html and "Бутунлай янги ном" in html
    lost = conversions.lost_overrides(Locale.objects.get(language_code="uz-cyrl"))
    client.post(reverse(f"{DESK}_lost"), {"seen": [row.pk for row in lost]})
    assert not conversions.lost_overrides(Locale.objects.get(language_code="uz-cyrl"))
    assert version(page, "uz-cyrl").title == "Бутунлай янги ном"


def test_the_desk_is_for_those_with_pages(page: ServicePage, commit: Any) -> None:
    """An agency's people see its subtree; officers and applicants nothing."""
    other = factories.make_agency("ssv", name={"uz": "Sogʻliqni saqlash vazirligi"})
    with commit():
        factories.make_service("shifokor-navbati", title="Shifokor navbati", agency=other)
    client = browser(person(Role.TRANSLATOR, agency=page.service.agency))
    html = client.get(reverse(DESK)).content.decode()
    assert page.title in html and "Shifokor navbati" not in html
    assert (
        "Shifokor navbati"
        in browser(person(Role.TRANSLATOR, name="hamma")).get(reverse(DESK)).content.decode()
    )
    for name in ("", "_lost", "_import", "_export", "_send"):
        for role in (Role.OFFICER, Role.CONTROLLER, Role.CLERK):
            User.objects.filter(email="begona@example.org").delete()
            stranger = browser(person(role, agency=page.service.agency, name="begona"))
            assert stranger.get(f"{reverse(DESK + name)}?page={page.pk}").status_code in {302, 403}
    foreign = ServicePage.objects.get(service__key="shifokor-navbati", locale__language_code="uz")
    assert client.get(f"{reverse(DESK + '_send')}?page={foreign.pk}").status_code in {302, 403}
    client.post(
        reverse(f"{DESK}_assign"), {"item": f"{foreign.pk}:ru", "action": "send", "query": ""}
    )
    assert not TranslationBatch.objects.exists()


def test_filters_show_what_they_say(page: ServicePage) -> None:
    """By language, state, agency, translator, day and words."""
    user = person(Role.TRANSLATOR, name="tarjimon")
    services.assign([(page.translation_key, "ru")], user, date(2020, 1, 1), None)
    client = browser(user)

    def shown(**query: str) -> set[tuple[str, str]]:
        soup = BeautifulSoup(client.get(reverse(DESK), query).content, "html.parser")
        return {
            (row.select_one("td.title a").text.strip(), row.select("td")[2].text.strip())  # type: ignore[union-attr]
            for row in soup.select(".desk__rows tbody tr")
        }

    ours = AgencyPage.objects.get(locale__language_code="uz")
    assert shown(overdue="on") == {(page.title, "ru")}
    assert shown(assignee=str(user.pk)) == {(page.title, "ru")}
    assert (page.title, "ru") not in shown(language="ru", assignee="none")
    assert {language for _title, language in shown(language="kaa")} == {"kaa-Latn"}
    assert shown(language="en", agency=str(ours.pk), q="nikoh") == {(page.title, "en")}
    assert shown(language="en", state="done", q="nikoh") == set()
    assert (page.title, "ru") in shown(language="nonsense", state="nonsense")


# -- sending and assigning --------------------------------------------------------------------------


def test_many_pages_are_sent_in_the_task_queue_with_progress(
    page: ServicePage, commit: Any
) -> None:
    """The whole list at a press, translator and day with it; nothing is live."""
    translator = person(Role.TRANSLATOR, name="tarjimon")
    client = browser(person(Role.EDITOR, agency=page.service.agency))
    add_services(page.service, 3)
    with commit():
        answer = client.post(
            reverse(f"{DESK}_assign"),
            {"query": "language=ru&q=nikoh", "everything": "1", "action": "send",
             "give-assignee": translator.pk, "give-due_on": "2030-01-31"},
        )  # fmt: skip
    batch = TranslationBatch.objects.get()
    assert answer["Location"] == reverse(f"{DESK}_batch", args=[batch.pk])
    assert batch.finished_at and batch.done == len(batch.pages) > 0 and batch.failed == []
    html = client.get(answer["Location"]).content.decode()
    assert f"{batch.done} / {batch.done}" in html and 'http-equiv="refresh"' not in html
    task = TranslationTask.objects.get(page_key=page.translation_key, language="ru")
    assert (task.assignee, task.due_on) == (translator, date(2030, 1, 31))
    assert version(page, "ru").alias_of_id == page.pk
    # Sending again without a name takes the page from nobody.
    services.send([page], ["ru"], None)
    task.refresh_from_db()
    assert task.assignee == translator


def test_a_batch_goes_on_after_a_crash_and_past_a_bad_page(
    page: ServicePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was done is not done again; what cannot be done keeps no other waiting."""
    agency = version(page.get_parent(), "uz")
    index = version(agency.get_parent(), "uz")
    batch = services.start([page.pk, agency.pk, index.pk], ["ru"], None)
    batch.done = 1
    batch.save()
    sent: list[int] = []
    real = services.send

    def send(pages: Any, *args: Any, **kwargs: Any) -> None:
        if any(row.pk == agency.pk for row in pages):
            raise RuntimeError("a page that cannot be sent")
        sent.extend(row.pk for row in pages)
        real(pages, *args, **kwargs)

    monkeypatch.setattr(services, "send", send)
    tasks.send_to_translation.call(batch.pk)
    batch.refresh_from_db()
    assert batch.finished_at and batch.done == 3
    assert batch.failed == [agency.pk]
    left = [pk for pk in batch.pages[1:] if pk != agency.pk]
    assert sent == left


def test_one_page_is_sent_with_what_stands_under_it(page: ServicePage, commit: Any) -> None:
    """From the page's own menu, where wagtail-localize had its submission."""
    agency = version(page.get_parent(), "uz")
    client = browser(person(Role.EDITOR, agency=page.service.agency))
    address = f"{reverse(f'{DESK}_send')}?page={agency.pk}"
    assert client.get(address).status_code == 200
    with commit():
        client.post(address, {"page": agency.pk, "languages": ["ru", "kaa"], "below": "1"})
    batch = TranslationBatch.objects.get()
    assert set(batch.pages) == {agency.pk, page.pk} and batch.languages == ["kaa", "ru"]
    with commit():
        client.post(address, {"page": agency.pk, "languages": ["uz-cyrl"]})
    assert TranslationBatch.objects.count() == 1
    with pytest.raises(ValueError, match="uz-cyrl"):
        services.send([page], ["uz-cyrl"], None)


def test_only_a_translator_of_the_agency_can_be_given_its_pages(page: ServicePage) -> None:
    """A name from another agency is refused with a word."""
    other = factories.make_agency("ssv", name={"uz": "Sogʻliqni saqlash vazirligi"})
    stranger = person(Role.TRANSLATOR, agency=other.agency, name="begona")
    admin = browser(User.objects.create_superuser("admin@example.org", "uch-baliq-dengizda"))
    admin.post(
        reverse(f"{DESK}_assign"),
        {"item": f"{page.pk}:ru", "action": "assign", "give-assignee": stranger.pk},
    )
    assert not TranslationTask.objects.exists()


# -- files ------------------------------------------------------------------------------------------


def exported(client: Client, page: ServicePage, language: str = "ru") -> polib.POFile:
    """The file of the agency as the desk gives it."""
    agency = page.get_parent()
    answer = client.get(reverse(f"{DESK}_export"), {"language": language, "agency": agency.pk})
    assert answer["Content-Disposition"] == f'attachment; filename="{agency.slug}-{language}.po"'
    return po.parse(answer.content)


def taken(client: Client, file: polib.POFile | bytes, language: str = "ru") -> str:
    """What the desk says to a file."""
    data = file if isinstance(file, bytes) else str(file).encode()
    upload = SimpleUploadedFile("tarjima.po", data)
    answer = client.post(reverse(f"{DESK}_import"), {"language": language, "file": upload})
    return answer.content.decode()


def test_texts_go_out_and_come_back(page: ServicePage, commit: Any) -> None:
    """A whole agency in one file; nothing is published by it."""
    client = browser(person(Role.TRANSLATOR, name="tarjimon"))
    file = exported(client, page)
    assert {entry.msgid for entry in file} >= {page.title, page.summary}
    assert page.get_parent().title in {entry.msgid for entry in file}
    for item in file:
        item.msgstr = f"RU {item.msgid}"
    taken(client, file)
    assert entry(page, "ru").left == 0
    assert version(page, "ru").alias_of_id == page.pk
    row = StringTranslation.objects.get(
        context__object_id=page.translation_key, context__path="title", locale__language_code="ru"
    )
    assert (row.data, row.last_translated_by.email) == (f"RU {page.title}", "tarjimon@example.org")
    assert version(page, "ru").draft_title == row.data
    again = exported(client, page)
    assert all(item.msgstr == f"RU {item.msgid}" for item in again)
    assert po.import_file(again, "ru", desk.sources_for(row.last_translated_by)).written == 0


def test_a_changed_text_comes_with_its_former_translation(page: ServicePage, commit: Any) -> None:
    """Marked fuzzy, so that no tool takes it for new."""
    translate(page, "ru")
    old = page.summary
    source = version(page, "uz")
    source.summary = "Butunlay boshqa matn."
    with commit():
        source.save_revision().publish()
    client = browser(person(Role.TRANSLATOR, name="tarjimon"))
    item = exported(client, source).find("Butunlay boshqa matn.")
    assert item.fuzzy and (item.previous_msgid, item.msgstr) == (old, f"ru {old}")
    taken(client, exported(client, source))
    assert entry(source, "ru").left == 1


@pytest.mark.parametrize(
    ("source", "translation", "fits"),
    [
        ("Salom", "Привет", True),
        ("%(count)s ta", "%(count)s шт.", True),
        ("%(count)s ta", "несколько", False),
        ("{name}", "{nom}", False),
        ('Bu <a id="a1">yerda</a>', 'Вот <a id="a1">здесь</a>', True),
        ('Bu <a id="a1">yerda</a>', "Вот здесь", False),
        ('Bu <a id="a1">yerda</a>', 'Вот <a id="a2">здесь</a>', False),
        ("<b>Diqqat</b> bir", "<b>Внимание</b> раз", True),
        ("<b>Diqqat</b> bir", "<b>Внимание раз", False),
        ("Salom", "<script>x</script>", False),
        ("A &amp; B", "А &amp; Б", True),
    ],
)
def test_tags_and_placeholders_must_be_those_of_the_source(
    source: str, translation: str, fits: bool
) -> None:
    """Named in the words of the desk."""
    assert (po.flaw_of(source, translation) == "") is fits


def test_what_does_not_fit_is_named_and_the_rest_is_taken(page: ServicePage) -> None:
    """Line, page and reason."""
    client = browser(person(Role.TRANSLATOR, name="tarjimon"))
    file = exported(client, page)
    file.find(page.title).msgstr = "Название %(oops)s"
    file.find(page.summary).msgstr = "Кратко"
    file.append(polib.POEntry(msgctxt="nonsense", msgid="Salom", msgstr="Привет"))
    changed = file.find(page.result)
    changed.msgid, changed.msgstr = "Eski natija", "Старый итог"
    html = taken(client, file)
    assert "%(oops)s" in html and page.title in html and "Eski natija" in html
    assert set(
        StringTranslation.objects.filter(
            locale__language_code="ru", last_translated_by__isnull=False
        ).values_list("data", flat=True)
    ) == {"Кратко"}


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xfe\x00", b"msgid", b'msgid "a"\nmsgstr "b\n', b"/etc/hostname", b"<html>"]
)
def test_what_is_no_po_file_is_refused_with_a_word(page: ServicePage, data: bytes) -> None:
    """Never an error, never a file of ours."""
    html = taken(browser(person(Role.TRANSLATOR, name="tarjimon")), data)
    assert 'class="error' in html or "error-message" in html or "w-field__errors" in html
    assert not StringTranslation.objects.filter(last_translated_by__isnull=False).exists()


def test_a_file_of_another_language_or_agency_is_refused(page: ServicePage) -> None:
    """The file says which language it is for; the pages say whose they are."""
    client = browser(person(Role.TRANSLATOR, name="tarjimon"))
    file = exported(client, page)
    for item in file:
        item.msgstr = f"RU {item.msgid}"
    taken(client, file, "en")
    other = factories.make_agency("ssv", name={"uz": "Sogʻliqni saqlash vazirligi"})
    taken(browser(person(Role.TRANSLATOR, agency=other.agency, name="begona")), file)
    assert not StringTranslation.objects.filter(last_translated_by__isnull=False).exists()


def test_one_pages_own_upload_is_checked_too(page: ServicePage) -> None:
    """wagtail-localize's editor takes anything."""
    client = browser(person(Role.TRANSLATOR, name="tarjimon"))
    translation = translations.open_translation(version(page, "ru"))
    assert translation is not None
    file = translation.export_po()
    file.find(page.title).msgstr = "Название"
    file.find(page.summary).msgstr = "{oops}"
    address = reverse("wagtail_localize:upload_pofile", args=[translation.pk])
    client.post(address, {"file": SimpleUploadedFile("a.po", str(file).encode())})
    assert not StringTranslation.objects.filter(data="Название").exists()
    file.find(page.summary).msgstr = "Кратко"
    client.post(address, {"file": SimpleUploadedFile("a.po", str(file).encode())})
    assert StringTranslation.objects.filter(data="Название").exists()
    client.post(address, {"file": SimpleUploadedFile("a.po", b"nothing")})
    client.post(address)


# -- counts -----------------------------------------------------------------------------------------


def queries(call: Any) -> int:
    with CaptureQueriesContext(connection) as captured:
        call()
    return len(captured)


def test_sending_costs_at_most_a_third_of_wagtail_localizes(page: ServicePage) -> None:
    """One page into three languages, where neither the records nor the pages are there yet."""
    locales = list(Locale.objects.filter(language_code__in=desk.BY_PEOPLE))

    def forget() -> None:
        Page.objects.filter(locale__in=locales, translation_key=page.translation_key).delete()
        Translation.objects.all().delete()
        StringSegment.objects.all().delete()

    forget()
    ours = queries(lambda: services.send([page], desk.BY_PEOPLE, None))
    assert Translation.objects.filter(target_locale__in=locales).count() == 3
    forget()
    theirs = queries(lambda: translate_object(page, locales))
    assert ours <= theirs / 3, (ours, theirs)


def test_sending_many_costs_little_more_than_sending_one(page: ServicePage, commit: Any) -> None:
    """Where the aliases are there already, as after publishing."""
    with commit():
        for number in range(4):
            factories.make_service(f"xizmat-{number}", title=f"Xizmat {number}")
    pages = list(ServicePage.objects.filter(locale__language_code="uz"))
    one = queries(lambda: services.send(pages[:1], desk.BY_PEOPLE, None))
    five = queries(lambda: services.send(pages, desk.BY_PEOPLE, None))
    assert one <= 756 / 3 and five <= one + 4 * 30, (one, five)


def test_the_explorer_asks_nothing_for_each_row(page: ServicePage, commit: Any) -> None:
    """wagtail-localize asks up to two queries a row whether to offer a translation."""
    client = browser(User.objects.create_superuser("admin@example.org", "uch-baliq-dengizda"))
    agency = page.get_parent()
    address = reverse("wagtailadmin_explore", args=[agency.pk])
    client.get(address)
    few = queries(lambda: client.get(address))
    with commit():
        for number in range(6):
            factories.make_service(f"xizmat-{number}", title=f"Xizmat {number}")
    many = queries(lambda: client.get(address))
    assert f"?page_of={page.pk}" in client.get(address).content.decode()
    # A third of up to two queries a row is allowed; ours asks for nothing.
    assert many - few <= 6 * 2 / 3, (few, many)


def test_the_desk_costs_the_same_however_many_pages_there_are(
    page: ServicePage, commit: Any
) -> None:
    """A handful of queries a language."""
    client = browser(User.objects.create_superuser("admin@example.org", "uch-baliq-dengizda"))
    client.get(reverse(DESK))
    few = queries(lambda: client.get(reverse(DESK)))
    with commit():
        for number in range(4):
            factories.make_service(f"xizmat-{number}", title=f"Xizmat {number}")
    assert queries(lambda: client.get(reverse(DESK))) <= few


def test_days_that_are_over_are_late(page: ServicePage) -> None:
    """Until the page is done."""
    yesterday = timezone.localdate() - timedelta(days=1)
    services.assign([(page.translation_key, "ru")], None, yesterday, None)
    assert entry(page, "ru").overdue
    assert entry(page, "ru").state is State.OPEN
    services.assign([(page.translation_key, "ru")], None, timezone.localdate(), None)
    assert not entry(page, "ru").overdue
