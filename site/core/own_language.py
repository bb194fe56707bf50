"""Pages of ours in Wagtail's admin speak the reader's own language: Wagtail knows no Uzbek."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from languages import registry

View = Callable[..., HttpResponse]


def language_of(user: Any) -> str:
    """The language that an account reads; Uzbek where it is none of ours."""
    own = getattr(user, "language", "")
    return own if own in registry.CODES else registry.SOURCE


def in_own_language(view: View) -> View:
    """Show a page of the admin in its reader's language."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with translation.override(language_of(request.user)):
            return view(request, *args, **kwargs)

    return wrapper
