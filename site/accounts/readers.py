"""Who reads a page that somebody signed in for."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from accounts.models import User


def reader_of(request: HttpRequest) -> User:
    """The account that is signed in. Raises PermissionDenied where none is: behind
    `login_required` or the admin's own check that never happens."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
