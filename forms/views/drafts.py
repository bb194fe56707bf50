"""What happens to drafts beside filling them in: a new version, a repetition, the end."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.http import SeeOther
from core.texts import pick
from forms import differences, services
from forms.models import Draft, Source
from forms.views.access import (
    for_its_owner,
    gone,
    language_of_reader,
    limit_key,
    own_draft,
    own_submission,
)
from operations.throttle import limit


@require_http_methods(["GET", "HEAD", "POST"])
@for_its_owner
def changes(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The form has a newer version: what changed, and whether to go over to it."""
    draft = own_draft(request, uuid)
    if draft is None:
        return gone(request, uuid)
    newest, language = draft.version.definition.current, language_of_reader()
    if newest is None or newest.pk == draft.version_id:
        return SeeOther(draft.get_absolute_url())
    if request.method == "POST":
        before, asked = dict(draft.answers), draft.version.schema.by_key
        try:
            moved = services.change_version(draft, newest)
        except Draft.DoesNotExist:
            return gone(request, uuid)
        lost = [pick(asked[key].label, language) for key in before if key not in moved.answers]
        if lost:
            text = _("You go on with the new form. These answers do not fit it: %(labels)s")
            messages.warning(request, text % {"labels": "; ".join(lost)})
        else:
            messages.success(request, _("You go on with the new form. Your answers are kept."))
        return SeeOther(moved.get_absolute_url())
    context = {
        "draft": draft,
        "title": pick(newest.schema.title, language),
        "changes": differences.between(draft.version.schema, newest.schema, language),
    }
    return render(request, "forms/changes.html", context)


@require_POST
@for_its_owner
def delete(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Throw a draft away with its files."""
    draft = own_draft(request, uuid)
    if draft is None:
        return gone(request, uuid)
    key = draft.version.definition.key
    try:
        services.delete_draft(draft)
    except Draft.DoesNotExist:
        return gone(request, uuid)
    messages.success(request, _("The draft was deleted."))
    return SeeOther(reverse("forms:start", args=[key]))


@require_POST
@for_its_owner
def repeat(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Start a draft from what was sent before."""
    submission = own_submission(request, uuid)
    definition = submission.version.definition
    version = definition.current
    is_own = submission.user is not None and submission.source == Source.PORTAL
    if version is None or not definition.active or submission.anonymised_at or not is_own:
        raise Http404
    limit("form-start", limit_key(request), "30/h")
    try:
        draft = services.repeat(submission, version)
    except services.NotEntitled:
        messages.error(request, _("The mandate has ended. Start a new request."))
        return SeeOther(reverse("forms:start", args=[definition.key]))
    messages.success(request, _("Your former answers are filled in. Look whether they still hold."))
    return SeeOther(draft.get_absolute_url())
