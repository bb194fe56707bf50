"""Search in Wagtail's admin: the portal's own analysis, within what a person may see."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from accounts.models import Agency, Organization, Role
from accounts.services import create_staff
from core.translating import without_indexing
from search.admin_index import index
from search.models import AdminEntry, AdminPosting, SearchPosting, SearchWord, Synonyms
from service_pages.models import Service, ServicePage
from service_pages.rights import ensure_rights
from tests.search.test_hostile import HOSTILE
from tests.service_pages.factories import make_agency, make_page, make_service

pytestmark = [pytest.mark.django_db, pytest.mark.every_database]

TITLE = "Nikoh haqida maʼlumotnoma"
OTHER = {"synonyms": {"uz": ["doktor"]}, "summary": {"uz": "Poliklinikaga yozilish."}}


def titles(client: Client, view: str, **params: Any) -> list[str]:
    """Titles in a list of the admin, in their order."""
    answer = client.get(reverse(view), params)
    assert answer.status_code == 200
    page = answer.context["page_obj"] if "page_obj" in answer.context else answer.context["pages"]
    return [str(row) for row in page]


def editor(agency: Agency | None = None, *, superuser: bool = False) -> Client:
    """A client of an editor of one agency, or of an administrator."""
    user = create_staff(email="muharrir@example.org", agency=agency, roles=[Role.EDITOR])
    if superuser:
        user.is_superuser = True
        user.save()
    ensure_rights()
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize(
    "query",
    [
        "nikoh", "NIKOX", "никоҳ", "никох", "maʼlumotnoma", "ma'lumotnomasi", "маълумотномани",
        "malumo", "malumotnmoa", "niko malumotnoma", '"nikoh haqida"', "nikoh qqqqq",
        "nikoh-malumotnoma", "zags",
    ],
)  # fmt: skip
def test_a_page_is_found_however_it_is_written(query: str) -> None:
    make_service("nikoh-malumotnoma", title=TITLE)
    make_service("shifokor", title="Shifokor navbati", **OTHER)
    found = titles(editor(superuser=True), "wagtailadmin_pages:search", q=query)
    assert found == [TITLE]


def test_all_words_first_and_the_whole_title_before_others() -> None:
    for key, title in {
        "uy": "Uy narxi", "bozor": "Uy narxi va bozor narxi haqida", "narx": "Bozor narxi",
    }.items():  # fmt: skip
        make_service(key, title=title, synonyms={})
    client = editor(superuser=True)
    view = "wagtailadmin_pages:search"
    assert titles(client, view, q="уй нархи") == ["Uy narxi", "Uy narxi va bozor narxi haqida"]
    # Nothing has both words: any will do.
    assert set(titles(client, view, q="bozor qqqqqq")) == {
        "Bozor narxi", "Uy narxi va bozor narxi haqida",
    }  # fmt: skip
    assert titles(client, view, q="narxi", ordering="-title")[0] == "Uy narxi va bozor narxi haqida"
    answer = client.get(reverse(view), {"q": "narxi"})
    counts = {row[0].model: row[1] for row in answer.context["content_types"]}
    assert counts == {"servicepage": 3}


def test_a_draft_is_found_by_its_newest_title_by_those_alone_who_work_on_it() -> None:
    own, other = make_agency("adliya-vazirligi"), make_agency("ssv")
    for agency in (own, other):
        page = make_page(f"navbat-{agency.slug}", title="Eski nom", agency=agency)
        page.title = f"Navbatga yozilish {agency.slug}"
        page.save_revision()
    client = editor(own.agency)
    for view in ("wagtailadmin_pages:search", "wagtailadmin_choose_page_search"):
        found = titles(client, view, q="навбатга ёзилиш", page_type="service_pages.servicepage")
        assert len(found) == 1, view
        assert Page.objects.get(title=found[0], path__startswith=own.path)


def test_the_draft_of_a_published_page_does_not_tell_others_its_words() -> None:
    own, other = make_agency("adliya-vazirligi"), make_agency("ssv")
    make_service("navbat", title="Shifokor navbati", agency=other)
    page = ServicePage.objects.get(service__key="navbat")
    page.title = "Maxfiy islohot"
    page.save_revision()
    client = editor(own.agency)
    chooser = "wagtailadmin_choose_page_search"
    assert titles(client, chooser, q="shifokor") == ["Shifokor navbati"]
    assert titles(client, chooser, q="islohot") == []


def test_rows_of_reference_are_found_in_lists_and_choosers() -> None:
    make_service("nikoh-malumotnoma", title=TITLE)
    Synonyms.objects.create(words="metrika\ntugʻilganlik guvohnomasi")
    Organization.objects.create(stir="305111222", name="Chinor Savdo MChJ")
    client = editor(superuser=True)
    for model, query in (
        (Service, "никох"), (Agency, "adlya vazirlgi"), (Agency, "юстиция"),
        (Synonyms, "тугилганлик"), (Organization, "чинор"), (Organization, "305111222"),
    ):  # fmt: skip
        name = model.snippet_viewset.get_url_name("list")  # type: ignore[attr-defined]
        answer = client.get(reverse(name), {"q": query})
        assert len(answer.context["page_obj"].object_list) == 1, (model, query)
    url = reverse(Service.snippet_viewset.chooser_viewset.get_url_name("choose_results"))
    html = client.get(url, {"q": "nikox"}).content.decode()
    assert "nikoh-malumotnoma" in html


def test_a_save_writes_what_changed_and_nothing_public(
    django_assert_max_num_queries: Any,
) -> None:
    page = make_page("sir", title="Maxfiy islohot")
    entry = AdminEntry.objects.get(object_id=page.pk, content_type=index.content_type_of(Page))
    words = AdminPosting.objects.filter(document=entry)
    assert words.filter(word__text="islohot").exists()
    assert not SearchPosting.objects.filter(word__text="islohot").exists()
    assert not SearchWord.objects.filter(text="islohot").exists()
    with django_assert_max_num_queries(2):
        assert index.write([page]) == 0
    page.delete()
    assert not AdminEntry.objects.filter(pk=entry.pk).exists()
    assert not words.exists()


def test_what_was_missed_is_mended() -> None:
    with without_indexing():
        make_service("nikoh-malumotnoma", title=TITLE)
    index.clear()
    client = editor(superuser=True)
    view = "wagtailadmin_pages:search"
    assert TITLE not in titles(client, view, q="nikoh")
    AdminEntry.objects.create(
        content_type=index.content_type_of(Page), object_id=10**9, content_hash="x"
    )
    added, dropped = index.mend()
    assert added > 2
    assert dropped == 1
    assert titles(client, view, q="nikoh") == [TITLE]
    assert index.mend() == (0, 0)


def test_update_index_reads_everything_anew() -> None:
    make_service("nikoh-malumotnoma", title=TITLE)
    Page.objects.filter(title=TITLE).update(title="Ajrim haqida", draft_title="Ajrim haqida")
    call_command("update_index", verbosity=0)
    found = titles(editor(superuser=True), "wagtailadmin_pages:search", q="ажрим")
    assert found == ["Ajrim haqida"]


def test_no_query_is_an_error_of_ours() -> None:
    make_service("nikoh-malumotnoma", title=TITLE)
    client = editor(superuser=True)
    services = Service.snippet_viewset.get_url_name("list")  # type: ignore[attr-defined]
    for view in ("wagtailadmin_pages:search", "wagtailadmin_choose_page_search", services):
        for query in (*HOSTILE, '"', "live:yes nikoh", "-nikoh", "title:nikoh"):
            answer = client.get(reverse(view), {"q": query})
            assert answer.status_code == 200, (view, query[:40])
