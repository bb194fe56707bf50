"""People of an agency that another took over: its head gives them their roles there in one step.

Nobody gets rights in the successor by themselves: a person looks at the list first.
"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts import staff
from accounts.models import Agency, Membership, User
from accounts.selectors import lineage


def waiting(by: User, agency: Agency) -> list[Membership]:
    """Roles in the agencies that this one succeeded, whose holders lack them here, by name.

    Only those that `by` may give, of active people other than themselves.
    """
    former = [pk for pk in lineage(agency) if pk != agency.pk]
    if not former:
        return []
    held = set(
        Membership.with_dates.filter(agency=agency).values_list("user_id", "role", "district_id")
    )
    rows = (
        Membership.with_dates.filter(
            agency__in=former, role__in=staff.roles_given_by(by), user__is_active=True
        )
        .filter(Q(valid_until=None) | Q(valid_until__gte=timezone.localdate()))
        .exclude(user=by)
        .select_related("user", "agency", "district")
        .order_by("user__full_name", "user_id", "role", "-pk")
    )
    found: dict[tuple[int, str, int | None], Membership] = {}
    for row in rows:
        key = (row.user_id, row.role, row.district_id)
        if key not in held:
            found.setdefault(key, row)
    return list(found.values())


@transaction.atomic
def carry(by: User, agency: Agency) -> int:
    """Give all that waits, with its days; how many roles. Each stands in the audit.

    Raises PermissionDenied for an agency that `by` does not manage.
    """
    if not staff.managed_agencies(by).filter(pk=agency.pk).exists():
        raise PermissionDenied
    rows = waiting(by, agency)
    for row in rows:
        staff.give(
            by, agency, row.user, row.role, row.valid_from, row.valid_until, district=row.district
        )
    return len(rows)
