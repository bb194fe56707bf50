"""Entries of the admin's menu for those who have something to do there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from wagtail.admin.menu import MenuItem

from accounts.selectors import has_role


class MenuItemFor(MenuItem):
    """An entry that only some see; `shown_to` is asked about the reader on each page of the admin."""

    def __init__(
        self, label: Any, url: str, *, shown_to: Callable[[Any], bool], **more: Any
    ) -> None:
        super().__init__(label, url, **more)
        self.shown_to = shown_to

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether the reader is one of them."""
        return self.shown_to(request.user)


def holders_of(*roles: str, but_not: tuple[str, ...] = ()) -> Callable[[Any], bool]:
    """Those who have one of `roles` in some agency and none of `but_not`, who get there otherwise."""

    def shown_to(user: Any) -> bool:
        return has_role(user, *roles) and not (but_not and has_role(user, *but_not))

    return shown_to
