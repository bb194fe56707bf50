"""The applicant's inbox on the site: what the portal told, whether or not a letter arrived."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import notifying
from accounts.models import User
from core.http import see_other

PER_PAGE = 20


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """Messages, newest first; a press marks all as read."""
    user = request.user
    assert isinstance(user, User)
    if request.method == "POST":
        notifying.mark_read(user)
        return see_other("casework:messages")
    page = Paginator(notifying.messages_for(user), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "unread": notifying.unread(user)}
    return render(request, "casework/messages.html", context)


@login_required
@never_cache
@require_POST
def open_message(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one as read and go where it leads. Somebody else's does not exist."""
    user = request.user
    assert isinstance(user, User)
    message = get_object_or_404(notifying.messages_for(user), pk=pk)
    notifying.mark_read(user, message.pk)
    return see_other(message.path or "casework:messages")
