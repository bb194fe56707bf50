"""One of everything that an address can ask for, and somebody of every kind to ask for it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Locale, Site, Task, Workflow
from wagtail_localize.models import (
    OverridableSegment,
    StringSegment,
    Translation,
    TranslationSource,
)

from accounts.membership import GIVEN_BY_HEADS
from accounts.models import Agency, Role, User
from accounts.services import create_applicant, create_staff
from core.links import page_path
from home.models import SpellingSettings
from service_pages.models import ServicePage, TranslationBatch
from service_pages.rights import WORKFLOW, collection_of, ensure_rights
from tests.portal import town_work
from tests.portal.addresses import Address
from tests.service_pages import factories

#: Letter of the table → who it is. Staff belong to the agency whose things are asked for.
PEOPLE = {
    "n": "nobody signed in",
    "a": "the applicant whose request, draft and invoice it is",
    "f": "head of the firm",
    "e": "editor",
    "t": "translator",
    "p": "approver, who publishes",
    "o": "officer",
    "c": "clerk at the counter",
    "d": "deputy who signs",
    "h": "head",
    "m": "accountant",
    "k": "controller of the territorial department",
    "u": "auditor",
    "l": "council member",
    "s": "operator's support",
    "x": "all roles that a head gives, and head, in another agency",
    "A": "administrator",
}
_ROLES = {
    "e": Role.EDITOR, "t": Role.TRANSLATOR, "p": Role.APPROVER, "o": Role.OFFICER,
    "c": Role.CLERK, "d": Role.DEPUTY, "h": Role.HEAD, "m": Role.ACCOUNTANT,
    "k": Role.CONTROLLER, "u": Role.AUDITOR, "l": Role.COUNCIL, "s": Role.SUPPORT,
}  # fmt: skip
_EVERYWHERE = {Role.CONTROLLER, Role.COUNCIL, Role.SUPPORT}


@dataclass(frozen=True)
class Town:
    """Who asks, and what for: numbers, keys and names by part of an address."""

    people: dict[str, User | None]
    things: dict[str, Any]

    def path_to(self, address: Address) -> str:
        """Where the thing is found."""
        values = self.values_for(address)
        return str(values.get("whole") or address.path(values)) + values.get("query", "")

    def values_for(self, address: Address) -> dict[str, Any]:
        """What stands in the address for each of its parts."""
        found = dict(self.things["usual"])
        for pattern, values in self.things["special"]:
            if re.match(pattern, address.name):
                found |= values
        snippet = re.match(r"wagtailsnippet(?:s|choosers)_(.+?):", address.name)
        if snippet:
            found["pk"] = _first(snippet[1])
        return found


def _first(label: str) -> Any:
    """The first row of a model named `<app>_<model>`; both may have underscores."""
    for model in apps.get_models():
        if f"{model._meta.app_label}_{model._meta.model_name}" == label:
            return model._base_manager.values_list("pk", flat=True).first() or 0
    raise LookupError(label)


def build() -> Town:
    """The town, in the database."""
    own = factories.make_agency("adliya-vazirligi")
    agency = own.agency
    factories.make_service("nikoh-malumotnoma", agency=own)
    other = factories.make_agency("ssv")
    factories.make_service("shifokor-navbati", title="Shifokor navbati", agency=other)
    for language in ("uz", "ru"):
        factories.agency_index(language)
    ensure_rights()
    people = _people(agency, other.agency)
    page = ServicePage.objects.get(service__key="nikoh-malumotnoma", locale__language_code="uz")
    things, special = _pages(page, people)
    special += [
        *_wagtail(agency, page, people), *town_work.casework(agency, other.agency, people),
        *town_work.money(agency, people), *town_work.registry(page, people), *town_work.accounts(people, agency),
    ]  # fmt: skip
    town_work.references(agency)
    return Town(people, {"usual": things, "special": special})


def _people(agency: Agency, other: Agency) -> dict[str, User | None]:
    people: dict[str, User | None] = {"n": None}
    people["a"] = create_applicant(email="ariza@example.org", full_name="Demo Fuqaro")
    people["f"] = create_applicant(email="firma@example.org", full_name="Demo Vakil")
    for letter, role in _ROLES.items():
        people[letter] = create_staff(
            email=f"{role}@example.org",
            full_name=f"Demo {role}",
            agency=None if role in _EVERYWHERE else agency,
            roles=(role,),
        )
    people["x"] = create_staff(
        email="begona@example.org", full_name="Demo Begona", agency=other,
        roles=(*GIVEN_BY_HEADS, Role.HEAD),
    )  # fmt: skip
    people["A"] = create_applicant(
        email="admin@example.org", full_name="Demo Administrator", is_superuser=True, is_staff=True
    )
    return people


def _pages(
    page: ServicePage, people: dict[str, User | None]
) -> tuple[dict[str, Any], list[tuple[str, dict[str, Any]]]]:
    """A published page whose change waits for approval, and a translation of it."""
    russian = Locale.objects.get(language_code="ru")
    source, _made = TranslationSource.update_or_create_from_instance(page)
    translation = Translation.objects.create(source=source, target_locale=russian)
    parent = page.get_parent().specific
    if not parent.has_translation(russian):
        parent.copy_for_translation(russian).specific.save_revision().publish()
    translation.save_target()
    page = ServicePage.objects.get(pk=page.pk)
    page.title = f"{page.title} (yangi)"
    revision = page.save_revision(user=people["e"])
    state = page.get_workflow().start(page, people["e"])
    batch = TranslationBatch.objects.create(started_by=people["t"])
    translated = ServicePage.objects.get(translation_key=page.translation_key, locale=russian)
    usual = {
        # By converter, where nothing nearer is said.
        "int": page.pk, "str": str(page.pk), "slug": "adliya-vazirligi", "path": "x", "uuid": None,
        "page_pk": page.pk, "page_id": page.pk, "parent_pk": parent.pk,
        "parent_page_id": parent.pk, "page_to_move_id": page.pk, "destination_id": parent.pk,
        "pk": page.pk, "revision_id": revision.pk, "revision_id_a": "earliest",
        "revision_id_b": "latest", "task_id": state.current_task_state.task_id,
        "task_state_id": state.current_task_state.pk, "workflow_state_id": state.pk,
        "action_name": "approve", "app_label": "service_pages", "app_name": "service_pages",
        "model_name": "servicepage", "content_type_app_name": "service_pages",
        "content_type_model_name": "servicepage", "object_id": page.pk, "session_id": 1,
        "action": "publish", "filter_spec": "original", "uidb64": "x", "token": "x",
        "translation_id": translation.pk, "translation_source_id": source.pk,
        "string_segment_id": StringSegment.objects.filter(source=source).values_list("pk", flat=True)[0],
        "overridable_segment_id": OverridableSegment.objects.filter(source=source)
        .values_list("pk", flat=True).first() or 0,
        "mode": "", "language": "uz", "ending": "csv", "kind": "csv",
    }  # fmt: skip
    return usual, [
        ("service_pages_(send|withdraw)", {"page_pk": translated.pk}),
        ("service_pages_translations_send", {"query": f"?page={page.pk}"}),
        ("service_pages_translations_batch", {"batch_pk": batch.pk}),
        ("wagtail_serve", {"whole": page_path(page.url_path, "uz")}),
        ("core:page_code", {"query": "?path=/uz/"}),
        ("api_", {"query": "?q=nikoh"}),
        ("wagtailadmin_api:pages:find", {"query": f"?id={page.pk}"}),
    ]


def _wagtail(agency: Agency, page: ServicePage, people: dict[str, User | None]) -> list[Any]:
    """Files, collections, workflows, redirects, sites and the like."""
    collection = collection_of(agency)
    image = get_image_model().objects.create(
        title="Rasm", file=get_test_image_file("rasm.png"), collection=collection
    )
    document = get_document_model().objects.create(
        title="Hujjat", file=ContentFile(b"%PDF-1.4", name="hujjat.pdf"), collection=collection
    )
    redirect = Redirect.objects.create(old_path="/eski", redirect_link="/uz/")
    workflow = Workflow.objects.get(name=WORKFLOW)
    uploaded = {"uploaded_file_id": 1}
    officer = people["o"]
    assert officer is not None
    return [
        ("wagtailimages", {"image_id": image.pk, "pk": image.pk, **uploaded}),
        ("wagtaildocs", {
            "document_id": document.pk, "doc_id": document.pk, "pk": document.pk, **uploaded,
        }),
        ("wagtaildocs_serve", {"whole": document.url}),
        ("wagtailadmin_api:documents", {"pk": document.pk}),
        ("wagtailadmin_api:images", {"pk": image.pk}),
        ("wagtailadmin_api:documents:find", {"query": f"?id={document.pk}"}),
        ("wagtailadmin_api:images:find", {"query": f"?id={image.pk}"}),
        ("wagtailadmin_block_preview", {"query": "?id=x"}),
        ("wagtail_bulk_action", {"action": "delete", "query": f"?id={page.pk}",
                                 "app_label": "wagtailcore", "model_name": "page"}),
        ("wagtailredirects", {"redirect_id": redirect.pk}),
        ("wagtailadmin_collections", {"pk": collection.pk, "collection_id": collection.pk}),
        ("wagtailadmin_workflows", {
            "pk": workflow.pk, "workflow_pk": workflow.pk, "task_id": Task.objects.get(name=WORKFLOW).pk,
            "app_label": "service_pages", "model_name": "foureyestask",
        }),
        ("wagtailadmin_workflows:.*task", {"pk": Task.objects.get(name=WORKFLOW).pk}),
        ("wagtaillocales", {"pk": Locale.objects.get(language_code="ru").pk}),
        ("wagtailsites", {"pk": Site.objects.get().pk}),
        ("wagtailusers_users", {"pk": officer.pk}),
        ("wagtailusers_groups", {"pk": Group.objects.get(name__contains="editor", name__startswith=f"agency:{agency.key}").pk}),
        ("wagtailsettings", {"app_name": "home", "model_name": "spellingsettings",
                           "pk": SpellingSettings.load().pk}),
        ("wagtail_localize:(snippets|submit_snippet)", {"app_label": "portal_forms", "model_name": "questionset"}),
        ("wagtailadmin_tag_model", {"app_name": "wagtailcore", "model_name": "tag"}),
    ]  # fmt: skip
