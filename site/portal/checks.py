"""House rules of the whole as system checks."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register
from django.db import OperationalError, ProgrammingError
from wagtail.models import Locale


@register(Tags.security, deploy=True)
def pages_are_cached_where_all_see_it(app_configs: Any, **kwargs: Any) -> list[Warning]:
    """Whole answers are kept only in a cache that all processes share."""
    if settings.PAGE_CACHE and not settings.SHARED_CACHE:
        return [
            Warning(
                "PAGE_CACHE is on without a shared cache.",
                hint="Set CACHE_URL to Valkey or Redis, or run one process, or unset PAGE_CACHE.",
                id="portal.W001",
            )
        ]
    return []


@register(Tags.database)
def every_language_has_a_locale(
    app_configs: Any, databases: Any = None, **kwargs: Any
) -> list[Error]:
    """Each language has its Locale row, else Wagtail serves nothing in it."""
    if not databases:
        return []
    try:
        present = set(Locale.objects.values_list("language_code", flat=True))
    except (OperationalError, ProgrammingError):
        return []  # before the first migration
    return [
        Error(
            f"Language {code} has no Locale row.",
            hint="Run manage.py migrate.",
            id="portal.E002",
        )
        for code, _name in settings.LANGUAGES
        if code not in present
    ]
