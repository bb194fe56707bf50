"""Rights by role and agency, and the way of a text from its author over another person to readers."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from wagtail.models import GroupPagePermission, Page, Workflow
from wagtail_localize.models import StringTranslation, Translation, TranslationSource

from accounts.models import Membership, Role, User
from accounts.services import create_staff, grant, revoke
from core.translations import open_translation
from service_pages.models import AgencyPage, Office, Service, ServicePage
from service_pages.models.approval import FourEyesTask, may_approve
from service_pages.rights import ensure_rights, send_for_approval
from tests.service_pages import factories

pytestmark = pytest.mark.django_db

NEW = "Maʼlumotnoma bir kunda olinadi."


@pytest.fixture
def service() -> Service:
    """A published service of one agency, beside a service of another, with the workflow."""
    own = factories.make_service(
        "nikoh-malumotnoma", agency=factories.make_agency("adliya-vazirligi")
    )
    factories.make_service(
        "shifokor-navbati", title="Shifokor navbati", agency=factories.make_agency("ssv")
    )
    ensure_rights()
    return own


def page_of(service: Service, language: str = "uz") -> ServicePage:
    """The page of the service as it is saved now."""
    return ServicePage.objects.get(service=service, locale__language_code=language)


def other_page() -> ServicePage:
    """The page of the other agency's service."""
    return ServicePage.objects.get(service__key="shifokor-navbati")


def person(*roles: str, agency: Any = None, name: str = "xodim") -> User:
    """A member of staff."""
    user = create_staff(email=f"{name}@example.org", agency=agency, roles=roles)
    return User.objects.get(pk=user.pk)


def browser(user: User) -> Client:
    """A client signed in."""
    client = Client()
    client.force_login(user)
    return client


def edit(page: Page) -> str:
    """The address of the editor."""
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def fields(client: Client, page: Page, **changes: str) -> dict[str, str]:
    """What a browser would post from the editor, with some fields changed."""
    answer = client.get(edit(page))
    assert answer.status_code == 200
    form = BeautifulSoup(answer.content, "html.parser").select_one("#page-edit-form")
    assert form is not None
    values: dict[str, str] = {}
    for item in form.select("input[name], textarea[name], select[name]"):
        name, kind = str(item["name"]), item.get("type")
        if item.find_parent("template") or "__prefix__" in name:
            continue
        if item.name == "textarea":
            values[name] = item.text.lstrip("\n")
        elif item.name == "select":
            chosen = item.select_one("option[selected]") or item.select_one("option")
            values[name] = str(chosen.get("value", "")) if chosen else ""
        elif kind not in {"checkbox", "radio"} or item.has_attr("checked"):
            values[name] = str(item.get("value", ""))
    return values | changes


def submit(client: Client, page: Page, action: str = "", **changes: str) -> Any:
    """Save in the editor; `action` is the button."""
    data = fields(client, page, **changes)
    if action:
        data[action] = "1"
    return client.post(edit(page), data)


def decide(client: Client, page: Page, action: str) -> Any:
    """Press a button of the workflow on the desk."""
    state = page.current_workflow_task_state
    return client.post(
        reverse("wagtailadmin_pages:workflow_action", args=[page.pk, action, state.pk]),
        {"comment": "Tekshirildi"},
    )


@pytest.mark.parametrize(
    ("role", "edits", "adds", "publishes"),
    [
        (Role.EDITOR, True, True, False),
        (Role.TRANSLATOR, True, False, False),
        (Role.APPROVER, True, False, True),
        (Role.OFFICER, False, False, False),
        (Role.CONTROLLER, False, False, False),
    ],
)
def test_a_role_reaches_the_pages_of_its_agency_in_all_languages(
    service: Service, role: str, edits: bool, adds: bool, publishes: bool
) -> None:
    """Rights come with the membership and hold for translations too."""
    russian = factories.translate(page_of(service), "ru")
    user = person(role, agency=service.agency)
    for page in (page_of(service), russian):
        rights = page.permissions_for_user(user)
        assert (rights.can_edit(), rights.can_publish()) == (edits, publishes)
        agency_page = page.get_parent().specific
        assert agency_page.permissions_for_user(user).can_add_subpage() is adds
    assert not other_page().permissions_for_user(user).can_edit()


def test_a_translator_of_all_agencies_reaches_every_page(service: Service) -> None:
    """And translates, but never publishes."""
    user = person(Role.TRANSLATOR)
    for page in (page_of(service), other_page()):
        assert page.permissions_for_user(user).can_edit()
        assert not page.permissions_for_user(user).can_publish()
    assert user.has_perm("wagtail_localize.submit_translation")


def test_rights_end_with_the_membership(service: Service) -> None:
    """Nothing is left on the account itself."""
    user = person(Role.EDITOR, agency=service.agency)
    revoke(user, service.agency)
    left = User.objects.get(pk=user.pk)
    assert not page_of(service).permissions_for_user(left).can_edit()


def test_an_editor_of_a_districts_offices_gets_no_page(service: Service) -> None:
    """Offices only."""
    user = create_staff(email="tuman@example.org")
    grant(user, service.agency, Role.EDITOR, district=factories.make_district())
    assert not page_of(service).permissions_for_user(User.objects.get(pk=user.pk)).can_edit()


def test_giving_rights_again_changes_nothing(service: Service) -> None:
    """The loader may run at any time; a workflow chosen by hand stays."""
    before = set(GroupPagePermission.objects.values_list("pk", flat=True))
    other = Workflow.objects.create(name="Boshqa")
    home = factories.home_page()
    home.workflowpage.delete()
    other.workflow_pages.create(page=home)
    ensure_rights()
    assert set(GroupPagePermission.objects.values_list("pk", flat=True)) == before
    assert FourEyesTask.objects.count() == 1
    assert Page.objects.get(pk=home.pk).get_workflow() == other


def test_an_editor_keeps_offices_and_no_other_snippet(service: Service) -> None:
    """Registries, agencies and accounts are the administrators'."""
    user = person(Role.EDITOR, agency=service.agency)
    client = browser(user)
    assert client.get(reverse(f"{Office.snippet_viewset.url_namespace}:list")).status_code == 200  # type: ignore[attr-defined]
    for model in (Service, Membership):
        answer = client.get(reverse(f"{model.snippet_viewset.url_namespace}:list"))  # type: ignore[attr-defined]
        assert answer.status_code == 302
    assert client.get(reverse("wagtailusers_users:index")).status_code == 302


def test_from_the_editors_draft_to_the_reader(service: Service) -> None:
    """Save, preview, send; the author cannot approve; the approver does; readers see it."""
    page = page_of(service)
    editor = browser(person(Role.EDITOR, agency=service.agency))
    approver = browser(person(Role.APPROVER, agency=service.agency, name="tasdiq"))
    stranger = person(Role.APPROVER, agency=other_page().service.agency, name="begona")

    html = editor.get(edit(page)).content.decode()
    assert "action-submit" in html and "action-publish" not in html
    assert submit(editor, page, summary=NEW).status_code == 302
    assert page_of(service).has_unpublished_changes
    preview = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    assert editor.post(preview, fields(editor, page_of(service))).json()["is_valid"]
    assert NEW in editor.get(preview).content.decode()
    assert NEW not in Client().get(page.url).content.decode()

    assert submit(editor, page_of(service), "action-submit").status_code == 302
    page = page_of(service)
    assert page.workflow_in_progress
    decide(editor, page, "approve")
    assert page_of(service).summary != NEW
    assert not may_approve(stranger, page)
    assert page.title not in browser(stranger).get(reverse("wagtailadmin_home")).content.decode()

    assert page.title in approver.get(reverse("wagtailadmin_home")).content.decode()
    assert decide(approver, page, "approve").status_code in {200, 302}
    assert page_of(service).summary == NEW
    assert NEW in Client().get(page.url).content.decode()


def test_changes_are_asked_for(service: Service) -> None:
    """The approver sends a text back; the editor may send it again."""
    editor = browser(person(Role.EDITOR, agency=service.agency))
    approver = browser(person(Role.APPROVER, agency=service.agency, name="tasdiq"))
    submit(editor, page_of(service), "action-submit", summary=NEW)
    decide(approver, page_of(service), "reject")
    page = page_of(service)
    assert page.current_workflow_state.status == "needs_changes"
    assert page.summary != NEW
    submit(editor, page, "action-submit", summary=NEW)
    assert page_of(service).workflow_in_progress


@pytest.mark.parametrize("roles", [(Role.EDITOR, Role.APPROVER), (Role.APPROVER,)])
def test_nobody_publishes_what_they_wrote(service: Service, roles: tuple[str, ...]) -> None:
    """Neither by the button, nor by the workflow, nor many at once."""
    user = person(*roles, agency=service.agency)
    client = browser(user)
    submit(client, page_of(service), "action-publish", summary=NEW)
    assert page_of(service).summary != NEW
    assert page_of(service).has_unpublished_changes
    submit(client, page_of(service), "action-submit")
    page = page_of(service)
    assert page.current_workflow_task.get_actions(page, user) == []
    decide(client, page, "approve")
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    client.post(f"{bulk}?id={page.pk}&next=/admin/")
    assert page_of(service).summary != NEW


def test_an_approver_who_rewrites_on_the_way_is_the_author(service: Service) -> None:
    """The change stays a draft and waits for somebody else."""
    editor = browser(person(Role.EDITOR, agency=service.agency))
    approver = browser(person(Role.APPROVER, agency=service.agency, name="tasdiq"))
    submit(editor, page_of(service), "action-submit", summary=NEW)
    submit(
        approver, page_of(service), "action-workflow-action",
        **{"workflow-action-name": "approve", "summary": "Boshqacha"},
    )  # fmt: skip
    page = page_of(service)
    assert page.summary not in {NEW, "Boshqacha"}
    assert page.workflow_in_progress
    admin = browser(User.objects.create_superuser("admin@example.org", "uch-baliq-dengizda"))
    decide(admin, page, "approve")
    assert page_of(service).summary == "Boshqacha"


def russian_translation(service: Service) -> ServicePage:
    """The Russian page as wagtail-localize makes and keeps it."""
    page = page_of(service)
    factories.translate(page, "ru")  # parents, in Russian
    ServicePage.objects.get(service=service, locale__language_code="ru").delete()
    source, _created = TranslationSource.update_or_create_from_instance(page)
    locale = AgencyPage.objects.filter(locale__language_code="ru")[0].locale
    translation = Translation.objects.create(source=source, target_locale=locale)
    translation.save_target(publish=False)
    return page_of(service, "ru")


def test_a_translation_goes_to_the_approver(service: Service) -> None:
    """The translator cannot publish it; the approver publishes what the translator wrote."""
    page = russian_translation(service)
    translator = person(Role.TRANSLATOR, name="tarjimon")
    client = browser(translator)
    html = client.get(edit(page)).content.decode()
    assert "js-translation-editor" in html and "translates-only" in html
    translation = open_translation(page)
    assert translation is not None
    segment = translation.source.stringsegment_set.filter(context__path="title").get()
    address = reverse("wagtail_localize:edit_string_translation", args=[translation.pk, segment.pk])
    answer = client.put(
        address, "value=Справка о браке", content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 201
    assert StringTranslation.objects.get().last_translated_by == translator
    assert client.post(edit(page), {"action": "publish"}).status_code == 302
    assert not page_of(service, "ru").live

    send = reverse("service_pages_send", args=[page.pk])
    assert send in html
    assert client.get(send).status_code == 200
    assert client.post(send).status_code == 302
    page = page_of(service, "ru")
    assert page.workflow_in_progress
    assert client.get(send).status_code == 302  # it waits already
    approver = browser(person(Role.APPROVER, agency=service.agency, name="tasdiq"))
    assert approver.get(edit(page)).status_code == 200
    approver.post(edit(page), {"action": "publish"})
    assert not page_of(service, "ru").live
    decide(approver, page, "approve")
    page = page_of(service, "ru")
    assert page.live
    assert page.title == "Справка о браке"


def test_without_a_translation_nothing_is_sent(service: Service) -> None:
    """The Uzbek page has its own button."""
    user = person(Role.TRANSLATOR)
    with pytest.raises(LookupError):
        send_for_approval(page_of(service), user)
    assert (
        browser(user).get(reverse("service_pages_send", args=[page_of(service).pk])).status_code
        == 302
    )


@pytest.mark.parametrize("role", [Role.EDITOR, Role.TRANSLATOR, Role.APPROVER])
def test_every_screen_of_the_desk_opens(service: Service, role: str) -> None:
    """Dashboard, explorer, editor, history, images, account: no error for anybody."""
    page = page_of(service)
    client = browser(person(role, agency=service.agency))
    for address in (
        reverse("wagtailadmin_home"),
        reverse("wagtailadmin_explore_root"),
        reverse("wagtailadmin_explore", args=[page.get_parent().pk]),
        edit(page),
        edit(page.get_parent()),
        reverse("wagtailadmin_pages:history", args=[page.pk]),
        reverse("wagtailadmin_account"),
        reverse("wagtailadmin_reports:workflow"),
    ):
        assert client.get(address, follow=True).status_code == 200, address


@pytest.mark.parametrize(
    ("asked", "given"), [("uz", "uz"), ("kaa", "uz"), ("ru", "ru"), ("en", "en")]
)
def test_the_desk_speaks_a_language_that_wagtail_knows(
    service: Service, asked: str, given: str
) -> None:
    """Not half Uzbek and half English."""
    client = browser(person(Role.EDITOR, agency=service.agency))
    html = client.get(reverse("wagtailadmin_home"), headers={"accept-language": asked})
    assert f'lang="{given}"' in html.content.decode()
