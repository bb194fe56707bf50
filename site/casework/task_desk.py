"""The desk of an agency that others ask: what waits for its answer, and one task."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.selectors import agencies_of
from casework import actions, documents, presenting, selectors, services, tasks
from casework.models import RequestTask
from casework.transitions import InvalidTransition, Missing
from core.http import see_other
from core.own_language import in_own_language
from core.texts import pick
from forms.selectors import shown
from languages import registry

PER_PAGE = 30


@never_cache
@require_safe
@in_own_language
def index(request: HttpRequest) -> HttpResponse:
    """Tasks of the reader's agencies, first due first."""
    if not agencies_of(request.user, *tasks.SEEING).exists():
        raise PermissionDenied
    language = translation.get_language() or registry.SOURCE
    show = request.GET.get("show", "")
    rows = tasks.tasks_for(request.user)
    is_open, late = Q(status=RequestTask.Status.OPEN), Q(due_at__lt=timezone.now())
    counts = rows.aggregate(
        open=Count("pk", filter=is_open),
        overdue=Count("pk", filter=is_open & late),
        closed=Count("pk", filter=~is_open),
    )
    chosen = {"overdue": is_open & late, "closed": ~is_open}.get(show, is_open)
    show = show if show in {"overdue", "closed"} else "open"
    page = Paginator(rows.filter(chosen).order_by("due_at", "pk"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    labels = {"open": _("Open"), "overdue": _("Overdue"), "closed": _("Closed")}
    context: dict[str, Any] = {
        "page_obj": page,
        "show": show,
        "filters": [
            {"label": label, "count": counts[key], "url": "?" + urlencode({"show": key}),
             "current": key == show}
            for key, label in labels.items()
        ],
        "tasks": [
            {
                "task": task,
                "title": selectors.title_of(task.request, language),
                "from": pick(task.request.agency.name, language),
                "agency": pick(task.agency.name, language),
                "left": presenting.task_left(task),
            }
            for task in page.object_list.select_related("agency")
        ],
    }  # fmt: skip
    return render(request, "casework/admin/tasks.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_own_language
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One task: what is asked, what the request says, and the answer. Another's does not exist."""
    task = get_object_or_404(
        tasks.tasks_for(request.user).select_related("agency", "asked_by"), pk=pk
    )
    if request.method == "POST":
        return _answer(request, task)
    if task.status != RequestTask.Status.CALLED_BACK:
        services.record_view(task.request, request.user)
    return render(request, "casework/admin/task.html", _context(request, task))


def _context(request: HttpRequest, task: RequestTask, **extra: Any) -> dict[str, Any]:
    language = translation.get_language() or registry.SOURCE
    row = task.request
    # Called back: what the request says is no longer this agency's business.
    seen = task.status != RequestTask.Status.CALLED_BACK
    return {
        "task": task,
        "row": row,
        "title": selectors.title_of(row, language),
        "from": pick(row.agency.name, language),
        "agency": pick(task.agency.name, language),
        "left": presenting.task_left(task),
        "subject": row.subject if seen else {},
        "steps": shown(row.submission.version.schema, row.submission.answers, language)
        if seen
        else [],
        "may_answer": task.status == RequestTask.Status.OPEN
        and tasks.may_answer(task, row, request.user),
        "accept": documents.ACCEPT,
        "most_text": actions.MOST_TEXT,
        "typed": None,
    } | extra


def _answer(request: HttpRequest, task: RequestTask) -> HttpResponse:
    """Keep the answer: 303, or the page again with what was typed."""
    typed = actions.Typed.of(request)
    error: str | Promise = ""
    status = 400
    try:
        with documents.kept(task.request, request.FILES.getlist("files")) as files:
            tasks.answer_task(task, request.user, typed.text, files)
    except Missing as problem:
        error = actions.MISSING[problem.what]
    except documents.BadFile as problem:
        error = str(problem)
    except InvalidTransition:
        error = _("This task is over: it was answered or called back.")
        status = 409
    if not error:
        messages.success(request, _("Done."))
        return see_other("casework_task", task.pk)
    task.refresh_from_db()
    context = _context(request, task, typed=typed, error=error)
    return render(request, "casework/admin/task.html", context, status=status)
