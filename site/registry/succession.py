"""Agencies are renamed and merged; their history and their figures go on (requirements.md S-27)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Site

from accounts.models import Agency, AgencyName, AgencySuccession, User
from casework.handing_over import hand_over_all
from core.publishing import bump_generation
from core.texts import complete
from registry import publishing
from service_pages.models import AgencyPage, Service, ServicePage


class CannotChange(Exception):
    """The agencies cannot be changed so; the text says why."""


@transaction.atomic
def rename(
    agency: Agency, name: Mapping[str, str], *, on: date, act: str, by: User | None = None
) -> AgencyName:
    """From `on` the agency is called `name`; the former name stays known, found and dated.

    Pages in all languages bear the new name; their addresses stay. Raises CannotChange without an
    Uzbek name, or for a day to come.
    """
    new = complete(name)
    if not new.get("uz", "").strip():
        raise CannotChange(_("The name in Uzbek is missing."))
    if on > timezone.localdate():
        raise CannotChange(_("The day cannot be in the future."))
    locked = Agency.objects.select_for_update().get(pk=agency.pk)
    last = locked.former_names.filter(used_to__isnull=False).order_by("-used_to").first()
    began = last.used_to + timedelta(days=1) if last and last.used_to else None
    if began is not None and on <= began:
        raise CannotChange(_("The day is before the present name's first one."))
    former = AgencyName.objects.create(
        agency=locked, name=locked.name, used_from=began, used_to=on - timedelta(days=1),
        note=act[:200],
    )  # fmt: skip
    locked.name = new
    locked.save(update_fields=["name"])
    for page in AgencyPage.objects.filter(agency=locked, alias_of__isnull=True).select_related(
        "locale"
    ):
        title = new.get(page.locale.language_code)
        if title and page.live:
            page.title = page.draft_title = title[:255]
            page.save_revision(user=by).publish(user=by)
    publishing.publish()
    bump_generation()
    return former


@transaction.atomic
def merge(
    former: Agency, successor: Agency, *, on: date, act: str, by: User | None = None
) -> AgencySuccession:
    """From `on` the successor does what `former` did.

    Services and their pages move under the successor in all languages (old addresses redirect),
    open requests are handed over with their terms unchanged, the former agency ends, and figures of
    the successor count the former one's. Raises CannotChange for one and the same agency, for a
    former one that has ended, or a circle.
    """
    locked = {
        row.pk: row
        for row in Agency.objects.select_for_update().filter(pk__in=[former.pk, successor.pk])
    }
    if len(locked) < 2:
        raise CannotChange(_("Choose two agencies."))
    old, new = locked[former.pk], locked[successor.pk]
    if not old.active or not new.active:
        raise CannotChange(_("This agency has ended already."))
    if on > timezone.localdate():
        raise CannotChange(_("The day cannot be in the future."))
    row = AgencySuccession.objects.create(former=old, successor=new, on=on, act=act, recorded_by=by)
    for service in Service.objects.select_for_update().filter(agency=old):
        service.agency = new
        service.save(update_fields=["agency"])
    _move_pages(old, new, by)
    hand_over_all(old, new, actor=by, note=act)
    Agency.objects.filter(parent=old).update(parent=new)
    old.active = False
    old.save(update_fields=["active"])
    publishing.publish()
    bump_generation()
    return row


def _move_pages(old: Agency, new: Agency, by: User | None) -> None:
    """Wagtail itself redirects the addresses of moved pages; the agency's own page is added here."""
    targets = {page.locale_id: page for page in AgencyPage.objects.filter(agency=new)}
    for source in AgencyPage.objects.filter(agency=old).order_by("pk"):
        target = targets.get(source.locale_id)
        if target is None:
            continue
        for child in ServicePage.objects.child_of(source).order_by("path"):
            # What follows another language's page may have moved with it already.
            fresh = ServicePage.objects.get(pk=child.pk)
            parent = fresh.get_parent()
            if parent is not None and parent.pk == source.pk:
                fresh.move(AgencyPage.objects.get(pk=target.pk), pos="last-child", user=by)
        page = AgencyPage.objects.get(pk=source.pk)
        site = Site.objects.filter(is_default_site=True).first()
        address = page.relative_url(site) if site else None
        if page.live:
            page.unpublish(user=by)
        if address:
            Redirect.objects.update_or_create(
                old_path=Redirect.normalise_path(address), site=None,
                defaults={"redirect_page_id": target.pk, "automatically_created": True},
            )  # fmt: skip
