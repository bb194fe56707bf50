"""Reading aids (Maxsus imkoniyatlar): what a reader chose, in one cookie without an identifier."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

COOKIE = "reading"
_YEAR = 365 * 24 * 3600

#: choice → (group, class on <html>); a choice without a class is the group's default.
CHOICES: dict[str, tuple[str, str]] = {
    "text-100": ("text", ""),
    "text-125": ("text", "text-125"),
    "text-150": ("text", "text-150"),
    "contrast-normal": ("contrast", ""),
    "contrast-bw": ("contrast", "contrast-bw"),
    "contrast-wb": ("contrast", "contrast-wb"),
    "pictures": ("pictures", ""),
    "no-pictures": ("pictures", "no-pictures"),
}

_LABELS: dict[str, str | Promise] = {
    "text": _("Text size"),
    "contrast": _("Colours"),
    "pictures": _("Pictures"),
    "text-100": _("Normal text"),
    "text-125": _("Larger text"),
    "text-150": _("Largest text"),
    "contrast-normal": _("Usual colours"),
    "contrast-bw": _("Black on white"),
    "contrast-wb": _("White on black"),
    "pictures-on": _("With pictures"),
    "no-pictures": _("Without pictures"),
}


@dataclass(frozen=True)
class Choice:
    """One link of the reading aids."""

    name: str
    label: str | Promise
    chosen: bool


def chosen(request: HttpRequest) -> dict[str, str]:
    """group → choice, from the cookie; what is not offered is ignored."""
    result = {}
    for name in request.COOKIES.get(COOKIE, "").split("."):
        if name in CHOICES and CHOICES[name][1]:
            result[CHOICES[name][0]] = name
    return result


def classes(request: HttpRequest) -> str:
    """Classes of the <html> element."""
    return " ".join(CHOICES[name][1] for name in chosen(request).values())


def groups(request: HttpRequest) -> list[tuple[str | Promise, list[Choice]]]:
    """(label, choices) of each group."""
    kept = chosen(request)
    result: dict[str, list[Choice]] = {}
    for name, (group, css) in CHOICES.items():
        label = _LABELS["pictures-on"] if name == "pictures" else _LABELS[name]
        is_chosen = kept.get(group) == name if css else group not in kept
        result.setdefault(group, []).append(Choice(name, label, is_chosen))
    return [(_LABELS[group], choices) for group, choices in result.items()]


def keep(request: HttpRequest, response: HttpResponse, choice: str) -> None:
    """Write the choice into the cookie; the defaults of all groups delete it."""
    group, css = CHOICES[choice]
    kept = chosen(request)
    kept.pop(group, None)
    if css:
        kept[group] = choice
    if kept:
        response.set_cookie(
            COOKIE,
            ".".join(sorted(kept.values())),
            max_age=_YEAR,
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )
    else:
        response.delete_cookie(COOKIE)
