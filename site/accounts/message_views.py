"""Words of messages in the admin: what goes out, in which words, and who wrote them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.readers import reader_of
from core.http import see_other
from core.own_language import in_own_language
from languages import registry
from operations import journal, sms, wording
from operations.models import MessageVersion

LABELS = {
    "subject": gettext_lazy("Subject, also in the inbox on the site"),
    "email": gettext_lazy("E-mail"),
    "sms": gettext_lazy("SMS"),
}
#: Versions that the page lists.
MOST_VERSIONS = 30


def may_write(user: User | AnonymousUser) -> bool:
    """Whether somebody writes the words of messages: administrators."""
    return bool(user.is_superuser)


def _administrator(request: HttpRequest) -> User:
    if not may_write(request.user):
        raise PermissionDenied
    return reader_of(request)


@never_cache
@require_safe
@in_own_language
def index(request: HttpRequest) -> HttpResponse:
    """Every kind of message, by group."""
    _administrator(request)
    written = dict(
        MessageVersion.objects.order_by("number").values_list("key", "number")
    )  # the highest number stays
    groups: dict[str, list[dict[str, Any]]] = {}
    for kind in wording.kinds():
        groups.setdefault(str(kind.group), []).append(
            {"kind": kind, "version": written.get(kind.key, 0)}
        )
    return render(request, "accounts/admin/messages.html", {"groups": groups})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_own_language
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """The words of one kind in one language: try them, and keep them as a new version."""
    user = _administrator(request)
    kind = wording.known(key)
    if kind is None:
        raise Http404
    language = request.GET.get("language", registry.SOURCE)
    if language not in registry.CODES:
        raise Http404
    typed = wording.texts(kind, language)
    errors: dict[str, list[str]] = {}
    if request.method == "POST":
        pressed = request.POST.get("do", "")
        if pressed == "house":
            return _keep(request, user, kind, language, {}, _("The words of the house again."))
        typed = {
            part: request.POST.get(part, "").replace("\x00", "").replace("\r\n", "\n").strip()
            for part in wording.PARTS
        }
        errors = {
            part: found
            for part, text in typed.items()
            if text and (found := wording.problems(kind, part, text))
        }
        if pressed == "save" and not errors:
            return _keep(request, user, kind, language, _changed(kind, language, typed))
    context = {
        "kind": kind,
        "language": language,
        "languages": [
            {"code": one.code, "name": one.name_local, "current": one.code == language}
            for one in registry.LANGUAGES
        ],
        "parts": [
            {"name": part, "label": LABELS[part], "text": typed[part],
             "errors": errors.get(part, []), "rows": {"subject": 1, "email": 10, "sms": 4}[part]}
            for part in wording.PARTS if part != "sms" or kind.sms
        ],
        "samples": [(f"{{{name}}}", sample) for name, sample in kind.samples.items()],
        "preview": None if errors else _preview(kind, typed),
        "versions": list(
            MessageVersion.objects.filter(key=key).select_related("made_by")
            .order_by("-number")[:MOST_VERSIONS]
        ),
        "heading": kind.label,
    }  # fmt: skip
    status = 400 if errors else 200
    return render(request, "accounts/admin/message.html", context, status=status)


def _changed(kind: wording.Kind, language: str, typed: dict[str, str]) -> dict[str, str]:
    """What differs from the words of the house: the rest goes on following them."""
    house = wording.house_texts(kind, language)
    return {part: text for part, text in typed.items() if text and text != house[part]}


def _preview(kind: wording.Kind, typed: dict[str, str]) -> dict[str, Any]:
    """How the message reads with examples in place of values, and as how many SMS it goes."""
    house = {part: text or "" for part, text in typed.items()}
    filled = {part: wording.fill(text, kind.samples) for part, text in house.items()}
    short = sms.plain(filled["sms"])
    return {
        "subject": " ".join(filled["subject"].split()),
        "email": filled["email"],
        "sms": short,
        "sms_parts": wording.sms_parts(short),
    }


def _keep(
    request: HttpRequest, user: User, kind: wording.Kind, language: str, texts: dict[str, str],
    note: str = "",
) -> HttpResponse:  # fmt: skip
    try:
        number = wording.save(kind.key, language, texts, user, note)
    except ValueError:
        messages.error(request, _("Somebody else is writing these words. Try again."))
    else:
        journal.append(
            "message.written", f"message:{kind.key}", actor=user,
            data={"version": number, "language": language},
        )  # fmt: skip
        messages.success(request, _("Kept as version %(number)s.") % {"number": number})
    return see_other(reverse("messages_edit", args=[kind.key]) + f"?language={language}")
