"""Filling in a form: server-rendered steps, each post answered with 303."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.texts import pick
from forms import overview, presenting, readers, selectors, services
from forms.engine.schema import Schema, Step
from forms.engine.validation import question_of, validate_answers
from forms.models import Attachment, Draft, FormDefinition, Submission
from operations.throttle import limit


class SeeOther(HttpResponseRedirect):
    """303: the answer to a post is another page, fetched with GET."""

    status_code = 303


def _language() -> str:
    return get_language() or "uz"


def _draft(request: HttpRequest, uuid: UUID) -> Draft | None:
    """The reader's own draft that still lives, or None."""
    rows = Draft.objects.select_related(
        "version__definition__service__agency", "representation__organization", "user"
    )
    return rows.filter(uuid=uuid, user=request.user, expires_at__gt=timezone.now()).first()


def _gone(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Where a draft's address leads once it was sent; somebody else's does not exist."""
    submission = get_object_or_404(Submission, uuid=uuid, user=request.user)
    if submission.receipt_number:
        messages.info(
            request,
            _("This request was sent before. Its number: %(number)s")
            % {"number": submission.receipt_number},
        )
    return SeeOther(_receipt_url(submission))


def _receipt_url(submission: Submission) -> str:
    return submission.receipt_url or reverse("forms:sent", args=[submission.uuid])


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, key: str) -> HttpResponse:
    """On whose behalf, what to prepare, and drafts to go on with."""
    definition = get_object_or_404(
        FormDefinition.objects.select_related("service__agency"), key=key, active=True
    )
    version = definition.current
    if version is None:
        raise Http404
    schema = version.schema
    choices = selectors.choices_for(request.user, schema)
    context: dict[str, Any] = {
        "definition": definition,
        "form": overview.of_schema(schema, definition.service),
        "level_too_low": not request.user.reaches(schema.identification_level),
        "choices": choices,
        "chosen": choices[0].value if len(choices) == 1 else None,
        "drafts": [
            draft
            for draft in selectors.drafts_of(request.user)
            if draft.version.definition_id == definition.pk
        ],
    }
    if context["level_too_low"] or not choices:
        return render(request, "forms/not_entitled.html", context, status=403)
    if request.method != "POST":
        return render(request, "forms/start.html", context)
    limit("form-start", str(request.user.pk), "30/h")
    acting = request.POST.get("acting", "-")
    choice = next((one for one in choices if one.value == acting), None)
    if choice is None:
        context["errors"] = [
            {
                "label": _("On whose behalf do you apply?"),
                "message": _("Choose an answer."),
                "anchor": "acting-0",
            }
        ]
        return render(request, "forms/start.html", context, status=400)
    draft = services.start_draft(request.user, version, choice.representation)
    return SeeOther(draft.get_absolute_url())


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, uuid: UUID, step_key: str) -> HttpResponse:
    """One step of a draft."""
    draft = _draft(request, uuid)
    if draft is None:
        return _gone(request, uuid)
    schema = draft.version.schema
    current = schema.step(step_key)
    if current is None:
        raise Http404
    if request.method != "POST":
        if step_key not in services.asked_steps(schema, draft.answers):
            return SeeOther(_step_url(draft, services.following(schema, step_key, draft.answers)))
        return _render_step(request, draft, current)
    limit("form-save", str(request.user.pk), "300/10m")
    if request.FILES:
        limit("form-upload", str(request.user.pk), "120/10m")
    try:
        saved = services.save_step(
            draft,
            step_key,
            request.POST,
            request.FILES,
            revision=_revision(request),
            language=_language(),
            remove=request.POST.get("_remove", "")[:40],
        )
    except services.StaleDraft:
        messages.warning(
            request, _("You answered this step in another window. Here is what was saved last.")
        )
        return SeeOther(request.path)
    except Draft.DoesNotExist:
        return _gone(request, uuid)
    return _after_save(request, saved, current)


def _revision(request: HttpRequest) -> int:
    """The revision that the page was made from; -1, which no draft has, where it says nonsense."""
    text = request.POST.get("_revision", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1


def _after_save(request: HttpRequest, saved: services.Saved, current: Step) -> HttpResponse:
    """To the next page, or the same one again: with errors, with what an answer asks anew, or
    because only a file was added or taken off."""
    on_page = presenting.asked_in_post(current, request.POST)
    # A question that this very answer made visible was not on the page: it is asked now.
    wrong = {
        key: message
        for key, message in saved.errors.items()
        if question_of(key) in on_page or key in request.FILES
    }
    fresh = {q.key for q in current.questions if q.key in saved.result.asked} - on_page
    stays = "_remove" in request.POST or "_upload" in request.POST
    if stays:
        # Nobody said to be ready: only files that were refused are spoken of.
        wrong = {key: message for key, message in wrong.items() if key in request.FILES}
        if not saved.errors:
            return SeeOther(f"{request.path}{_then(request)}")
    elif not wrong and not fresh:
        if _from_check(request):
            return SeeOther(reverse("forms:check", args=[saved.draft.uuid]))
        following = services.following(saved.draft.version.schema, current.key, saved.draft.answers)
        return SeeOther(_step_url(saved.draft, following))
    return _render_step(
        request, saved.draft, current, errors=wrong, fresh=bool(fresh) and not wrong
    )


def _from_check(request: HttpRequest) -> bool:
    return "check" in (request.GET.get("then"), request.POST.get("_then"))


def _then(request: HttpRequest) -> str:
    return "?then=check" if _from_check(request) else ""


def _step_url(draft: Draft, key: str) -> str:
    if key == "check":
        return reverse("forms:check", args=[draft.uuid])
    return reverse("forms:step", args=[draft.uuid, key])


def _render_step(
    request: HttpRequest,
    draft: Draft,
    current: Step,
    *,
    errors: dict[str, str] | None = None,
    fresh: bool = False,
) -> HttpResponse:
    schema, language = draft.version.schema, _language()
    raw = request.POST if request.method == "POST" else None
    questions = presenting.step(schema, current, draft.answers, language, errors=errors, raw=raw)
    keys = services.asked_steps(schema, draft.answers)
    index = keys.index(current.key) if current.key in keys else 0
    if _from_check(request):
        back = reverse("forms:check", args=[draft.uuid])
    elif index:
        back = _step_url(draft, keys[index - 1])
    else:
        back = reverse("forms:start", args=[draft.version.definition.key])
    context = {
        "draft": draft,
        "title": pick(schema.title, language),
        "step_title": pick(current.title, language),
        "number": index + 1,
        "count": len(keys),
        "questions": questions,
        "errors": [mistake for question in questions for mistake in question.mistakes()],
        "fresh": fresh,
        "back": back,
        "known": presenting.known_for_script(schema, current, draft.answers),
        "from_check": _from_check(request),
    }
    return render(request, "forms/step.html", context, status=400 if context["errors"] else 200)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """All answers with links to change them, the declaration, sending."""
    draft = _draft(request, uuid)
    if draft is None:
        return _gone(request, uuid)
    schema = draft.version.schema
    if request.method != "POST":
        errors = validate_answers(schema, draft.answers, _language()).errors
        return _render_check(request, draft, schema, unfinished=errors)
    limit("form-submit", str(request.user.pk), "20/10m")
    if request.POST.get("declared") != "on":
        errors = validate_answers(schema, draft.answers, _language()).errors
        return _render_check(
            request, draft, schema, unfinished=errors, here=_("Tick the box to go on."), status=400
        )
    try:
        submission = services.submit(draft, language=_language())
    except services.Incomplete as problem:
        return _render_check(request, draft, schema, unfinished=problem.errors, status=400)
    except services.NotEntitled:
        message = _("The mandate has ended or the sign-in is not strong enough. Nothing was sent.")
        return _render_check(request, draft, schema, notice=message, status=403)
    except services.Unavailable:
        message = _("Requests cannot be taken now. Your answers are kept. Try again later.")
        return _render_check(request, draft, schema, notice=message, status=503)
    except Draft.DoesNotExist:
        return _gone(request, uuid)
    return SeeOther(_receipt_url(submission))


def _render_check(
    request: HttpRequest,
    draft: Draft,
    schema: Schema,
    *,
    unfinished: dict[str, str] | None = None,
    here: str = "",
    notice: str = "",
    status: int = 200,
) -> HttpResponse:
    errors = [
        {
            "label": pick(schema.by_key[question_of(key)].label, _language()),
            "message": message,
            "url": f"{_step_url(draft, schema.step_of[question_of(key)])}?then=check#q-{key}",
        }
        for key, message in (unfinished or {}).items()
    ]
    context = {
        "draft": draft,
        "title": pick(schema.title, _language()),
        "steps": selectors.shown(schema, draft.answers, _language()),
        # Before the first try to send, what is missing is no mistake.
        "errors": errors if status != 200 else [],
        "unfinished": errors if status == 200 else [],
        "here": here,
        "notice": notice,
        "wrong": status != 200,
        "back": _step_url(draft, _last_step(schema, draft)),
    }
    return render(request, "forms/check.html", context, status=status)


def _last_step(schema: Schema, draft: Draft) -> str:
    keys = services.asked_steps(schema, draft.answers)
    return keys[-1] if keys else schema.steps[0].key


@login_required
@never_cache
@require_safe
def sent(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What a free-standing form says once it was sent."""
    submission = get_object_or_404(
        Submission.objects.select_related("version"), uuid=uuid, user=request.user
    )
    context = {"submission": submission, "title": submission.version.title(_language())}
    return render(request, "forms/sent.html", context)


@login_required
@never_cache
@require_POST
def delete(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Throw a draft away with its files."""
    draft = _draft(request, uuid)
    if draft is None:
        return _gone(request, uuid)
    key = draft.version.definition.key
    try:
        services.delete_draft(draft)
    except Draft.DoesNotExist:
        return _gone(request, uuid)
    messages.success(request, _("The draft was deleted."))
    return SeeOther(reverse("forms:start", args=[key]))


@login_required
@never_cache
@require_safe
def download(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """A file for whoever may read it; for everybody else it does not exist."""
    attachment = get_object_or_404(
        Attachment.objects.select_related("draft", "submission"), uuid=uuid
    )
    if not readers.may_read(request.user, attachment):
        raise Http404
    try:
        content = attachment.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(
        content,
        as_attachment=True,
        filename=attachment.filename,
        content_type=attachment.content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
