"""Django's own permissions that a role has everywhere; rooms above say which."""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission

from accounts.membership import Role

#: Role → permissions as `app.codename`.
_general: dict[str, set[str]] = {}


def register(role: Role, *permissions: str) -> None:
    """Let a role do what permissions such as `home.add_notice` allow."""
    _general.setdefault(role, set()).update(permissions)


def give(group: Group, role: str) -> None:
    """Add the permissions that the group of a role lacks; those given by hand stay."""
    wanted = _general.get(role, set())
    if not wanted:
        return
    rows = Permission.objects.filter(
        content_type__app_label__in={name.partition(".")[0] for name in wanted},
        codename__in={name.partition(".")[2] for name in wanted},
    ).select_related("content_type")
    group.permissions.add(
        *(row for row in rows if f"{row.content_type.app_label}.{row.codename}" in wanted)
    )
