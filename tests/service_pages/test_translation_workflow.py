"""Translations reach readers through the workflow alone, whatever address is asked."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from wagtail.models import Locale, Page, PageLogEntry
from wagtail_localize.models import LocaleSynchronization, StringTranslation, Translation
from wagtail_localize.operations import translate_object

from accounts.models import Role, User
from core import translations
from core.links import page_path
from core.publishing import PublishBlocked
from core.translations import accepted, save_draft
from service_pages import selectors
from service_pages.models import ServicePage
from service_pages.rights import send_for_approval
from service_pages.translation.guard import NEVER_STOPPED
from tests.service_pages.translating import LANGUAGES, house, person, translate, version

pytestmark = pytest.mark.django_db


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


def edit(page: Page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def decide(client: Client, page: Page, action: str = "approve", comment: str = "") -> Any:
    state = page.current_workflow_task_state
    address = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, action, state.pk])
    return client.post(address, {"comment": comment})


def read(page: Page, language: str) -> str:
    """What a reader gets, without the count of views."""
    html = Client().get(page_path(page.url_path, language)).content.decode()
    return re.sub(r"<div><dt>[^<]*90[^<]*</dt>.*?</div>", "", html)


def approver(page: ServicePage) -> User:
    return person(Role.APPROVER, agency=page.service.agency, name="tasdiq")


# -- what readers see until it is approved ----------------------------------------------------------


def test_a_published_page_opens_tasks_and_nothing_of_them_is_live(page: ServicePage) -> None:
    """Translators may begin at once; readers get the Uzbek text with its notice."""
    for language in ("kaa", "ru", "en"):
        row = version(page, language)
        assert translations.open_translation(row) is not None
        assert row.alias_of_id == page.pk and row.live
    assert not StringTranslation.objects.filter(locale__language_code="ru").exclude(
        data__regex=r"^\d+$"
    )


def test_an_alias_stays_one_until_its_first_text_is_approved(
    page: ServicePage, commit: Any
) -> None:
    """Neither translating nor sending changes a letter of what readers get."""
    before = read(page, "ru")
    translate(page, "ru")
    assert read(page, "ru") == before
    translator = person(Role.TRANSLATOR, name="tarjimon")
    assert (
        browser(translator)
        .post(reverse("service_pages_send", args=[version(page, "ru").pk]))
        .status_code
        == 302
    )
    russian = version(page, "ru")
    assert russian.workflow_in_progress and russian.alias_of_id == page.pk
    assert read(page, "ru") == before
    with commit():
        decide(browser(approver(page)), russian)
    russian = version(page, "ru")
    assert russian.live and russian.alias_of_id is None
    assert russian.title == f"ru {page.title}"
    assert f"ru {page.title}" in read(page, "ru")
    assert selectors.passport(page.service).content["title"]["ru"] == f"ru {page.title}"  # type: ignore[union-attr]


def test_a_new_text_of_a_live_translation_waits_for_the_approver(
    page: ServicePage, commit: Any
) -> None:
    """wagtail-localize would write it into the row that readers see."""
    approve(page, "ru", commit)
    StringTranslation.objects.filter(locale__language_code="ru", context__path="title").update(
        data="Новое название"
    )
    send_for_approval(version(page, "ru"), person(Role.TRANSLATOR, name="tarjimon"))
    russian = version(page, "ru")
    assert russian.title == f"ru {page.title}" and russian.has_unpublished_changes
    assert "Новое название" not in read(page, "ru")
    with commit():
        decide(browser(approver(page)), russian)
    assert version(page, "ru").title == "Новое название"
    assert [row.action for row in version(page, "ru").steps.all()] == [
        f"ru {row.action}" for row in page.steps.all()
    ]


def approve(page: ServicePage, language: str, commit: Any) -> None:
    """A complete translation, approved."""
    translate(page, language)
    draft = save_draft(translations.open_translation(version(page, language)))  # type: ignore[arg-type]
    with commit():
        draft.publish()


def test_a_rejected_translation_may_be_sent_again(page: ServicePage) -> None:
    """The workflow goes on instead of a second one being started."""
    translate(page, "ru")
    translator = person(Role.TRANSLATOR, name="tarjimon")
    send_for_approval(version(page, "ru"), translator)
    decide(browser(approver(page)), version(page, "ru"), "reject", "Atama boshqa")
    assert version(page, "ru").current_workflow_state.status == "needs_changes"
    send_for_approval(version(page, "ru"), translator)
    assert version(page, "ru").workflow_in_progress


def test_a_text_that_does_not_fit_is_marked(page: ServicePage) -> None:
    """The draft is refused, the text named to the translator, nothing changed for readers."""
    translate(page, "ru")
    rows = StringTranslation.objects.filter(locale__language_code="ru", context__path="title")
    rows.update(data="x" * 300)
    translator = browser(person(Role.TRANSLATOR, name="tarjimon"))
    translator.post(reverse("service_pages_send", args=[version(page, "ru").pk]))
    assert not version(page, "ru").workflow_in_progress
    assert rows.get().has_error and rows.get().field_error


# -- incomplete and outdated ------------------------------------------------------------------------


def test_an_incomplete_translation_needs_a_reason(page: ServicePage, commit: Any) -> None:
    """Approving asks for one, refuses without, and keeps it in the page's history."""
    translate(page, "ru", but=2)
    send_for_approval(version(page, "ru"), person(Role.TRANSLATOR, name="tarjimon"))
    russian, client = version(page, "ru"), browser(approver(page))
    task = russian.current_workflow_task
    actions = task.get_actions(russian, User.objects.get(email="tasdiq@example.org"))
    assert ("approve", True) in {(name, modal) for name, _label, modal in actions}
    assert ("approve", False) not in {(name, modal) for name, _label, modal in actions}
    for comment in ("", "   "):
        assert decide(client, russian, comment=comment).status_code == 302
        assert version(page, "ru").workflow_in_progress
        assert version(page, "ru").alias_of_id
    with commit():
        decide(client, russian, comment="Shoshilinch: qolgani ertaga")
    assert version(page, "ru").alias_of_id is None
    entry = PageLogEntry.objects.get(page=russian.pk, action=translations.ACTION)
    assert entry.data["reason"] == "Shoshilinch: qolgani ertaga"
    assert entry.user.email == "tasdiq@example.org"
    history = client.get(reverse("wagtailadmin_pages:history", args=[russian.pk]))
    assert "Shoshilinch: qolgani ertaga" in history.content.decode()


def test_an_outdated_translation_needs_a_reason(page: ServicePage, commit: Any) -> None:
    """The source changes while the translation waits; the text that was sent is old."""
    translate(page, "ru")
    send_for_approval(version(page, "ru"), person(Role.TRANSLATOR, name="tarjimon"))
    source = version(page, "uz")
    source.summary = "Maʼlumotnoma endi darhol olinadi."
    with commit():
        source.save_revision().publish()
    russian = version(page, "ru")
    with pytest.raises(PublishBlocked):
        russian.latest_revision.publish()
    # Translated since, but what waits is still the old draft.
    translate(page, "ru")
    with pytest.raises(PublishBlocked):
        version(page, "ru").latest_revision.publish()
    with commit(), accepted("Eski matn ham toʻgʻri"):
        version(page, "ru").latest_revision.publish()
    assert version(page, "ru").live


def test_a_translation_waits_for_its_source(page: ServicePage) -> None:
    """Nothing is read in one language that is taken down in Uzbek."""
    translate(page, "ru")
    draft = save_draft(translations.open_translation(version(page, "ru")))  # type: ignore[arg-type]
    version(page, "uz").unpublish()
    with pytest.raises(PublishBlocked), accepted("Bari bir"):
        draft.publish()


def test_a_translation_taken_down_becomes_an_alias_again(page: ServicePage, commit: Any) -> None:
    """Readers are led to the Uzbek text; the texts are kept."""
    approve(page, "ru", commit)
    with commit():
        version(page, "ru").unpublish()
    russian = version(page, "ru")
    assert russian.live and russian.alias_of_id == page.pk and russian.title == page.title
    assert "noindex" in read(page, "ru")
    assert StringTranslation.objects.filter(locale=russian.locale, context__path="title").exists()
    assert "ru" not in selectors.passport(page.service).content["title"]  # type: ignore[union-attr]


# -- a translator publishes by no address -----------------------------------------------------------


def _admin_addresses() -> list[str]:
    """Every pattern below `admin/`, as Django resolves it."""
    found: list[str] = []

    def walk(patterns: list[Any], prefix: str) -> None:
        for pattern in patterns:
            address = prefix + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns, address)
            elif isinstance(pattern, URLPattern):
                found.append(address)

    walk(get_resolver().url_patterns, "")
    return [address for address in found if address.startswith("admin/")]


def _filled(pattern: str, numbers: dict[str, int]) -> str | None:
    """An address of a pattern with our page in it; None where it asks for something else."""
    words = {"action_name": "publish", "action": "publish", "app_label": "wagtailcore",
             "model_name": "page", "mode": "", "next_action": "publish"}  # fmt: skip
    if pattern.count("("):
        return None

    def put(match: re.Match[str]) -> str:
        name = match.group(1).rpartition(":")[2]
        return str(numbers.get(name, words.get(name, numbers["page_id"])))

    return "/" + re.sub(r"<([^>]+)>", put, pattern)


def test_no_admin_address_publishes_for_a_translator(page: ServicePage, commit: Any) -> None:
    """Every address of the admin is posted to with every word that publishes somewhere."""
    translate(page, "ru")
    translator = person(Role.TRANSLATOR, name="tarjimon")
    send_for_approval(version(page, "ru"), translator)
    translate(page, "en")
    client = browser(translator)
    client.raise_request_exception = False
    before = {code: read(page, code) for code in LANGUAGES}
    for language in ("ru", "en", "uz"):
        row = version(page, language)
        translation = Translation.objects.filter(target_locale=row.locale).first()
        numbers = {
            "page_id": row.pk, "pk": row.pk, "parent_page_id": row.get_parent().pk,
            "translation_id": translation.pk if translation else 0,
            "translation_source_id": Translation.objects.values_list("source", flat=True)[0],
            "revision_id": row.latest_revision_id or 0,
            "task_state_id": getattr(row.current_workflow_task_state, "pk", 0),
            "page_to_move_id": row.pk, "destination_id": row.get_parent().pk,
        }  # fmt: skip
        data = {"action": "publish", "action-publish": "1", "publish_translations": "on",
                "use_machine_translation": "on", "publish_copies": "on", "comment": "ok",
                "locales": [str(pk) for pk in Locale.objects.values_list("pk", flat=True)],
                "include_descendants": "on", "localize-convert-to-alias": "1",
                "workflow-action-name": "approve", "action-workflow-action": "1",
                "confirm": "1"}  # fmt: skip
        for pattern in _admin_addresses():
            address = _filled(pattern, numbers)
            if address is None or "logout" in address or "sessions" in address:
                continue
            with commit():
                client.post(f"{address}?id={row.pk}&next=/admin/", data)
    assert {code: read(page, code) for code in LANGUAGES} == before
    for language in ("ru", "en", "kaa"):
        assert version(page, language).alias_of_id == page.pk


def test_the_admin_api_only_reads(page: ServicePage) -> None:
    """Its actions would ask neither the workflow nor a hook."""
    admin = browser(User.objects.create_superuser("admin@example.org", "uch-baliq-dengizda"))
    for action in ("publish", "convert_alias", "copy_for_translation", "create_alias", "unpublish"):
        answer = admin.post(f"/admin/api/main/pages/{version(page, 'ru').pk}/action/{action}/")
        assert answer.status_code == 404
    assert admin.get("/admin/api/main/pages/").status_code == 200


@pytest.mark.parametrize("who", ["translator", "editor", "approver", "admin"])
def test_a_translation_cannot_be_stopped_nor_thrown_away(
    page: ServicePage, commit: Any, who: str
) -> None:
    """By nobody: it would never be flagged as outdated again."""
    approve(page, "ru", commit)
    user = (
        User.objects.create_superuser("admin@example.org", "uch-baliq-dengizda")
        if who == "admin"
        else person(who, agency=page.service.agency)
    )
    client, russian = browser(user), version(page, "ru")
    translation = translations.open_translation(russian)
    for name, key in (("stop_translation", translation.pk), ("convert_to_alias", russian.pk)):  # type: ignore[union-attr]
        answer = client.post(reverse(f"wagtail_localize:{name}", args=[key]), follow=True)
        assert str(NEVER_STOPPED) in answer.content.decode()
    client.post(edit(russian), {"localize-convert-to-alias": "1"})
    assert translations.open_translation(version(page, "ru")) is not None
    assert version(page, "ru").alias_of_id is None


def test_an_alias_becomes_no_page_by_hand(page: ServicePage) -> None:
    """It would be Uzbek text in Russian addresses without a word about it."""
    client = browser(person(Role.EDITOR, agency=page.service.agency))
    client.post(reverse("wagtailadmin_pages:convert_alias", args=[version(page, "ru").pk]))
    assert version(page, "ru").alias_of_id == page.pk


def test_nobody_publishes_own_texts_below_a_page(page: ServicePage, commit: Any) -> None:
    """Many pages at once, with what stands under them."""
    user = person(Role.EDITOR, Role.APPROVER, agency=page.service.agency)
    source = version(page, "uz")
    source.summary = "Boshqacha matn."
    source.save_revision(user=user)
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    with commit():
        browser(user).post(
            f"{address}?id={source.get_parent().pk}&next=/admin/", {"include_descendants": "on"}
        )
    assert version(page, "uz").summary != "Boshqacha matn."


# -- the star ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("into", "origin"), [("uz", "ru"), ("ru", "en"), ("kaa", "uz-cyrl")])
def test_mirrors_and_chains_are_refused(page: ServicePage, into: str, origin: str) -> None:
    """In the admin with a word, and for whoever writes the row otherwise."""
    locale, sync_from = (Locale.objects.get(language_code=code) for code in (into, origin))
    with pytest.raises(ValidationError):
        LocaleSynchronization.objects.create(locale=locale, sync_from=sync_from)
    admin = browser(User.objects.create_superuser("admin@example.org", "uch-baliq-dengizda"))
    answer = admin.post(
        reverse("wagtaillocales:edit", args=[locale.pk]),
        {
            "language_code": into,
            "component-wagtail_localize_localesynchronization-enabled": "on",
            "component-wagtail_localize_localesynchronization-sync_from": sync_from.pk,
        },
    )
    assert answer.status_code == 200 and "error" in answer.content.decode()
    assert not LocaleSynchronization.objects.exists()


def test_from_uzbek_outwards_is_allowed(page: ServicePage) -> None:
    """The one direction that there is."""
    uzbek, russian = (Locale.objects.get(language_code=code) for code in ("uz", "ru"))
    LocaleSynchronization.objects.create(locale=russian, sync_from=uzbek)
    assert LocaleSynchronization.objects.count() == 1


def test_pages_begin_in_uzbek(page: ServicePage) -> None:
    """No page is made, moved, copied or deleted in another language alone."""
    admin = browser(User.objects.create_superuser("admin@example.org", "uch-baliq-dengizda"))
    russian = version(page, "ru")
    parent = russian.get_parent()
    add = reverse("wagtailadmin_pages:add", args=["service_pages", "servicepage", parent.pk])
    assert admin.get(add).status_code == 302
    home = Page.objects.get(depth=2, locale__language_code="en")
    for address in (
        reverse("wagtailadmin_pages:delete", args=[russian.pk]),
        reverse("wagtailadmin_pages:copy", args=[russian.pk]),
        reverse("wagtailadmin_pages:unpublish", args=[russian.pk]),
        reverse("wagtailadmin_pages:move_confirm", args=[russian.pk, home.pk]),
        reverse("wagtailadmin_pages:move_confirm", args=[page.pk, version(page, "ru").get_parent().pk]),
    ):  # fmt: skip
        assert admin.post(address).status_code == 302, address
    for action in ("delete", "move", "unpublish"):
        bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
        admin.post(f"{bulk}?id={russian.pk}&next=/admin/", {"chooser": parent.pk})
    assert [version(page, code).live for code in LANGUAGES] == [True] * 5
    assert version(page, "ru").get_parent() == parent


def test_wagtail_localizes_own_addresses_lead_to_the_desk_or_nowhere(page: ServicePage) -> None:
    """Its submission knows no agency; its list of snippets would show any model."""
    client = browser(person(Role.TRANSLATOR, name="tarjimon"))
    submit = reverse("wagtail_localize:submit_page_translation", args=[version(page, "ru").pk])
    answer = client.get(submit)
    assert answer["Location"].endswith(f"?page={page.pk}")
    desk = reverse("service_pages_translations")
    assert client.get(reverse("wagtail_localize:translations_report"))["Location"] == desk
    listing = reverse("wagtail_localize:snippets_api_listing", args=["accounts", "membership"])
    assert client.get(listing).status_code == 404


def test_submitting_through_wagtail_localize_makes_nothing_live(page: ServicePage) -> None:
    """Whoever calls it in code: the setting keeps the page's state as it was."""
    version(page, "ru").unpublish()
    translate_object(page, [Locale.objects.get(language_code="ru")])
    assert not version(page, "ru").live


def test_the_gate_answers_an_approver_instead_of_failing(page: ServicePage) -> None:
    """What the source lacks is said on the page, not by an error."""
    source = version(page, "uz")
    source.summary = ""
    source.steps = []
    source.save_revision(user=person(Role.EDITOR, agency=page.service.agency))
    source.get_workflow().start(source, None)
    answer = decide(browser(approver(page)), version(page, "uz"))
    assert answer.status_code == 302
    assert version(page, "uz").workflow_in_progress
