"""What a firm's people write of it: the requisites that stand on its invoices."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from accounts.mandate_models import Organization
from accounts.mandates import NotYours
from accounts.models import User
from accounts.selectors import mandates_of
from operations import journal

REQUISITES = ("address", "bank_account", "bank_name", "bank_mfo")


def speaks_for(user: User, organization: Organization) -> bool:
    """Whether `user` acts for the firm in everything: one with a mandate for some services writes
    nothing that stands on the papers of others."""
    return any(
        mandate.organization_id == organization.pk and not mandate.scope
        for mandate in mandates_of(user)
    )


@transaction.atomic
def change_requisites(
    user: User, organization: Organization, values: Mapping[str, str]
) -> Organization:
    """Keep the firm's address and account, by REQUISITES; invoices issued before stay as they are.

    Raises NotYours.
    """
    if not speaks_for(user, organization):
        raise NotYours
    locked = Organization.objects.select_for_update().get(pk=organization.pk)
    changed = [name for name in REQUISITES if getattr(locked, name) != values[name]]
    if changed:
        for name in changed:
            setattr(locked, name, values[name])
        locked.save(update_fields=changed)
        journal.append(
            "requisites changed", f"organization:{locked.pk}", actor=user, data={"fields": changed}
        )
    return locked
