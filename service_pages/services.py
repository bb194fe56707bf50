"""The verbs of the room: each change in one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max, QuerySet
from django.dispatch import Signal
from django.utils import timezone
from modelcluster.models import get_all_child_relations
from wagtail.models import Page, TranslatableMixin

from accounts.models import Agency
from core.publishing import bump_generation
from core.texts import pick, pick_with_language
from languages import registry
from languages.uzbek import fold
from service_pages import apply_links
from service_pages.compile import compile_passport, content_hash
from service_pages.models import (
    AgencyPage,
    CatalogueEntry,
    CatalogueFacet,
    PassportVersion,
    Service,
    ServicePage,
)

#: Sent after what lists show of a service changed because a page did, or went, in the transaction of
#: that: sender=Service, service=the row. What a command writes in bulk is not told one by one.
service_changed = Signal()


def ensure_service(key: str, agency: Agency, **fields: Any) -> Service:
    """The service with a key, made with the next registry number or brought up to date.

    Raises IntegrityError where two processes register the same key at once.
    """
    with transaction.atomic():
        service = Service.objects.filter(key=key).first()
        if service is None:
            return Service.objects.create(
                key=key, agency=agency, registry_number=_next_registry_number(), **fields
            )
        changed = {"agency": agency, **fields}
        if any(getattr(service, name) != value for name, value in changed.items()):
            for name, value in changed.items():
                setattr(service, name, value)
            service.save()
        return service


def _next_registry_number() -> str:
    """`QR-0001`, `QR-0002`, …: the order of registration, never used again."""
    newest = Service.objects.aggregate(n=Max("pk"))["n"] or 0
    number = newest + 1
    while Service.objects.filter(registry_number=f"QR-{number:04d}").exists():
        number += 1
    return f"QR-{number:04d}"


@transaction.atomic
def publish_passport(
    service: Service, *, by: Any = None, note: str = "", pages: Sequence[ServicePage] | None = None
) -> PassportVersion | None:
    """Write a new version if anything changed, and what lists show. None if nothing changed.

    Raises LookupError without an Uzbek page.
    """
    # Two languages of a service may go live at the same moment. The agency is read after the lock: a
    # service that changes hands meanwhile would not be found by a join (ADR 0053).
    service = Service.objects.select_for_update().get(pk=service.pk)
    content = compile_passport(service, pages)
    digest = content_hash(content)
    newest = service.versions.order_by("-number").values("number", "content_hash").first()
    version = None
    if newest is None or newest["content_hash"] != digest:
        version = PassportVersion.objects.create(
            service=service,
            number=(newest["number"] if newest else 0) + 1,
            content=content,
            content_hash=digest,
            published_at=timezone.now(),
            published_by=by,
            note=note,
        )
    write_catalogue(service, content)
    return version


def write_catalogue(service: Service, content: Mapping[str, Any]) -> None:
    """Write what lists show of a passport: an entry per language and the facets."""
    popularity = (
        CatalogueEntry.objects.filter(service=service).aggregate(n=Max("popularity"))["n"] or 0
    )
    is_online = apply_links.link_for(service) is not None
    entries = []
    for language in registry.LANGUAGES:
        title, text_language = pick_with_language(content["title"], language.code)
        page = content["languages"].get(language.code)
        entries.append(
            CatalogueEntry(
                service=service,
                language=language.code,
                text_language=text_language,
                title=title[:255],
                summary=pick(content["summary"], language.code),
                path=page["path"] if page else _path_beside(content, language.code),
                agency_id=service.agency_id,
                sort_title=fold(title)[:255],
                is_online=is_online,
                is_free=content["fee_status"] == "free",
                popularity=popularity,
            )
        )
    CatalogueEntry.objects.bulk_create(
        entries,
        update_conflicts=True,
        unique_fields=["service", "language"],
        update_fields=["text_language", "title", "summary", "path", "agency", "sort_title",
                       "is_online", "is_free", "popularity"],
    )  # fmt: skip
    wanted = (
        {("topic", key) for key in content["topics"]}
        | {("event", key) for key in content["events"]}
        | {("audience", key) for key in content["audiences"]}
    )
    present = set(service.facets.values_list("kind", "key"))
    for kind, key in present - wanted:
        service.facets.filter(kind=kind, key=key).delete()
    CatalogueFacet.objects.bulk_create(
        CatalogueFacet(service=service, kind=kind, key=key)
        for kind, key in sorted(wanted - present)
    )
    bump_generation()


def _path_beside(content: Mapping[str, Any], code: str) -> str:
    """The path in a language without a page of its own: slugs are the same in all."""
    source: str = content["languages"][settings.LANGUAGE_CODE]["path"]
    return source.replace(f"/{settings.LANGUAGE_CODE}/", f"/{code}/", 1)


@transaction.atomic
def refresh_online(services: Iterable[Service] | None = None) -> int:
    """Bring up to date which services have a form that is open; the number that changed."""
    changed = 0
    for service in services if services is not None else Service.objects.all():
        is_online = apply_links.link_for(service) is not None
        if service.entries.exclude(is_online=is_online).update(is_online=is_online):
            changed += 1
    if changed:
        bump_generation()
    return changed


@transaction.atomic
def withdraw(service: Service) -> None:
    """Take a service out of all lists: its Uzbek page is no longer published."""
    service.entries.all().delete()
    service.facets.all().delete()
    bump_generation()
    service_changed.send(sender=Service, service=service)


def _recompile(services: QuerySet[Service]) -> None:
    for service in services.select_related("agency"):
        try:
            publish_passport(service)
        except LookupError:
            continue  # its Uzbek page is not published
        service_changed.send(sender=Service, service=service)


def on_page_changed(sender: Any, page: Page, live: bool, **kwargs: Any) -> None:
    """A page went live or was taken down: of a service in some language, or a form under one."""
    if not isinstance(page, ServicePage):
        parent = page.get_parent()
        if parent is not None and parent.specific_class is ServicePage:
            for service in Service.objects.filter(pages=parent.pk):
                if refresh_online([service]):
                    service_changed.send(sender=Service, service=service)
        return
    if page.alias_of_id:
        return
    if not live and page.locale.language_code == settings.LANGUAGE_CODE:
        withdraw(page.service)
        return
    # A translation that goes live before its source waits for it.
    _recompile(Service.objects.filter(pk=page.service_id))


def on_page_moved(sender: Any, instance: Page, **kwargs: Any) -> None:
    """A page has another address now, and with it every service under it."""
    pages = ServicePage.objects.descendant_of(instance, inclusive=True).live()
    _recompile(Service.objects.filter(pages__in=pages).distinct())


def on_page_deleted(sender: Any, instance: ServicePage, **kwargs: Any) -> None:
    """A service's Uzbek page is gone: so are its lines in lists."""
    if instance.locale.language_code == settings.LANGUAGE_CODE and not instance.alias_of_id:
        withdraw(instance.service)


def on_service_saved(sender: Any, instance: Service, created: bool, **kwargs: Any) -> None:
    """Agency, phase or status of a service changed: its passport says so."""
    if not created:
        _recompile(Service.objects.filter(pk=instance.pk, versions__isnull=False).distinct())


def on_agency_saved(sender: Any, instance: Agency, **kwargs: Any) -> None:
    """Name, people or contacts of an agency changed: cached pages are stale."""
    bump_generation()


@transaction.atomic
def start_from(
    source: ServicePage, parent: AgencyPage, *, key: str, title: str, user: Any = None
) -> ServicePage:
    """A draft of a new service under `parent` with everything that a similar one says.

    The new service is registered at once, as proposed; the draft waits for the editor. Raises
    ValueError where the key is taken.
    """
    if Service.objects.filter(key=key).exists():
        raise ValueError(f"There is a service {key} already.")
    service = ensure_service(key, parent.agency, status=Service.Status.PROPOSED)
    page = ServicePage.from_serializable_data(source.serializable_data())
    page.pk = page.id = page.page_ptr_id = None
    page.path, page.depth, page.numchild, page.url_path = "", None, 0, ""
    page._state.adding = True
    page.service, page.title, page.draft_title, page.slug = service, title, title, key
    page.locale, page.translation_key = parent.locale, uuid.uuid4()
    page.live, page.has_unpublished_changes, page.alias_of = False, True, None
    page.first_published_at = page.last_published_at = page.go_live_at = page.expire_at = None
    page.latest_revision = page.live_revision = None
    page.locked = False
    page.owner = user
    page.reviewed_on = page.review_due = None
    for relation in get_all_child_relations(ServicePage):
        name = relation.get_accessor_name()
        rows = list(getattr(page, name).all())
        for row in rows:
            row.pk = None
            row._state.adding = True
            if isinstance(row, TranslatableMixin):
                row.locale, row.translation_key = parent.locale, uuid.uuid4()
        setattr(page, name, rows)
    parent.add_child(instance=page)
    page.save_revision(user=user, log_action=True)
    return page
