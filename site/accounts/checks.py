"""House rules of accounts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import OperationalError, ProgrammingError, connections

from accounts.models import User


@register(Tags.database)
def no_demonstration_accounts(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Demonstration accounts have public passwords: a real server refuses them.

    Runs with `migrate` and with `check --database default`.
    """
    if settings.DEMO or not databases or "default" not in databases:
        return []
    try:
        if User._meta.db_table not in connections["default"].introspection.table_names():
            return []  # before the first migration
        found = User.objects.filter(is_demo=True).exists()
    except (OperationalError, ProgrammingError):
        return []  # no database yet: Django says so itself
    if not found:
        return []
    return [
        Error(
            "The database holds demonstration accounts.",
            hint="Delete them (User.is_demo), or start from an empty database.",
            id="accounts.E001",
        )
    ]
