"""Filling in: server-rendered pages, each post answered with 303."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.http import SeeOther
from core.moments import format_moment
from core.texts import pick
from forms import comparing, guarding, presenting, selectors, services
from forms.engine.paging import ALL, asked_pages, following, page
from forms.engine.schema import Step
from forms.engine.types.groups import is_mark
from forms.engine.validation import errors_of_step, question_of, validate
from forms.models import Draft
from forms.views.access import (
    for_its_owner,
    forget_typed,
    gone,
    language_of_reader,
    limit_key,
    page_url,
    running_draft,
    typed_before,
    wants_json,
)
from operations.throttle import limit


@require_http_methods(["GET", "HEAD", "POST"])
@for_its_owner
def step(request: HttpRequest, uuid: UUID, step_key: str) -> HttpResponse:
    """One page of a draft."""
    draft = running_draft(request, uuid)
    if draft is None:
        return gone(request, uuid)
    current = page(draft.version.schema, step_key)
    if current is None:
        raise Http404
    if request.method != "POST":
        return _show(request, draft, current)
    guarding.refuse_robots(request, draft)
    limit("form-save", limit_key(request), "300/10m")
    if request.FILES:
        limit("form-upload", limit_key(request), "120/10m")
    if wants_json(request):
        return _autosave(request, draft, current)
    return _save(request, draft, current)


def _show(request: HttpRequest, draft: Draft, current: Step) -> HttpResponse:
    schema = draft.version.schema
    if current.key not in asked_pages(schema, draft.answers):
        return SeeOther(page_url(draft, following(schema, current.key, draft.answers)))
    typed = typed_before(request)
    return _render(request, draft, current, raw=typed, restored=typed is not None)


def _autosave(request: HttpRequest, draft: Draft, current: Step) -> HttpResponse:
    """Keep what is good so far; the script asks while somebody types."""
    try:
        saved = services.save_step(
            draft, current.key, request.POST, revision=_revision(request),
            mark=request.POST.get("_mark", ""), language=language_of_reader(), advance=False,
        )  # fmt: skip
    except services.StaleDraft:
        text = _("You answered this page in another window. Press Continue to choose what stays.")
        return JsonResponse({"stale": True, "message": text}, status=409)
    except Draft.DoesNotExist:
        return JsonResponse({"sent": reverse("forms:check", args=[draft.uuid])}, status=410)
    forget_typed(request)
    return JsonResponse(
        {
            "revision": saved.draft.revision,
            "mark": services.seen(saved.draft, current),
            # The script shows those of questions that were left with an answer.
            "errors": errors_of_step(saved.errors, current),
            "message": _("Saved: %(time)s")
            % {"time": format_moment(timezone.now(), language_of_reader())},
        }
    )


def _save(request: HttpRequest, draft: Draft, current: Step) -> HttpResponse:
    raw = with_entries(request.POST)
    leaves = "_back" in raw or "_later" in raw
    try:
        saved = services.save_step(
            draft,
            current.key,
            raw,
            request.FILES,
            revision=_revision(request),
            mark=raw.get("_mark", ""),
            language=language_of_reader(),
            remove=raw.get("_remove", "")[:40],
            advance=not leaves,
        )
    except services.StaleDraft:
        return _choose(request, draft, current)
    except Draft.DoesNotExist:
        return gone(request, draft.uuid)
    forget_typed(request)
    if "_later" in raw:
        return SeeOther(reverse("forms:start", args=[draft.version.definition.key]))
    if "_back" in raw:
        return SeeOther(_back(saved.draft, current, from_check=_from_check(request)))
    return _after_save(request, saved, current, raw)


def with_entries(post: QueryDict) -> QueryDict:
    """What was sent, with an entry of a repeating group added or taken off as a button says."""
    raw = post.copy()
    group = raw.get("_add", "")
    if group:
        marks = raw.getlist(f"{group}-item")
        numbers = [int(mark) for mark in marks if is_mark(mark)]
        raw.setlist(f"{group}-item", [*marks, str(max(numbers, default=-1) + 1)])
    group, _dash, number = raw.get("_drop", "").partition("-")
    if number:
        marks = raw.getlist(f"{group}-item")
        raw.setlist(f"{group}-item", [mark for mark in marks if mark != number])
    return raw


def _choose(request: HttpRequest, draft: Draft, current: Step) -> HttpResponse:
    """Two windows answered the same page: show both, and let the reader choose."""
    draft.refresh_from_db()
    schema = draft.version.schema
    typed = validate(
        schema, None if current.key == ALL else current, request.POST, language_of_reader(),
        known=draft.answers,
    ).cleaned  # fmt: skip
    other = comparing.differing(schema, current, draft.answers, typed, language_of_reader())
    return _render(request, draft, current, raw=request.POST, other=other, status=409)


def _revision(request: HttpRequest) -> int:
    """The revision that the page was made from; -1, which no draft has, where it says nonsense."""
    text = request.POST.get("_revision", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1


def _after_save(
    request: HttpRequest, saved: services.Saved, current: Step, raw: QueryDict
) -> HttpResponse:
    """To the next page, or the same one again: with errors, with what an answer asks anew, or
    because only a file or an entry was added or taken off."""
    on_page = presenting.asked_in_post(current, raw)
    # A question that this very answer made visible was not on the page: it is asked now.
    wrong = {
        key: message
        for key, message in errors_of_step(saved.errors, current).items()
        if question_of(key) in on_page or key in request.FILES
    }
    asked = {q.key for q in current.questions if q.key in saved.result.asked}
    fresh = {key for key in asked - on_page if comparing.is_open_question(current, key)}
    if {"_remove", "_upload", "_add", "_drop"} & raw.keys():
        # Nobody said to be ready: only files that were refused are spoken of.
        wrong = {key: message for key, message in wrong.items() if key in request.FILES}
        if not saved.errors:
            return SeeOther(f"{request.path}{_then(request)}{_at(raw)}")
        return _render(request, saved.draft, current, raw=raw, errors=wrong)
    if not wrong and not fresh:
        if _from_check(request):
            return SeeOther(reverse("forms:check", args=[saved.draft.uuid]))
        schema = saved.draft.version.schema
        return SeeOther(page_url(saved.draft, following(schema, current.key, saved.draft.answers)))
    return _render(
        request, saved.draft, current, raw=raw, errors=wrong, fresh=bool(fresh) and not wrong
    )


def _at(raw: QueryDict) -> str:
    """Where on the page the reader was."""
    group = raw.get("_add", "") or raw.get("_drop", "").partition("-")[0]
    return f"#q-{group}-group" if group else ""


def _from_check(request: HttpRequest) -> bool:
    return "check" in (request.GET.get("then"), request.POST.get("_then"))


def _then(request: HttpRequest) -> str:
    return "?then=check" if _from_check(request) else ""


def _back(draft: Draft, current: Step, *, from_check: bool) -> str:
    if from_check:
        return reverse("forms:check", args=[draft.uuid])
    keys = asked_pages(draft.version.schema, draft.answers)
    index = keys.index(current.key) if current.key in keys else 0
    if index:
        return page_url(draft, keys[index - 1])
    return reverse("forms:start", args=[draft.version.definition.key])


def _render(
    request: HttpRequest,
    draft: Draft,
    current: Step,
    *,
    raw: QueryDict | None = None,
    errors: dict[str, str] | None = None,
    fresh: bool = False,
    restored: bool = False,
    other: list[comparing.Difference] | None = None,
    status: int = 0,
) -> HttpResponse:
    schema, language = draft.version.schema, language_of_reader()
    questions = presenting.step(
        schema, current, draft.answers, language,
        errors=errors, raw=raw, typed_first=restored or other is not None,
    )  # fmt: skip
    keys = asked_pages(schema, draft.answers)
    mistakes = [mistake for question in questions for mistake in question.mistakes()]
    context: dict[str, Any] = {
        "draft": draft,
        "title": pick(schema.title, language),
        "step_title": pick(current.title, language),
        "number": (keys.index(current.key) if current.key in keys else 0) + 1,
        "count": len(keys),
        "questions": questions,
        "mark": services.seen(draft, current),
        "errors": mistakes,
        "fresh": fresh,
        "restored": restored,
        "other": other,
        "back": _back(draft, current, from_check=_from_check(request)),
        "known": presenting.known_for_script(schema, current, draft.answers),
        "from_check": _from_check(request),
        "open": draft.user_id is None,
        "newer": services.is_outdated(draft),
        "help": selectors.help_line(draft),
    }
    found = status or (400 if mistakes else 200)
    return render(request, "forms/step.html", context, status=found)
