"""What follows an Uzbek page by itself: its Cyrillic version, its aliases, its place and its life.

Publishing the source brings the Cyrillic version up to date through wagtail-localize's own records,
and puts aliases where a language has no translation, so that nobody meets a dead end. Renaming,
moving, taking down and deleting carry over to all languages. Russian, English and Karakalpak texts
are people's: a task is opened for them, but they are never written here and never published.

wagtail-localize publishes its target on commit; what a crash leaves behind, `reconcile` mends.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
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
    Translation,
    TranslationSource,
)
from wagtail_localize.views.convert import sync_alias

from core import translations
from core.conversions import FOLLOWERS, convert
from core.models import BasePage
from core.segments import record
from core.translating import alias_new

log = logging.getLogger(__name__)

_paused: ContextVar[bool] = ContextVar("following_paused", default=False)


@contextmanager
def paused() -> Iterator[None]:
    """Publish sources whose translations the caller brings in step itself (an import)."""
    token = _paused.set(True)
    try:
        yield
    finally:
        _paused.reset(token)


def leads(page: Page) -> bool:
    """Whether other languages follow this page: it is ours, in Uzbek, and no alias."""
    return isinstance(page, BasePage) and page.depth > 1 and translations.is_source(page)


def is_home(page: Page) -> bool:
    """Home pages are the roots of the languages: only their texts follow."""
    return page.depth == 2


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
    places = _places(page)
    source = open_translations([page], places)[page.pk]
    for locale in places:
        if locale.language_code in FOLLOWERS:
            target = convert(source, locale)
            if target is not None:
                followed.append(target)
    same_slug(page)
    return followed


@transaction.atomic
def open_translations(
    pages: Sequence[Page], locales: Sequence[Locale]
) -> dict[int, TranslationSource]:
    """Open translations of source pages into languages of people; readers see no difference.

    A language without the page gets an alias of it (and of its parents); texts that a page has
    already are taken over. Returns primary key of a page → its source. Safe to repeat.
    """
    wanted = [locale for locale in locales if translations.by_people(locale)]
    recorded = record(pages)
    sources = {one.page.pk: one.source for one in recorded}
    rows = Page.objects.filter(
        translation_key__in=[page.translation_key for page in pages], locale__in=wanted
    )
    there = {(row.translation_key, row.locale_id): row for row in rows}
    known = set(
        Translation.objects.filter(source__in=sources.values()).values_list(
            "source__object_id", "target_locale"
        )
    )
    translations.open_for(sources.values(), wanted)
    for one in recorded:
        for locale in wanted:
            key = one.page.translation_key, locale.pk
            row = there.get(key)
            if row is None:
                _put_alias(one.page, locale)
            elif row.alias_of_id is None and key not in known:
                translations.take_over(one, row.specific)
            if key not in known:
                translations.repeat_wordless(one, locale)
    return sources


def _put_alias(page: Page, locale: Locale) -> None:
    parent = page.get_parent()
    if not Page.objects.filter(translation_key=parent.translation_key, locale=locale).exists():
        parent.specific.copy_for_translation(locale, copy_parents=True, alias=True)
    alias_new(page, [locale])


def _places(page: Page) -> list[Locale]:
    """Other locales in which there is a place for the page: its parent, or its home page."""
    key = page.translation_key if is_home(page) else page.get_parent().translation_key
    there = Page.objects.filter(translation_key=key).exclude(locale=page.locale_id)
    return list(Locale.objects.filter(pk__in=there.values("locale")))


@transaction.atomic
def same_slug(page: Page) -> int:
    """Give the page its source's slug in every language; how many had another."""
    renamed = 0
    for other in others_of(page):
        if other.slug == page.slug or is_home(other):
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
    """Move the page in every language to where its source stands now; how many moved.

    Under the same parent and after the same sibling, as far as the language has them.
    """
    parents = {
        parent.locale_id: parent
        for parent in Page.objects.filter(translation_key=page.get_parent().translation_key)
    }
    before = list(
        page.get_siblings(inclusive=False)
        .filter(path__lt=page.path)
        .order_by("-path")
        .values_list("translation_key", flat=True)
    )
    moved = 0
    for other in others_of(page):
        parent = parents.get(other.locale_id)
        if parent is None:
            continue
        there = {row.translation_key: row for row in parent.get_children().exclude(pk=other.pk)}
        neighbour = next((there[key] for key in before if key in there), None)
        if _stands_after(other, parent, neighbour):
            continue
        if neighbour is not None:
            other.move(neighbour, pos="right")
        else:
            other.move(parent, pos="first-child")
        moved += 1
    return moved


def _stands_after(page: Page, parent: Page, neighbour: Page | None) -> bool:
    if not page.is_child_of(parent):
        return False
    previous = page.get_prev_sibling()
    return (previous and previous.pk) == (neighbour and neighbour.pk)


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
        locale__language_code=settings.LANGUAGE_CODE, live=True, alias_of=None, depth__gt=1
    )
    for locale in Locale.objects.exclude(language_code=settings.LANGUAGE_CODE):
        there = Page.objects.filter(locale=locale)
        if locale.language_code not in FOLLOWERS:
            # Someone must be led to the text in Uzbek; whether it is translated is people's work.
            behind |= _without_alias(sources, set(there.values_list("translation_key", flat=True)))
            continue
        # A person's draft waits for its approver; a draft of ours should be live.
        good = there.filter(live=True, alias_of=None).filter(
            Q(latest_revision=F("live_revision"))
            | Q(latest_revision=None)
            | Q(latest_revision__user__isnull=False)
        )
        stopped = Translation.objects.filter(target_locale=locale, enabled=False)
        skip = set(stopped.values_list("source__object_id", flat=True))
        missing = sources.exclude(translation_key__in=good.values("translation_key"))
        for page in [*missing, *_published_since(sources)]:
            if page.translation_key not in skip:
                behind[page.pk] = page
    return sorted(behind.values(), key=lambda page: page.path)


def _without_alias(sources: Any, there: set[Any]) -> dict[int, Page]:
    """Source pages that a language lacks although their parent is there, or will be by then."""
    keys: dict[str, Any] = {}
    found = {}
    for page in sources.order_by("path"):
        keys[page.path] = page.translation_key
        if page.translation_key not in there and keys.get(page.path[: -page.steplen]) in there:
            there.add(page.translation_key)
            found[page.pk] = page
    return found


def _published_since(sources: Any) -> list[Page]:
    """Source pages that were published after they were recorded last."""
    known = TranslationSource.objects.filter(locale__language_code=settings.LANGUAGE_CODE)
    recorded = dict(known.values_list("object_id", "last_updated_at"))
    return [
        page
        for page in sources.filter(last_published_at__isnull=False)
        if page.translation_key in recorded
        and recorded[page.translation_key] < page.last_published_at
    ]


# -- signals ---------------------------------------------------------------------------------------


def on_page_changed(sender: Any, page: Page, live: bool, **kwargs: Any) -> None:
    """A source went live or was taken down; or a translation did."""
    if _paused.get():
        return
    if not leads(page):
        if isinstance(page, BasePage) and not page.alias_of_id:
            _translation_changed(page, live)
    elif live:
        follow(page)
    elif not is_home(page):
        take_down(page)


def _translation_changed(page: Page, live: bool) -> None:
    if live:
        # What was translated later than this draft waits to be sent.
        written = page.live_revision.created_at if page.live_revision else timezone.now()
        Translation.objects.filter(
            source__object_id=page.translation_key, target_locale=page.locale_id
        ).update(destination_last_updated_at=written)
    else:
        transaction.on_commit(lambda: stand_in(page))


@transaction.atomic
def stand_in(page: Page) -> bool:
    """Put the alias back where a translation was taken down while its source is read.

    The texts stay in the records, so the translation can be sent again.
    """
    source = Page.objects.filter(
        translation_key=page.translation_key,
        locale__language_code=settings.LANGUAGE_CODE,
        live=True,
    ).first()
    row = Page.objects.filter(pk=page.pk, live=False, alias_of=None).first()
    if source is None or row is None or is_home(row):
        return False
    if row.locale.language_code in FOLLOWERS:
        return False
    sync_alias(source, row.specific)
    Page.objects.filter(pk=row.pk).update(alias_of=source, latest_revision=None)
    return True


def on_page_moved(sender: Any, instance: Page, **kwargs: Any) -> None:
    """A source has another parent or another place among its siblings."""
    page = instance.specific
    if leads(page) and not is_home(page):
        move_along(page)


def on_page_renamed(sender: Any, instance: Page, **kwargs: Any) -> None:
    """A source has another slug."""
    if leads(instance) and not is_home(instance):
        same_slug(instance)


def on_page_deleted(sender: Any, instance: Page, **kwargs: Any) -> None:
    """A page is being deleted.

    With a source the others go once it is gone, whatever tree they stand in. In place of a
    translation the alias comes back.
    """
    if not isinstance(instance, BasePage) or is_home(instance):
        return
    key = instance.translation_key
    if leads(instance):
        transaction.on_commit(lambda: delete_along(key))
    else:
        transaction.on_commit(lambda: _alias_again(key))


def _alias_again(key: Any) -> None:
    source = Page.objects.filter(
        translation_key=key, locale__language_code=settings.LANGUAGE_CODE, live=True
    ).first()
    if source is not None:
        follow(source.specific)


def page_types() -> Iterable[type[BasePage]]:
    """Every page type of the house."""
    pending = list(BasePage.__subclasses__())
    while pending:
        model = pending.pop()
        pending += model.__subclasses__()
        if not model._meta.abstract:
            yield model
