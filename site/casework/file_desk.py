"""Attached files on the desk: looked at in place, one after the other, never as a page of ours.

What is shown comes from an address of its own whose policy lets it run nothing. Pictures are shown
as they are, PDF by the browser's own viewer; all else is only downloaded.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from casework import selectors
from casework.models import RequestTask, ServiceRequest
from core import private_files
from core.own_language import in_own_language
from forms import readers
from forms.models import Attachment

PICTURES = frozenset({"image/jpeg", "image/png"})
PDF = "application/pdf"
#: The browser's own viewer of PDF needs its own styles and frames; it gets no script of ours.
_POLICIES = {
    PDF: "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'",
}
_STRICT = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'self'"
)


def _readable(request: HttpRequest, uuid: UUID) -> Attachment:
    """A file of a request that the reader may see, or asks about as an asked agency; else 404."""
    found = get_object_or_404(Attachment.objects.select_related("submission"), uuid=uuid)
    own = found.owner_id == request.user.pk  # whoever sent it has pages of their own
    if own or not readers.may_read(request.user, found):
        raise Http404
    return found


@never_cache
@require_safe
@in_own_language
def viewer(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One file with the others of its request beside it."""
    file = _readable(request, uuid)
    row = get_object_or_404(ServiceRequest, submission_id=file.submission_id)
    around = list(Attachment.objects.filter(submission_id=file.submission_id).order_by("pk")[:100])
    here = next(number for number, one in enumerate(around) if one.pk == file.pk)
    context = {
        "file": file,
        "row": row,
        "back": _back(request, row),
        "is_picture": file.content_type in PICTURES,
        "is_pdf": file.content_type == PDF,
        "number": here + 1,
        "count": len(around),
        "before": around[here - 1] if here else None,
        "after": around[here + 1] if here + 1 < len(around) else None,
    }
    return render(request, "casework/admin/file.html", context)


def _back(request: HttpRequest, row: ServiceRequest) -> str:
    """The request, or the task by which the reader's agency was asked about it."""
    if selectors.readable_by(request.user).filter(pk=row.pk).exists():
        return reverse("casework_detail", args=[row.uuid])
    asked = Q(agency__in=selectors.agencies_of(request.user, *selectors.STAFF))
    task = RequestTask.objects.filter(asked, request=row).order_by("-pk").first()
    return reverse("casework_task", args=[task.pk]) if task else reverse("casework_inbox")


@never_cache
@require_safe
@xframe_options_sameorigin
def content(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """The bytes of a picture or a PDF, to be shown in place; each look is in the history."""
    file = _readable(request, uuid)
    if file.content_type not in PICTURES | {PDF}:
        raise Http404
    opened = private_files.opened(file)
    readers.given.send(sender=Attachment, attachment=file, user=request.user)
    response = FileResponse(opened, filename=file.filename, content_type=file.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = _POLICIES.get(file.content_type, _STRICT)
    return response
