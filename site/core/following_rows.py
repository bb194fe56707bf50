"""Translatable rows that are no pages (question sets) follow their Uzbek row by themselves.

A row without drafts is public once it is saved, so it follows on saving; one with drafts follows
when it is published. Rows that belong to a page follow with the page.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import transaction
from modelcluster.fields import ParentalKey
from wagtail.models import DraftStateMixin, Locale, Page, TranslatableMixin
from wagtail_localize.models import TranslationSource

from core.conversions import FOLLOWERS, convert
from core.segments import content_json, record

log = logging.getLogger(__name__)


def row_types() -> Iterable[type[Any]]:
    """Every translatable model that is neither a page nor a part of one."""
    return [model for model in apps.get_models() if is_row_type(model)]


def is_row_type(model: type[Any]) -> bool:
    """Whether a model is followed here."""
    return (
        issubclass(model, TranslatableMixin)
        and not issubclass(model, Page)
        and not any(isinstance(field, ParentalKey) for field in model._meta.get_fields())
    )


def leads(row: Any) -> bool:
    """Whether other languages follow this row."""
    return is_row_type(type(row)) and row.locale.language_code == settings.LANGUAGE_CODE


@transaction.atomic
def follow(row: Any) -> None:
    """Bring the Cyrillic row of a saved (or published) Uzbek row in step."""
    source = record([row])[0].source
    for locale in Locale.objects.filter(language_code__in=FOLLOWERS):
        convert(source, locale)


def reconcile() -> int:
    """Follow the rows whose Cyrillic row is missing or old; how many there were."""
    mended = 0
    for model in row_types():
        for row in model._default_manager.filter(locale__language_code=settings.LANGUAGE_CODE):
            if getattr(row, "live", True) and not _in_step(row):
                try:
                    follow(row)
                except Exception:
                    # One row that cannot be saved must not keep the others waiting.
                    log.exception("row does not follow", extra={"row": f"{row._meta}:{row.pk}"})
                mended += _in_step(row)
    return mended


def _in_step(row: Any) -> bool:
    source = TranslationSource.objects.filter(object_id=row.translation_key).first()
    followers = row.get_translations().filter(locale__language_code__in=FOLLOWERS)
    return (
        source is not None
        and source.content_json == content_json(row)
        and followers.count() == Locale.objects.filter(language_code__in=FOLLOWERS).count()
    )


# -- signals ---------------------------------------------------------------------------------------


def on_saved(sender: Any, instance: Any, raw: bool = False, **kwargs: Any) -> None:
    """A row was saved; one with drafts waits until it is published."""
    if raw or not is_row_type(sender) or issubclass(sender, DraftStateMixin):
        return
    if leads(instance):
        follow(instance)


def on_published(sender: Any, instance: Any, **kwargs: Any) -> None:
    """A row with drafts went live."""
    if is_row_type(type(instance)) and leads(instance):
        follow(instance)


def on_unpublished(sender: Any, instance: Any, **kwargs: Any) -> None:
    """A row with drafts was taken down: so are its followers."""
    if is_row_type(type(instance)) and leads(instance):
        for other in instance.get_translations().filter(live=True):
            other.unpublish()


def on_deleted(sender: Any, instance: Any, **kwargs: Any) -> None:
    """A row is gone: so is it in every language."""
    if is_row_type(sender) and leads(instance):
        for other in instance.get_translations():
            other.delete()
