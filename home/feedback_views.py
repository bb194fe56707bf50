"""Was this page useful: a press without script or token, then, who likes, a few words."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.models import Page

from core.http import see_other
from home import feedback
from home.models.feedback import PageComment


def _key(text: str) -> uuid.UUID:
    """The key of a published page. Raises Http404 for anything else."""
    try:
        key = uuid.UUID(text)
    except ValueError:
        raise Http404 from None
    if not Page.objects.filter(translation_key=key, live=True).exists():
        raise Http404
    return key


@csrf_exempt  # on pages from the cache there is no token; nothing of the reader is at stake
@never_cache
@require_POST
def vote(request: HttpRequest) -> HttpResponse:
    """Count a press, and lead to where something may be written."""
    key, answer = _key(request.POST.get("page", "")), request.POST.get("useful", "")
    if answer not in {"yes", "no"}:
        raise Http404
    feedback.vote(request, key, get_language() or "uz", useful=answer == "yes")
    return see_other(f"{reverse('home:feedback')}?page={key}")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def comment(request: HttpRequest) -> HttpResponse:
    """Thanks, and a form for a few words."""
    language = get_language() or "uz"
    key = _key(request.GET.get("page", "") or request.POST.get("page", ""))
    text, theme = request.POST.get("text", "").replace("\x00", ""), request.POST.get("theme", "")
    error, kept = "", None
    if request.method == "POST":
        try:
            kept = feedback.comment(request, key, language, theme, text)
        except feedback.NotKept as refused:
            error = str(refused)
    page = Page.objects.filter(
        translation_key=key, live=True, locale__language_code=language
    ).first()
    context: dict[str, Any] = {
        "key": key, "page": page, "themes": PageComment.Theme.choices, "theme": theme,
        "text": text, "error": error, "kept": kept, "most": feedback.MOST_TEXT,
        "complaints": feedback.complaint_address(language),
        "crumbs": [{"title": page.title, "url": page.url}] if page and page.url else [],
    }  # fmt: skip
    return render(request, "home/feedback.html", context, status=400 if error else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: HttpRequest, pk: int) -> HttpResponse:
    """What readers said of a page, for whoever may edit it."""
    page = get_object_or_404(Page, pk=pk)
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    if request.method == "POST":
        number = request.POST.get("comment", "")
        row = get_object_or_404(
            PageComment, pk=int(number) if number.isascii() and number.isdigit() else 0,
            page_key=page.translation_key,
        )  # fmt: skip
        step = request.POST.get("step", "")
        try:
            feedback.handle(row, step, request.user)  # type: ignore[arg-type]
        except ValueError:
            if step == "appeal":
                messages.error(request, _("This cannot be entered as an appeal."))
            elif PageComment.objects.filter(pk=row.pk, state="rejected").exists():
                messages.error(request, _("Somebody has rejected this comment meanwhile."))
            else:
                raise Http404 from None
        return redirect("home_feedback_desk", page.pk)
    return render(
        request,
        "home/admin/feedback.html",
        {
            "page": page,
            "takes_appeals": feedback.takes_appeals(),
            **feedback.said(page.translation_key),
        },
    )
