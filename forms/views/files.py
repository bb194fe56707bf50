"""Files: added one by one, given only to whoever may read them."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
)
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core import private_files
from forms import engine, guarding, presenting, readers, services
from forms.engine.paging import page, page_of
from forms.models import Attachment, AttachmentAccess, Draft
from forms.views.access import (
    for_its_owner,
    gone,
    language_of_reader,
    limit_key,
    own_draft,
    running_draft,
)
from operations.throttle import limit


@require_POST
@for_its_owner
def add_file(request: HttpRequest, uuid: UUID, question: str) -> HttpResponse:
    """One file of one question, by a request of its own: a line that drops costs this file alone.

    Answers the question as it is drawn now, with what is wrong.
    """
    draft = running_draft(request, uuid)
    if draft is None:
        return gone(request, uuid)
    guarding.refuse_robots(request, draft)
    limit("form-upload", limit_key(request), "120/10m")
    language = language_of_reader()
    try:
        saved = services.save_file(draft, question, request.FILES, language)
    except KeyError as error:
        raise Http404 from error
    except Draft.DoesNotExist:
        return gone(request, uuid)
    schema = saved.draft.version.schema
    current = page(schema, page_of(schema, question))
    if current is None:
        raise Http404
    drawn = presenting.step(schema, current, saved.draft.answers, language, errors=saved.errors)
    shown = next((one for one in drawn if one.key == question), None)
    return JsonResponse(
        {
            "html": render_to_string("forms/question.html", {"question": shown}, request)
            if shown
            else "",
            "revision": saved.draft.revision,
            "mark": services.seen(saved.draft, current),
            "error": saved.errors.get(question, ""),
        },
        status=400 if saved.errors else 200,
    )


@require_safe
def json_schema(request: HttpRequest) -> HttpResponse:
    """The JSON schema of forms, as they are exported and imported."""
    path = Path(engine.__file__).parent / "form.schema.json"
    return HttpResponse(path.read_bytes(), content_type="application/schema+json")


@never_cache
@require_safe
def download(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """A file for whoever may read it; for everybody else it does not exist. Each is logged."""
    attachment = get_object_or_404(
        Attachment.objects.select_related("draft", "submission"), uuid=uuid
    )
    holder = attachment.draft
    if holder is not None and holder.user_id is None:
        if own_draft(request, holder.uuid) is None:
            raise Http404
        return _give(request, attachment)
    return _download_signed_in(request, attachment)


@login_required
def _download_signed_in(request: HttpRequest, attachment: Attachment) -> HttpResponseBase:
    if not readers.may_read(request.user, attachment):
        raise Http404
    return _give(request, attachment)


def _give(request: HttpRequest, attachment: Attachment) -> HttpResponseBase:
    content = private_files.opened(attachment)
    AttachmentAccess.objects.create(
        attachment=attachment.uuid, user=request.user if request.user.is_authenticated else None
    )
    reader = request.user if request.user.is_authenticated else None
    readers.given.send(sender=Attachment, attachment=attachment, user=reader)
    return private_files.give(content, attachment)
