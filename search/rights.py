"""What editors of the whole portal may do with search."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Permission
from django.db import transaction

from accounts.models import Role
from accounts.services import role_group

#: Rights on what the room keeps, by model.
RIGHTS = {
    "promotion": ("add", "change", "delete", "view"),
    "querycount": ("view",),
    "synonyms": ("add", "change", "delete", "view"),
}


@transaction.atomic
def ensure_rights(**kwargs: Any) -> None:
    """Give the editors of all agencies their rights; safe to repeat, called after migrations.

    Editors of one agency have none: what is promoted or means the same concerns all agencies.
    """
    # Django makes them after migrations too, perhaps after us.
    create_permissions(apps.get_app_config("search"), verbosity=0)
    group = role_group(Role.EDITOR, None)
    names = [f"{verb}_{model}" for model, verbs in RIGHTS.items() for verb in verbs]
    group.permissions.add(
        *Permission.objects.filter(content_type__app_label="search", codename__in=names)
    )
