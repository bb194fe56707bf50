"""The way from the home page to a page of the registry."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _


def crumbs(*more: tuple[str, str]) -> list[dict[str, str]]:
    """Home, then each (title, name of the address); in the active language."""
    home = {"title": _("Home"), "url": f"/{get_language() or 'uz'}/"}
    return [home, *({"title": title, "url": reverse(name)} for title, name in more)]
