"""Before the first question: on whose behalf, what to prepare, drafts to go on with."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from core.http import SeeOther
from forms import overview, prices, selectors, services
from forms.models import FormDefinition, FormVersion
from forms.services.drafts import is_open
from forms.services.sending import has_confirmed_email
from forms.views.access import language_of_reader, limit_key, remember_draft
from operations.throttle import limit


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
    context: dict[str, Any] = {
        "definition": definition,
        "price": prices.before(definition.service, request.GET, language_of_reader()),
        "form": overview.of_schema(version.schema, definition.service, definition.retention_days),
    }
    user = request.user
    if not isinstance(user, User):
        if not is_open(version):
            return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
        return _without_account(request, version, context)
    return _with_account(request, user, version, context)


def _without_account(
    request: HttpRequest, version: FormVersion, context: dict[str, Any]
) -> HttpResponse:
    context |= {"chosen": "", "choices": [], "open": True}
    if request.method != "POST":
        return render(request, "forms/start.html", context)
    if not request.session.session_key:
        request.session.create()
    limit("form-start-open", limit_key(request), "10/h")
    draft = services.start_draft(None, version)
    remember_draft(request, draft)
    return SeeOther(draft.get_absolute_url())


def _with_account(
    request: HttpRequest, user: User, version: FormVersion, context: dict[str, Any]
) -> HttpResponse:
    schema = version.schema
    choices = selectors.choices_for(user, schema)
    drafts = [
        draft
        for draft in selectors.drafts_of(user)
        if draft.version.definition_id == version.definition_id
    ]
    context |= {
        "level_too_low": schema.identification_level != "none"
        and not user.reaches(schema.identification_level),
        "email_missing": schema.confirmed_email and not has_confirmed_email(user),
        "choices": choices,
        "chosen": choices[0].value if len(choices) == 1 else None,
        "drafts": drafts,
    }
    if context["level_too_low"] or context["email_missing"] or not choices:
        return render(request, "forms/not_entitled.html", context, status=403)
    if request.method != "POST":
        return render(request, "forms/start.html", context)
    limit("form-start", str(user.pk), "30/h")
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
    draft = services.start_draft(user, version, choice.representation)
    return SeeOther(draft.get_absolute_url())
