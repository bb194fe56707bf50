"""What readers say of all pages that somebody may edit: one list, what waits first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, F, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from wagtail.models import Page
from wagtail.permissions import page_permission_policy

from accounts.models import Role, User
from accounts.selectors import has_role
from core.waiting import Waiting, counted
from home.models.feedback import PageComment, PageVote

PER_PAGE = 50
#: Pages with most presses of "not useful" that are named.
WORST = 20
#: Who owns pages of an agency, and who answers for the whole portal.
READERS = (Role.EDITOR, Role.APPROVER, Role.CONTROLLER)


def may_read(user: Any) -> bool:
    """Whether somebody has pages of their own, or answers for all."""
    return has_role(user, *READERS)


def _keys(user: User) -> QuerySet[Page] | None:
    """Keys of the pages that are the reader's; None: all."""
    if user.is_superuser or has_role(user, Role.CONTROLLER):
        return None
    pages = page_permission_policy.instances_user_has_permission_for(user, "change")
    return pages.order_by().values("translation_key")


def of_pages(user: User) -> tuple[QuerySet[PageComment], QuerySet[PageVote]]:
    """Comments and votes of the reader's pages, in all languages."""
    keys = _keys(user)
    comments, votes = PageComment.objects.exclude(state="rejected"), PageVote.objects.all()
    if keys is None:
        return comments, votes
    return comments.filter(page_key__in=keys), votes.filter(page_key__in=keys)


def _titles(keys: set[UUID], language: str) -> dict[UUID, Page]:
    """Key → the page in the reader's language, else in any."""
    found: dict[UUID, Page] = {}
    for page in Page.objects.filter(translation_key__in=keys).select_related("locale"):
        if page.translation_key not in found or page.locale.language_code == language:
            found[page.translation_key] = page
    return found


def piles(user: Any) -> Iterator[Waiting]:
    """Comments on the reader's pages that nobody answered or acted on."""
    if isinstance(user, User) and may_read(user):
        comments = of_pages(user)[0].filter(answered_on=None, corrected_on=None)
        yield counted(gettext_lazy("What readers said"), comments, reverse("home_feedback"))


@never_cache
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Comments of all one's pages, counts by theme, pages that are least useful."""
    user = request.user
    if not isinstance(user, User) or not may_read(user):
        raise PermissionDenied
    language = user.language or get_language() or "uz"
    comments, votes = of_pages(user)
    themes = dict(comments.order_by().values_list("theme").annotate(n=Count("pk")))
    theme, state = request.GET.get("theme", ""), request.GET.get("state", "waiting")
    rows = comments
    if theme in PageComment.Theme.values:
        rows = rows.filter(theme=theme)
    if state == "waiting":
        rows = rows.filter(answered_on=None, corrected_on=None)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    worst = list(
        votes.order_by()
        .values("page_key")
        .annotate(good=Sum("yes"), bad=Sum("no"))
        .filter(bad__gt=F("good"))
        .order_by("-bad", "page_key")[:WORST]
    )
    pages = _titles({row.page_key for row in page} | {row["page_key"] for row in worst}, language)
    total = votes.aggregate(yes=Sum("yes"), no=Sum("no"))
    with translation.override(language):
        return render(
            request,
            "home/admin/feedback_overview.html",
            {
                "page_obj": page,
                "rows": [(row, pages.get(row.page_key)) for row in page],
                "worst": [row | {"page": pages.get(row["page_key"])} for row in worst],
                "themes": [
                    (key, label, themes.get(key, 0)) for key, label in PageComment.Theme.choices
                ],
                "theme": theme if theme in PageComment.Theme.values else "",
                "state": state if state in {"waiting", "all"} else "waiting",
                "yes": total["yes"] or 0,
                "no": total["no"] or 0,
            },
        )
