"""What pages of things that go step by step share: proposals, tasks, reports."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext as _


def allow(allowed: bool) -> None:
    """Raises PermissionDenied where something is not the reader's."""
    if not allowed:
        raise PermissionDenied


def taken(request: HttpRequest, step: Callable[[], object], *refusals: type[Exception]) -> str:
    """Take a step that somebody pressed, and say that it is done; why not, where it is refused."""
    try:
        step()
    except refusals as refused:
        return str(refused)
    messages.success(request, _("Done."))
    return ""
