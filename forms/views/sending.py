"""The last look, the signature, sending, the receipt."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.http import SeeOther
from core.texts import pick
from forms import guarding, prices, receipts, selectors, services, signing
from forms.engine.paging import asked_pages, page_of, pages
from forms.engine.schema import Schema
from forms.engine.validation import question_of, validate_answers
from forms.models import Draft
from forms.signing.signatures import owner
from forms.views.access import (
    for_its_owner,
    gone,
    is_held,
    language_of_reader,
    limit_key,
    own_draft,
    own_submission,
    page_url,
    receipt_url,
)
from operations.throttle import limit
from service_pages import passport, pricing

#: A detached file of this size is no signature.
MOST_BYTES = 150_000


@require_http_methods(["GET", "HEAD", "POST"])
@for_its_owner
def check(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """All answers with links to change them, the declaration, sending."""
    if request.method == "POST":
        limit("form-submit", limit_key(request), "20/10m")
        if request.POST.get("declared") == "on":
            return _send(request, uuid)
    draft = own_draft(request, uuid)
    if draft is None:
        return gone(request, uuid)
    errors = validate_answers(draft.version.schema, draft.answers, language_of_reader()).errors
    if request.method != "POST":
        return _render(request, draft, unfinished=errors)
    guarding.refuse_robots(request, draft)
    tick = _("Tick the box to go on.")
    return _render(request, draft, unfinished=errors, here=tick, status=400)


def _send(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Send the reader's draft, which is read by sending alone unless something is in the way."""
    owner = request.user if request.user.is_authenticated else None
    if is_held(request, uuid):
        draft, owner = own_draft(request, uuid), None
        if draft is not None:
            guarding.refuse_robots(request, draft)
            guarding.refuse_haste(draft)
    try:
        submission = services.submit(uuid, owner, language=language_of_reader())
    except Draft.DoesNotExist:
        return gone(request, uuid)
    except services.Unsigned:
        return SeeOther(reverse("forms:sign", args=[uuid]))
    except services.Incomplete as problem:
        found: dict[str, Any] = {"unfinished": problem.errors, "status": 400}
    except services.NotEntitled:
        text = _("The mandate has ended or the sign-in is not strong enough. Nothing was sent.")
        found = {"notice": text, "status": 403}
    except services.Unavailable:
        text = _("Requests cannot be taken now. Your answers are kept. Try again later.")
        found = {"notice": text, "status": 503}
    else:
        return SeeOther(receipt_url(submission))
    draft = own_draft(request, uuid)
    return _render(request, draft, **found) if draft is not None else gone(request, uuid)


def _render(
    request: HttpRequest,
    draft: Draft,
    *,
    unfinished: dict[str, str] | None = None,
    here: str = "",
    notice: str = "",
    status: int = 200,
) -> HttpResponse:
    language, schema = language_of_reader(), draft.version.schema
    errors = [_mistake(draft, schema, *item, language) for item in (unfinished or {}).items()]
    steps = selectors.shown(schema, draft.answers, language)
    price = _price(draft, schema, language)
    context = {
        "draft": draft,
        "title": pick(schema.title, language),
        "steps": [
            {
                "key": step.key,
                "title": step.title,
                "url": page_url(draft, page_of(schema, step.answers[0].key)),
                "answers": step.answers,
            }
            for step in steps
        ],
        "price": price,
        "price_lines": [pricing.row_of_line(line, language) for line in price.lines],
        # Before the first try to send, what is missing is no mistake.
        "errors": errors if status != 200 else [],
        "unfinished": errors if status == 200 else [],
        "here": here,
        "notice": notice,
        "wrong": status != 200,
        "signs": schema.signature_required,
        "open": draft.user_id is None,
        "back": page_url(draft, _last_page(schema, draft)),
        "help": selectors.help_line(draft),
    }
    return render(request, "forms/check.html", context, status=status)


def _price(draft: Draft, schema: Schema, language: str) -> prices.Price:
    """What the answers so far cost."""
    service, mandate = draft.version.definition.service, draft.representation
    current = passport.current(service) if service is not None else None
    return prices.of_answers(
        schema, draft.answers, current, timezone.localdate(), language=language,
        firm=mandate is not None and mandate.organization_id is not None,
    )  # fmt: skip


def _mistake(
    draft: Draft, schema: Schema, name: str, message: str, language: str
) -> dict[str, str]:
    key = question_of(name)
    return {
        "label": pick(schema.by_key[key].label, language),
        "message": message,
        "url": f"{page_url(draft, page_of(schema, key))}?then=check#q-{key}",
    }


def _last_page(schema: Schema, draft: Draft) -> str:
    keys = asked_pages(schema, draft.answers)
    return keys[-1] if keys else pages(schema)[0].key


@require_http_methods(["GET", "HEAD", "POST"])
@for_its_owner
def sign(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What is to be signed, and the signature over it; then it is sent."""
    draft = own_draft(request, uuid)
    if draft is None:
        return gone(request, uuid)
    schema = draft.version.schema
    result = validate_answers(schema, draft.answers, language_of_reader())
    if result.errors or not schema.signature_required:
        return SeeOther(reverse("forms:check", args=[draft.uuid]))
    text = signing.text_to_sign(draft, result.cleaned)
    if request.method == "GET" and "text" in request.GET:
        response = HttpResponse(text, content_type="text/plain; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="imzo.txt"'
        return response
    provider = signing.provider()
    context = {"draft": draft, "title": pick(schema.title, language_of_reader()), "text": text,
               "demonstration": provider is not None and provider.name == "demonstration"}  # fmt: skip
    if provider is None:
        context["notice"] = _("Nothing can be signed now. Your answers are kept. Try again later.")
        return render(request, "forms/sign.html", context, status=503)
    if request.method != "POST":
        return render(request, "forms/sign.html", context)
    limit("form-sign", limit_key(request), "20/10m")
    given = _signature_sent(request)
    if "_demonstrate" in request.POST:
        given = provider.demonstrate(text, owner(draft))
    error = _signed(draft, result.cleaned, given, provider)
    if error:
        context["errors"] = [{"label": _("Signature"), "message": error[0], "anchor": "pkcs7"}]
        return render(request, "forms/sign.html", context, status=error[1])
    return _send(request, uuid)


def _signature_sent(request: HttpRequest) -> str:
    """The base64 of a signature that was pasted, or of a file that was chosen."""
    upload = request.FILES.get("file")
    if upload is None:
        return "".join(request.POST.get("pkcs7", "").split())
    return signing.as_base64(upload.read(MOST_BYTES))


def _signed(
    draft: Draft, answers: dict[str, Any], given: str, provider: signing.SignatureProvider
) -> tuple[str, int] | None:
    """What is wrong with a signature, with the status to answer; None where it is kept."""
    if not given:
        return _("The signature is missing."), 400
    try:
        signing.sign(draft, answers, given, provider)
    except signing.BadSignature:
        return _("The signature does not fit. Sign this very text, with a key that is valid."), 400
    except signing.WrongSigner:
        return _("This is the key of somebody else. Sign with your own."), 400
    except signing.ProviderDown:
        return _("The signature cannot be verified now. Your answers are kept. Try later."), 503
    return None


@require_safe
@for_its_owner
def sent(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What a free-standing form says once it was sent."""
    submission = own_submission(request, uuid)
    context = {"submission": submission, "title": submission.version.title(language_of_reader())}
    return render(request, "forms/sent.html", context)


@require_safe
@for_its_owner
def pdf(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The receipt as PDF, in the language in which the form was filled in."""
    submission = own_submission(request, uuid)
    limit("form-pdf", limit_key(request), "60/h")
    response = HttpResponse(receipts.pdf(submission), content_type="application/pdf")
    name = submission.receipt_number or "ariza"
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
