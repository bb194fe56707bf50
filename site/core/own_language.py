"""Pages of ours in Wagtail's admin speak the reader's own language: Wagtail knows no Uzbek."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation

from languages import registry

Answer = TypeVar("Answer", bound=HttpResponseBase)


def language_of(user: Any) -> str:
    """The language that an account reads; Uzbek where it is none of ours."""
    own = getattr(user, "language", "")
    return own if own in registry.CODES else registry.SOURCE


def in_own_language(view: Callable[..., Answer]) -> Callable[..., Answer]:
    """Show a page of the admin in its reader's language."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> Answer:
        with translation.override(language_of(request.user)):
            return view(request, *args, **kwargs)

    return wrapper
