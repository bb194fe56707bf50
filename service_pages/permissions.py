"""Who keeps which offices: an agency's editors all of its own, a district's editor its district's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from wagtail.permission_policies import BasePermissionPolicy

from accounts.models import Membership, Role, User
from accounts.selectors import memberships_of
from service_pages.models import Office

#: What an editor of one district's offices may do; deleting is left to the agency.
DISTRICT_ACTIONS = frozenset({"view", "add", "change"})


def _memberships(user: Any, action: str) -> list[Membership]:
    if not isinstance(user, User) or not user.is_active:
        return []
    return [
        row
        for row in memberships_of(user)
        if row.role == Role.EDITOR and (row.district_id is None or action in DISTRICT_ACTIONS)
    ]


def offices_for(user: User | AnonymousUser, action: str = "change") -> QuerySet[Office]:
    """Offices with which `user` may do something."""
    rows = Office.objects.select_related("agency", "district")
    if isinstance(user, User) and user.is_active and user.is_superuser:
        return rows
    wanted, any_row = Q(), False
    for membership in _memberships(user, action):
        part = Q(pk__isnull=False)
        if membership.agency_id:
            part &= Q(agency_id=membership.agency_id)
        if membership.district_id:
            part &= Q(district_id=membership.district_id)
        wanted, any_row = wanted | part, True
    return rows.filter(wanted) if any_row else rows.none()


def may_keep(user: User | AnonymousUser, office: Office, action: str = "change") -> bool:
    """Whether `user` may do something with an office as it is now, saved or not."""
    if isinstance(user, User) and user.is_active and user.is_superuser:
        return True
    return any(
        membership.agency_id in {None, office.agency_id}
        and membership.district_id in {None, office.district_id}
        for membership in _memberships(user, action)
    )


class OfficePermissionPolicy(BasePermissionPolicy):
    """Permissions on offices by membership, not by Django's model permissions."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Whether some office is open to `user`."""
        if isinstance(user, User) and user.is_active and user.is_superuser:
            return True
        return bool(_memberships(user, action))

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Office) -> bool:
        """Whether this office is."""
        saved = Office.objects.filter(pk=instance.pk).first() if instance.pk else instance
        # The form may hold another agency already: what counts is the office as it is saved.
        return may_keep(user, saved or instance, action)

    def instances_user_has_any_permission_for(
        self, user: Any, actions: Iterable[str]
    ) -> QuerySet[Office]:
        """Offices that `user` sees in the list."""
        wanted = list(actions)
        return offices_for(user, "change" if set(wanted) & DISTRICT_ACTIONS else "delete")

    def users_with_any_permission(self, actions: Iterable[str]) -> QuerySet[User]:
        """Administrators and editors."""
        return (
            User.objects.filter(is_active=True)
            .filter(Q(is_superuser=True) | Q(memberships__role=Role.EDITOR))
            .distinct()
        )
