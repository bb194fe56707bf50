"""What follows an Uzbek page by itself: its Cyrillic version, its aliases, its place and its life.

Publishing the source brings the Cyrillic version up to date through wagtail-localize's own records,
and puts aliases where a language has no translation, so that nobody meets a dead end. Renaming,
moving, taking down and deleting carry over to all languages. Russian, English and Karakalpak texts
are people's: they are never written here and never published.

wagtail-localize publishes its target on commit; what a crash leaves behind, `reconcile` mends.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from wagtail.models import Locale, Page
from wagtail.signals import page_slug_changed
from wagtail_localize.models import (
    StringSegment,
    StringTranslation,
    Translation,
    TranslationSource,
)

from core.models import BasePage
from languages import registry
from languages.translator import TOOL, converted

log = logging.getLogger(__name__)

#: Languages that follow their source by conversion.
FOLLOWERS = tuple(registry.DERIVED)


_paused: ContextVar[bool] = ContextVar("following_paused", default=False)


@contextmanager
def paused() -> Iterator[None]:
    """Publish sources whose translations the caller brings in step itself (an import)."""
    token = _paused.set(True)
    try:
        yield
    finally:
        _paused.reset(token)


def is_source(page: Page) -> bool:
    """Whether other languages follow this page: it is ours, in Uzbek, and no home page."""
    return (
        isinstance(page, BasePage)
        and page.depth > 2
        and page.alias_of_id is None
        and page.locale.language_code == settings.LANGUAGE_CODE
    )


def others_of(page: Page) -> list[Page]:
    """The page in all other languages, aliases too."""
    rows = Page.objects.filter(translation_key=page.translation_key).exclude(pk=page.pk)
    return list(rows.select_related("locale").specific())


@transaction.atomic
def follow(page: Page) -> list[Page]:
    """Bring what follows a published source page in step; the Cyrillic versions it has now.

    They go live on commit. A language whose parent page does not exist yet waits for `reconcile`.
    """
    followed = []
    present = {other.locale_id: other for other in others_of(page)}
    for locale in _places(page):
        if locale.language_code in FOLLOWERS:
            target = _convert(page, locale)
            if target is not None:
                followed.append(target)
        elif locale.pk not in present:
            page.copy_for_translation(locale, alias=True)
    same_slug(page)
    return followed


def _places(page: Page) -> list[Locale]:
    """Other locales in which the page's parent exists."""
    key = page.get_parent().translation_key
    parents = Page.objects.filter(translation_key=key).exclude(locale=page.locale_id)
    return list(Locale.objects.filter(pk__in=parents.values("locale")))


def _convert(page: Page, locale: Locale) -> Page | None:
    """Write the machine translations of a page and save its target; None where an editor
    stopped the translation."""
    source, _created = TranslationSource.update_or_create_from_instance(page)
    # Also where nothing changed: `reconcile` compares it with the day of publication.
    TranslationSource.objects.filter(pk=source.pk).update(last_updated_at=timezone.now())
    translation, _made = Translation.objects.get_or_create(source=source, target_locale=locale)
    if not translation.enabled:
        return None
    _write_conversions(source, locale)
    translation.save_target(publish=True)
    target: Page = source.get_translated_instance(locale)
    return target


def _write_conversions(source: TranslationSource, locale: Locale) -> None:
    """Machine translations of every segment; an override stands while its segment stands."""
    pair = source.locale.language_code, locale.language_code
    segments = list(StringSegment.objects.filter(source=source).select_related("string"))
    known = {
        (row.translation_of_id, row.context_id): row
        for row in StringTranslation.objects.filter(locale=locale, context__object=source.object_id)
    }
    fresh, changed = {}, []
    for segment in segments:
        key = segment.string_id, segment.context_id
        row, text = known.get(key), converted(segment.string.data, *pair)
        if row is None:
            fresh[key] = StringTranslation(
                translation_of_id=segment.string_id,
                context_id=segment.context_id,
                locale=locale,
                data=text,
                translation_type=StringTranslation.TRANSLATION_TYPE_MACHINE,
                tool_name=TOOL,
            )
        elif row.translation_type == StringTranslation.TRANSLATION_TYPE_MACHINE and (
            row.data != text or row.has_error
        ):
            row.data, row.tool_name, row.has_error, row.field_error = text, TOOL, False, ""
            changed.append(row)
    StringTranslation.objects.bulk_create(fresh.values(), batch_size=500)
    StringTranslation.objects.bulk_update(
        changed, ["data", "tool_name", "has_error", "field_error"], batch_size=500
    )


def overrides(locale: Locale) -> Any:
    """Texts that an editor wrote over the conversion, as StringTranslation rows."""
    return StringTranslation.objects.filter(
        locale=locale, translation_type=StringTranslation.TRANSLATION_TYPE_MANUAL
    )


def lost_overrides(locale: Locale) -> list[StringTranslation]:
    """Overrides whose source text has changed, so that the conversion took their place."""
    rows = overrides(locale).filter(context__isnull=False).select_related("context__object")
    stands = set(
        StringSegment.objects.filter(context__in=rows.values("context")).values_list(
            "string_id", "context_id"
        )
    )
    used = {context for _string, context in stands}
    return [
        row
        for row in rows
        if row.context_id in used and (row.translation_of_id, row.context_id) not in stands
    ]


@transaction.atomic
def same_slug(page: Page) -> int:
    """Give the page its source's slug in every language; how many had another."""
    renamed = 0
    for other in others_of(page):
        if other.slug == page.slug or other.depth <= 2:
            continue
        before = Page.objects.get(pk=other.pk).specific
        other.slug = page.slug
        other.save(clean=False)
        for revision in {other.latest_revision, other.live_revision} - {None}:
            # The next publication must not bring the old name back.
            revision.content["slug"] = page.slug
            revision.save(update_fields=["content"])
        page_slug_changed.send(sender=other.specific_class, instance=other, instance_before=before)
        renamed += 1
    return renamed


def take_down(page: Page) -> int:
    """Take the page down in every language; how many were live."""
    live = [other for other in others_of(page) if other.live]
    for other in live:
        other.unpublish()
    return len(live)


@transaction.atomic
def move_along(page: Page) -> int:
    """Move the page in every language under what its source stands under now; how many moved."""
    parents = {
        parent.locale_id: parent
        for parent in Page.objects.filter(translation_key=page.get_parent().translation_key)
    }
    moved = 0
    for other in others_of(page):
        parent = parents.get(other.locale_id)
        if parent is not None and other.get_parent().pk != parent.pk:
            other.move(parent, pos="last-child")
            moved += 1
    return moved


def delete_along(key: Any) -> int:
    """Delete what is left of a page in other languages once its source is gone; how many."""
    count = 0
    for path in list(Page.objects.filter(translation_key=key).values_list("path", flat=True)):
        page = Page.objects.filter(path=path).first()
        if page is not None:
            page.specific.delete()
            count += 1
    return count


def reconcile(limit: int = 200) -> int:
    """Follow the sources whose Cyrillic version is missing, old or not live; how many there were.

    Parents come first, so that one run mends a whole branch.
    """
    mended = 0
    for page in _out_of_step()[:limit]:
        try:
            if follow(page.specific):
                mended += 1
        except Exception:
            # One page that cannot be saved must not keep the others waiting.
            log.exception("page does not follow", extra={"page_id": page.pk})
    return mended


def _out_of_step() -> list[Page]:
    """Live source pages whose follower is not what and where it should be, parents first."""
    behind: dict[int, Page] = {}
    sources = Page.objects.filter(
        locale__language_code=settings.LANGUAGE_CODE, live=True, alias_of=None, depth__gt=2
    )
    for locale in Locale.objects.filter(language_code__in=FOLLOWERS):
        good = Page.objects.filter(locale=locale, live=True, alias_of=None).filter(
            Q(latest_revision=F("live_revision")) | Q(latest_revision=None)
        )
        stopped = Translation.objects.filter(target_locale=locale, enabled=False)
        missing = sources.exclude(translation_key__in=good.values("translation_key"))
        known = TranslationSource.objects.filter(locale__language_code=settings.LANGUAGE_CODE)
        synced = dict(known.values_list("object_id", "last_updated_at"))
        old = [
            page
            for page in sources
            if page.last_published_at
            and page.translation_key in synced
            and synced[page.translation_key] < page.last_published_at
        ]
        skip = set(stopped.values_list("source__object_id", flat=True))
        for page in [*missing, *old]:
            if page.translation_key not in skip:
                behind[page.pk] = page
    return sorted(behind.values(), key=lambda page: page.path)


# -- signals ---------------------------------------------------------------------------------------


def on_page_changed(sender: Any, page: Page, live: bool, **kwargs: Any) -> None:
    """A source went live or was taken down."""
    if not is_source(page) or _paused.get():
        return
    if live:
        follow(page)
    else:
        take_down(page)


def on_page_moved(sender: Any, instance: Page, **kwargs: Any) -> None:
    """A source has another parent."""
    page = instance.specific
    if is_source(page):
        move_along(page)


def on_page_renamed(sender: Any, instance: Page, **kwargs: Any) -> None:
    """A source has another slug."""
    if is_source(instance):
        same_slug(instance)


def on_page_deleted(sender: Any, instance: Page, **kwargs: Any) -> None:
    """A source is being deleted: the others go once it is gone, whatever tree they stand in."""
    if is_source(instance):
        key = instance.translation_key
        transaction.on_commit(lambda: delete_along(key))


def page_types() -> Iterable[type[BasePage]]:
    """Every page type of the house."""
    pending = list(BasePage.__subclasses__())
    while pending:
        model = pending.pop()
        pending += model.__subclasses__()
        if not model._meta.abstract:
            yield model
