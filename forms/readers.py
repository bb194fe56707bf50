"""Who else than its owner may read an attached file. Rooms above add their rules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.dispatch import Signal

from accounts.models import Role
from accounts.selectors import memberships_of
from forms.models import Attachment

#: Sent when a file is given to somebody: attachment=, user= (None without an account).
given = Signal()
CanRead = Callable[[Any, Attachment], bool]
_readers: list[CanRead] = []


def register(can_read: CanRead) -> None:
    """Add a rule that lets somebody else than the owner read a file."""
    if can_read not in _readers:
        _readers.append(can_read)


def may_read(user: Any, attachment: Attachment) -> bool:
    """Whether `user` may download a file: its owner, or whoever a rule lets.

    A file that a scanner found infected, or could not read, is given to nobody.
    """
    if attachment.state in {Attachment.State.INFECTED, Attachment.State.ERROR}:
        return False
    return attachment.owner_id == user.pk or any(rule(user, attachment) for rule in _readers)


def is_controller(user: Any) -> bool:
    """Whether somebody looks after the whole portal."""
    return bool(user.is_superuser) or (
        user.is_authenticated
        and any(
            row.agency_id is None and row.role == Role.CONTROLLER for row in memberships_of(user)
        )
    )
