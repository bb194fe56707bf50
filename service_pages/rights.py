"""What the roles of staff may do with pages, images and documents; the workflow of approval.

Editors write (never publish), translators translate (never publish), approvers publish what
others wrote. Administrators need no rights: they are superusers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models.signals import post_save
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowPage,
    WorkflowState,
    WorkflowTask,
)

from accounts.models import Agency, Role
from accounts.services import role_group
from core.translations import open_translation, save_draft
from service_pages.models import AgencyPage, FourEyesTask

WORKFLOW = "Tasdiqlash"
#: What the signal is connected by (apps.py).
_SAVED = "service_pages.rights"

#: Rights on the pages of an agency (or on all) by role.
PAGE_RIGHTS = {
    Role.EDITOR: ("add_page", "change_page"),
    Role.TRANSLATOR: ("change_page",),
    Role.APPROVER: ("change_page", "publish_page"),
}
#: Rights on images and documents.
FILE_RIGHTS = {
    Role.EDITOR: ("add_image", "choose_image", "add_document", "choose_document"),
    Role.TRANSLATOR: ("choose_image", "choose_document"),
    Role.APPROVER: ("choose_image", "choose_document"),
}
#: Rights that belong to no place.
GENERAL_RIGHTS = {
    Role.EDITOR: ("submit_translation",),
    Role.TRANSLATOR: ("submit_translation",),
}
_APPS = ("wagtailcore", "wagtailimages", "wagtaildocs", "wagtail_localize")


@transaction.atomic
def ensure_rights() -> None:
    """Give every role group its rights and every home page the workflow; safe to repeat."""
    permissions = _permissions()
    homes = list(Page.objects.filter(depth=2))
    _give(None, homes, permissions)
    pages: dict[Agency, list[Page]] = {}
    for page in AgencyPage.objects.select_related("agency"):
        pages.setdefault(page.agency, []).append(page)
    for agency, own in pages.items():
        _give(agency, own, permissions)
    ensure_workflow()


@transaction.atomic
def ensure_agency_rights(agency: Agency) -> None:
    """Give the role groups of one agency their rights on its pages in all languages."""
    _give(agency, AgencyPage.objects.filter(agency=agency), _permissions())


@transaction.atomic
def ensure_workflow() -> Workflow:
    """The workflow of approval on the home pages of all languages, which all pages inherit."""
    workflow = Workflow.objects.filter(workflow_tasks__task__name=WORKFLOW).first()
    if workflow is None:
        workflow = Workflow.objects.create(name=WORKFLOW)
        task = FourEyesTask.objects.create(name=WORKFLOW)
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    for page in Page.objects.filter(depth=2):
        # Another workflow that administrators chose for a language stays.
        WorkflowPage.objects.get_or_create(page=page, defaults={"workflow": workflow})
    return workflow


@contextmanager
def rights_given_later() -> Iterator[None]:
    """Make many pages without giving rights on each: the caller calls `ensure_rights` after."""
    post_save.disconnect(sender=AgencyPage, dispatch_uid=_SAVED)
    try:
        yield
    finally:
        post_save.connect(on_agency_page_saved, sender=AgencyPage, dispatch_uid=_SAVED)


def on_agency_page_saved(
    sender: Any, instance: AgencyPage, created: bool, raw: bool = False, **kwargs: Any
) -> None:
    """A page of an agency was made in some language: its staff may work on it."""
    if created and not raw:
        with transaction.atomic():
            _give(instance.agency, [instance], _permissions())


def on_home_page_saved(
    sender: Any, instance: Page, created: bool, raw: bool = False, **kwargs: Any
) -> None:
    """A language was opened: the staff of all agencies may work on it, and texts are approved."""
    if created and not raw:
        with transaction.atomic():
            _give(None, [instance], _permissions())
            ensure_workflow()


def may_send_translation(user: Any, page: Page) -> bool:
    """Whether `user` may send the translation on this page for approval just now."""
    rights = page.permissions_for_user(user)
    return bool(
        rights.can_edit()
        and rights.can_submit_for_moderation()
        and open_translation(page) is not None
    )


@transaction.atomic
def send_for_approval(page: Page, user: Any) -> None:
    """Put the translated texts into a draft of the page and start its workflow, or resume it.

    wagtail-localize knows no workflow. Raises LookupError where no translation is open, and
    core.translations.Unfit where a translated text does not fit its field.
    """
    translation = open_translation(page)
    if translation is None:
        raise LookupError(f"No translation is open on page {page.pk}.")
    save_draft(translation, user)
    saved = Page.objects.get(pk=page.pk).specific
    state = saved.current_workflow_state
    if state is not None and state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        state.resume(user)
    else:
        saved.get_workflow().start(saved, user)


def _permissions() -> dict[str, Permission]:
    names = {name for rights in (PAGE_RIGHTS, FILE_RIGHTS, GENERAL_RIGHTS)
             for names in rights.values() for name in names}  # fmt: skip
    rows = Permission.objects.filter(codename__in=names, content_type__app_label__in=_APPS)
    return {row.codename: row for row in rows}


def _give(agency: Agency | None, pages: Iterable[Page], permissions: dict[str, Permission]) -> None:
    """Add the rights that are missing; rights that administrators gave by hand stay."""
    groups: dict[Role, Group] = {role: role_group(role, agency) for role in PAGE_RIGHTS}
    GroupPagePermission.objects.bulk_create(
        [
            GroupPagePermission(group=groups[role], page_id=page.pk, permission=permissions[name])
            for page in pages
            for role, names in PAGE_RIGHTS.items()
            for name in names
        ],
        ignore_conflicts=True,
    )
    _give_files(agency, groups, permissions)
    Group.permissions.through.objects.bulk_create(
        [
            Group.permissions.through(group=groups[role], permission=permissions[name])
            for role, names in GENERAL_RIGHTS.items()
            for name in names
        ],
        ignore_conflicts=True,
    )


def collection_of(agency: Agency | None) -> Collection:
    """The collection of an agency's images and documents (None: what all share); made where missing.

    The key in its name ties it to the agency, whose name may change.
    """
    ending = f"({agency.key})" if agency else "(umumiy)"
    root = Collection.get_first_root_node()
    found = root.get_children().filter(name__endswith=ending).first()
    if found is not None:
        return found
    label = agency.label("uz")[: 250 - len(ending)] if agency else "Barcha idoralar"
    made: Collection = root.add_child(name=f"{label} {ending}")
    return made


def _give_files(
    agency: Agency | None, groups: dict[Role, Group], permissions: dict[str, Permission]
) -> None:
    """Files of an agency are its own; beside them everybody chooses from what all share.

    Roles in all agencies reach every collection.
    """
    root = Collection.get_first_root_node()
    wanted: list[tuple[Group, Collection, str]] = []
    if agency is None:
        wanted += [
            (groups[role], root, name) for role, names in FILE_RIGHTS.items() for name in names
        ]
    else:
        own, shared = collection_of(agency), collection_of(None)
        for role, names in FILE_RIGHTS.items():
            wanted += [(groups[role], own, name) for name in names]
            wanted += [(groups[role], shared, name) for name in names if name.startswith("choose_")]
        # As it was once: every agency's files for everybody.
        GroupCollectionPermission.objects.filter(
            group__in=groups.values(), collection=root
        ).delete()
    GroupCollectionPermission.objects.bulk_create(
        [
            GroupCollectionPermission(
                group=group, collection=collection, permission=permissions[name]
            )
            for group, collection, name in wanted
        ],
        ignore_conflicts=True,
    )
