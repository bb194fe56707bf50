"""Views of the room in Wagtail's admin."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages
from wagtail.admin.auth import require_admin_access
from wagtail.log_actions import log
from wagtail.models import Page
from wagtail.permission_policies.pages import PagePermissionPolicy

from accounts.models import Role
from accounts.selectors import agencies_of
from core.texts import pick
from forms import exports, gate, selectors, trying, usage
from forms.engine.paging import pages
from forms.engine.schema import SchemaError
from forms.models import FormDefinition, FormPage
from forms.readers import is_controller
from forms.services import making
from home.models import SectionPage
from service_pages.models import ServicePage

#: Bytes of an imported form; the largest of the demonstration has 60 kB.
MOST_BYTES = 2_000_000
#: Days that the page of use looks back.
SINCE_DAYS = 90


class ParentField(forms.ModelChoiceField):
    """The Uzbek page under which a form is made."""

    def label_from_instance(self, obj: Page) -> str:
        """Its title."""
        return obj.get_admin_display_title()


class MakeForm(forms.Form):
    """Where a new form goes, and its key."""

    key = forms.SlugField(
        label=gettext_lazy("Key of the new form"), max_length=100,
        help_text=gettext_lazy("Stands in addresses: form-kindergarten"),
    )  # fmt: skip
    service = ParentField(
        queryset=ServicePage.objects.none(), required=False, label=gettext_lazy("Service")
    )
    section = ParentField(
        queryset=SectionPage.objects.none(), required=False,
        label=gettext_lazy("Or a section, for a free-standing form"),
    )  # fmt: skip

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = PagePermissionPolicy().instances_user_has_permission_for(user, "add")
        for name, model in (("service", ServicePage), ("section", SectionPage)):
            field = self.fields[name]
            if isinstance(field, ParentField):
                field.queryset = model.objects.filter(
                    locale__language_code=settings.LANGUAGE_CODE, pk__in=own.values("pk")
                ).order_by("title")

    def clean(self) -> dict[str, Any]:
        """Exactly one place."""
        cleaned = super().clean() or {}
        parents = [cleaned.get(name) for name in ("service", "section") if cleaned.get(name)]
        if len(parents) != 1:
            self.add_error("service", _("Choose a service or a section."))
        else:
            cleaned["parent"] = parents[0]
        return cleaned


def _no_number(name: str) -> None:
    """NaN and Infinity are no JSON, whatever Python says. Raises ValueError."""
    raise ValueError(name)


class ImportForm(MakeForm):
    """The same with a file."""

    file = forms.FileField(label=gettext_lazy("The form as JSON"))

    def clean_file(self) -> Any:
        """An object of JSON."""
        upload = self.cleaned_data["file"]
        if upload.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is too large."))
        try:
            item = json.loads(upload.read(), parse_constant=_no_number)
        except json.JSONDecodeError as error:
            raise forms.ValidationError(
                _("The file is no JSON: line %(line)s, character %(column)s."),
                params={"line": error.lineno, "column": error.colno},
            ) from error
        except (ValueError, RecursionError) as error:
            raise forms.ValidationError(_("The file is no JSON.")) from error
        if not isinstance(item, dict):
            raise forms.ValidationError(_("The file holds no form."))
        return item


def _page(request: HttpRequest, pk: int) -> FormPage:
    """A form page that the reader may edit."""
    page = get_object_or_404(FormPage, pk=pk)
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    return page


def _made(request: HttpRequest, form: MakeForm, make: Any) -> HttpResponse | None:
    """Make what a valid form asks for; None where it cannot be, which the form says."""
    parent = form.cleaned_data["parent"]
    if not parent.permissions_for_user(request.user).can_add_subpage():
        raise PermissionDenied
    try:
        page = make(parent, form.cleaned_data["key"], request.user)
    except making.KeyTaken:
        form.add_error("key", _("There is a form with this key."))
    except SchemaError as error:
        form.add_error(None if "file" not in form.fields else "file", str(error))
    else:
        messages.success(request, _("The draft is made. Check every line before you publish it."))
        for problem in gate.problems(page):
            messages.warning(request, str(problem.message))
        return redirect("wagtailadmin_pages:edit", page.pk)
    return None


@require_admin_access
@require_http_methods(["GET", "HEAD", "POST"])
def import_form(request: HttpRequest) -> HttpResponse:
    """A draft of a form from its JSON, for whoever writes pages somewhere."""
    if not PagePermissionPolicy().user_has_permission(request.user, "add"):
        raise PermissionDenied
    form = ImportForm(request.POST or None, request.FILES or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        item = form.cleaned_data["file"]
        done = _made(request, form, lambda *where: making.make_from_json(item, *where))
        if done:
            return done
    context = {
        "form": form,
        "page_title": _("Import a form"),
        "header_icon": "upload",
        "lead": _("A draft is made; nothing is published."),
    }
    return render(request, "forms/admin/make.html", context)


@require_admin_access
@require_http_methods(["GET", "HEAD", "POST"])
def duplicate(request: HttpRequest, page_pk: int) -> HttpResponse:
    """A copy of a form with a key of its own."""
    page = _page(request, page_pk)
    form = MakeForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        done = _made(request, form, lambda *where: making.duplicate(page, *where))
        if done:
            return done
    context = {
        "form": form,
        "page_title": _("Duplicate a form"),
        "page_subtitle": page.title,
        "header_icon": "copy",
        "lead": _("The copy is a form of its own: a change of one does not change the other."),
    }
    return render(request, "forms/admin/make.html", context)


@require_admin_access
@require_safe
def export_form(request: HttpRequest, page_pk: int) -> HttpResponse:
    """The form as it is drafted now, as JSON with the texts of all languages."""
    page = _page(request, page_pk).get_latest_revision_as_object()
    try:
        schema = trying.draft_schema(page)
    except SchemaError as error:
        raise Http404 from error
    data = {"$schema": f"{settings.BASE_URL}/files/form.schema.json"} | schema.to_json()
    text = json.dumps(data, ensure_ascii=False, indent=1)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{schema.key}.json"'
    return response


@require_admin_access
@require_http_methods(["GET", "HEAD", "POST"])
def try_form(request: HttpRequest, page_pk: int) -> HttpResponse:
    """Fill in a form as it is drafted now; nothing is kept or sent."""
    page = _page(request, page_pk).get_latest_revision_as_object()
    language = get_language() or settings.LANGUAGE_CODE
    try:
        schema = trying.draft_schema(page)
        trial = trying.run(schema, request.POST if request.method == "POST" else None)
    except SchemaError as error:
        messages.error(request, str(error))
        return redirect("wagtailadmin_pages:edit", page.pk)
    context = {
        "page": page,
        "title": pick(schema.title, language),
        "trial": trial,
        "steps": selectors.shown(schema, trial.answers or {}, language),
    }
    return render(request, "forms/trial.html", context, status=400 if trial.errors else 200)


def may_read_answers(request: HttpRequest, definition: FormDefinition) -> bool:
    """Whether the reader may have the answers of a form: officers and heads of its agency; of a
    free-standing form, controllers of the whole portal."""
    agencies = agencies_of(request.user, Role.OFFICER, Role.HEAD)
    if definition.service is not None:
        return agencies.filter(pk=definition.service.agency_id).exists()
    return is_controller(request.user)


@require_admin_access
@require_safe
def use(request: HttpRequest, pk: int) -> HttpResponse:
    """How a form is used: begun, finished, given up where; no personal data."""
    definition = get_object_or_404(FormDefinition.objects.select_related("service"), pk=pk)
    version = definition.current
    if not request.user.has_perm("portal_forms.view_formdefinition"):
        raise PermissionDenied
    if version is None:
        raise Http404
    since = timezone.localdate() - timedelta(days=SINCE_DAYS)
    found = usage.of_form(definition, since)
    language = get_language() or settings.LANGUAGE_CODE
    schema = version.schema
    context = {
        "definition": definition,
        "page_title": _("Use of the form"),
        "page_subtitle": version.title(),
        "header_icon": "form",
        "since": since,
        "use": found,
        "share": round(100 * found.sent / found.started) if found.started else None,
        "steps": [
            {
                "title": pick(step.title, language),
                "finished": found.steps[step.key],
                "abandoned": found.abandoned[step.key],
            }
            for step in pages(schema)
        ],
        "questions": [
            {"label": pick(schema.by_key[key].label, language), "times": times}
            for key, times in found.errors.most_common()
            if key in schema.by_key
        ],
        "may_export": may_read_answers(request, definition),
        "formats": list(exports.FORMATS),
    }
    return render(request, "forms/admin/use.html", context)


@require_admin_access
@require_safe
def export_answers(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """All answers of a form for those entitled; the history says who took them."""
    definition = get_object_or_404(FormDefinition.objects.select_related("service"), pk=pk)
    if not may_read_answers(request, definition):
        raise PermissionDenied
    if kind not in exports.FORMATS:
        raise Http404
    log(instance=definition, action="forms.export", user=request.user, data={"format": kind})
    content = exports.export(definition, kind, get_language() or settings.LANGUAGE_CODE)
    response = HttpResponse(content, content_type=exports.FORMATS[kind])
    response["Content-Disposition"] = f'attachment; filename="{definition.key}.{kind}"'
    response["Cache-Control"] = "no-store"
    return response
