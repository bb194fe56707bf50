"""What stands on an agenda put into every language, by whoever prepares the session."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from casework.inbox import in_own_language
from registry import deciding
from registry.desk import keeps_sessions
from registry.forms import WordsForm
from registry.models import AgendaItem
from registry.stepping import allow


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_own_language
def words(request: HttpRequest, pk: int) -> HttpResponse:
    """Why an item is on the agenda, in the languages."""
    allow(keeps_sessions(request.user))
    item = get_object_or_404(AgendaItem, pk=pk)
    form = WordsForm(request.POST or None, initial={"text": item.text})
    if request.method == "POST" and form.is_valid():
        try:
            deciding.reword(item, form.cleaned_data["text"])
        except deciding.CannotDecide as refused:
            messages.error(request, str(refused))
        return redirect("registry_session", item.session_id)
    status = 400 if form.errors else 200
    context = {"form": form, "heading": _("Why, in every language"), "about": str(item)}
    return render(request, "registry/admin/form.html", context, status=status)
