"""Whose draft it is, and what is kept while somebody signs in again."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.fields import key_ring
from core.http import SeeOther
from forms import services
from forms.engine.paging import CHECK
from forms.models import Draft, Submission

View = Callable[..., HttpResponse]
#: The session's list of drafts that were begun without signing in, and what was typed.
_DRAFTS, _TYPED = "forms:drafts", "forms:typed"
MOST_OPEN_DRAFTS = 5
#: Letters of a page that are kept over a sign-in.
MOST_TYPED = 60_000


def language_of_reader() -> str:
    """The language of the page."""
    return get_language() or "uz"


def limit_key(request: HttpRequest) -> str:
    """Whose tries are counted: an account's, else those of a browser's session."""
    if request.user.is_authenticated:
        return str(request.user.pk)
    return f"session-{request.session.session_key or 'new'}"


def remember_draft(request: HttpRequest, draft: Draft) -> None:
    """Let this browser go on with a draft that has no account."""
    held = [*request.session.get(_DRAFTS, []), str(draft.uuid)]
    request.session[_DRAFTS] = held[-MOST_OPEN_DRAFTS:]


def is_held(request: HttpRequest, uuid: UUID) -> bool:
    """Whether this browser began the draft without signing in."""
    return str(uuid) in request.session.get(_DRAFTS, [])


def own_draft(request: HttpRequest, uuid: UUID) -> Draft | None:
    """The reader's own draft that still lives, in the newest words of its form, or None."""
    rows = Draft.objects.to_go_on_with().filter(uuid=uuid)
    if is_held(request, uuid):
        draft = rows.filter(user=None).first()
    elif request.user.is_authenticated:
        draft = rows.filter(user=request.user).first()
        if draft is not None:
            draft.user = request.user
    else:
        return None
    return services.with_newest_words(draft) if draft else None


def running_draft(request: HttpRequest, uuid: UUID) -> Draft | None:
    """As `own_draft`. Raises PermissionDenied where the mandate has ended: pages that were open
    then close too, not only the sending."""
    draft = own_draft(request, uuid)
    if draft is not None:
        try:
            services.check_mandate(draft.user, draft.representation)
        except services.NotEntitled as error:
            raise PermissionDenied from error
    return draft


def own_submission(request: HttpRequest, uuid: UUID) -> Submission:
    """What the reader sent. Raises Http404 on anybody else's."""
    rows = Submission.objects.select_related(
        "version__definition__service__agency",
        "representation__organization",
        "representation__person",
    )
    if is_held(request, uuid):
        return get_object_or_404(rows, uuid=uuid, anonymous=True)
    return get_object_or_404(rows.exclude(user=None), uuid=uuid, user_id=request.user.pk)


def gone(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Where a draft's address leads once it was sent; somebody else's does not exist."""
    submission = own_submission(request, uuid)
    if submission.receipt_number:
        messages.info(
            request,
            _("This request was sent before. Its number: %(number)s")
            % {"number": submission.receipt_number},
        )
    return SeeOther(receipt_url(submission))


def receipt_url(submission: Submission) -> str:
    """The receipt: the receiver's, or our own for a free-standing form."""
    return submission.receipt_url or reverse("forms:sent", args=[submission.uuid])


def page_url(draft: Draft, key: str) -> str:
    """Address of a page of a draft, or of its check."""
    if key == CHECK:
        return reverse("forms:check", args=[draft.uuid])
    return reverse("forms:step", args=[draft.uuid, key])


def wants_json(request: HttpRequest) -> bool:
    """Whether our script asks."""
    return request.headers.get("X-Requested-With") == "portal"


def for_its_owner(view: View) -> View:
    """View decorator: whoever is signed in, or holds the draft in this session, goes on; everybody
    else signs in first, and what was typed on a page is kept for them meanwhile."""

    @wraps(view)
    def checked(request: HttpRequest, uuid: UUID, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated or is_held(request, uuid):
            response = view(request, uuid, *args, **kwargs)
        elif wants_json(request):
            keep_typed(request)
            text = _("For safety, sign in again. What you typed is kept.")
            response = JsonResponse({"sign_in": _login_url(request), "message": text}, status=401)
        else:
            keep_typed(request)
            response = redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
        add_never_cache_headers(response)
        return response

    return checked


def _login_url(request: HttpRequest) -> str:
    return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)["Location"]


def keep_typed(request: HttpRequest) -> None:
    """Keep the texts of a posted page in the session, encrypted, until its owner signed in."""
    if request.method != "POST" or not request.POST:
        return
    typed = {
        name: request.POST.getlist(name) for name in request.POST if name != "csrfmiddlewaretoken"
    }
    text = json.dumps({"path": request.path, "typed": typed}, ensure_ascii=False)
    if len(text) <= MOST_TYPED:
        request.session[_TYPED] = key_ring().encrypt(text.encode()).decode()


def typed_before(request: HttpRequest) -> QueryDict | None:
    """What was typed on this page before its owner signed in again, or None."""
    kept = request.session.get(_TYPED)
    if not kept:
        return None
    try:
        found = json.loads(key_ring().decrypt(kept.encode()))
    except (InvalidToken, ValueError):
        return None
    if found["path"] != request.path:
        return None
    data = QueryDict(mutable=True)
    for name, values in found["typed"].items():
        data.setlist(name, values)
    return data


def forget_typed(request: HttpRequest) -> None:
    """What was typed is saved now."""
    request.session.pop(_TYPED, None)
