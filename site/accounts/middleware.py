"""Personal pages on shared phones: never kept, and closed after half an hour."""

from __future__ import annotations

import time
from collections.abc import Callable

from allauth.core.exceptions import RateLimited
from allauth.core.ratelimit import respond_429
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import again, second_factor
from accounts.selectors import remember_memberships

IDLE_SECONDS = 30 * 60
#: How old "last seen" may be: a page writes the session at most once in this many seconds.
_STEP_SECONDS = 60
_SEEN = "seen_at"
_IN_A_LANGUAGE = {"accounts", "apply", "my", "pay"}
_WITHOUT_LANGUAGE = {"admin", "files", "oneid"}


def is_personal(path: str) -> bool:
    """Whether a path shows or takes something personal (`/uz/my/…`, `/admin/…`)."""
    first, second, *_rest = [*path.split("/")[1:3], "", ""]
    return first in _WITHOUT_LANGUAGE or second in _IN_A_LANGUAGE


def _ask_again(request: HttpRequest) -> HttpResponse | None:
    try:
        return again.detour(request, resolve(request.path_info).view_name)
    except Resolver404:
        return None


class PersonalPagesMiddleware:
    """`no-store` on personal pages, sign-out after 30 idle minutes, the admin for staff only, and
    for staff only with their second factor.

    Public pages never touch the session, so one answer can serve everybody.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; on a personal path sign an idle applicant out first.

        Raises PermissionDenied for an applicant in the admin: Wagtail would send them to the
        sign-in, which would send them back.
        """
        if not is_personal(request.path_info):
            return self.get_response(request)
        if request.user.is_authenticated:
            self._watch(request)
            self._guard_admin(request)
            detour = second_factor.detour(request) or _ask_again(request)
            if detour is not None:
                detour["Cache-Control"] = "no-store, private"
                return detour
        response = self.get_response(request)
        response["Cache-Control"] = "no-store, private"
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """429 where allauth counts a message too many: its views let that one pass."""
        return respond_429(request) if isinstance(exception, RateLimited) else None

    @staticmethod
    def _watch(request: HttpRequest) -> None:
        """Close a session that was left open, else note that it is in use.

        A device on which "keep me signed in" was chosen is the person's own; staff write long
        answers.
        """
        now = int(time.time())
        idle = now - request.session.get(_SEEN, 0) if _SEEN in request.session else 0
        leaves = request.session.get_expire_at_browser_close() and not request.user.is_staff
        if idle > IDLE_SECONDS and leaves:
            logout(request)
            messages.info(request, _("You were signed out for safety. Please sign in again."))
        elif idle > _STEP_SECONDS or _SEEN not in request.session:
            request.session[_SEEN] = now
            UserSession.objects.filter(session_key=request.session.session_key).update(
                last_seen_at=timezone.now()
            )

    @staticmethod
    def _guard_admin(request: HttpRequest) -> None:
        path = request.path_info
        if not path.startswith("/admin/") or path in {"/admin/login/", "/admin/logout/"}:
            return
        if request.user.is_authenticated and not request.user.has_perm("wagtailadmin.access_admin"):
            raise PermissionDenied
        if request.user.is_authenticated:
            # Menus, lists and rights ask for the roles again and again.
            remember_memberships(request.user)
