"""The translation desk in Wagtail's admin. Everybody sees the pages that they have rights on."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin import messages
from wagtail.admin.auth import require_admin_access
from wagtail.models import Locale, Page
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail_localize.models import StringTranslation, Translation

from core import conversions
from core.translations import is_source
from service_pages.models import TranslationBatch
from service_pages.tasks import send_to_translation
from service_pages.translation import desk, po, services
from service_pages.translation.forms import AssignForm, FilterForm, ImportForm, SendForm

PER_PAGE = 50
View = Callable[..., HttpResponse]


def for_the_desk(view: View) -> View:
    """Only those who have rights on some page; 403 for other staff."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not desk.may_use(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    admitted: View = require_admin_access(checked)
    return admitted


def _chosen(request: HttpRequest, params: QueryDict) -> tuple[FilterForm, list[desk.Entry]]:
    """The filter as read from an address, and the entries that it admits before its state."""
    form = FilterForm(params, user=request.user)
    form.is_valid()
    asked = form.cleaned_data
    sources = desk.sources_for(request.user, asked.get("agency"))
    key = params.get("page_of", "")
    if key.isdigit():
        # Whatever language of the page was asked from.
        sources = sources.filter(
            translation_key__in=Page.objects.filter(pk=int(key)).values("translation_key")
        )
    languages = [asked["language"]] if asked.get("language") else desk.LANGUAGES
    return form, desk.entries(sources, languages)


def _admitted(form: FilterForm, entries: list[desk.Entry]) -> list[desk.Entry]:
    asked = form.cleaned_data
    filters = desk.Filters(
        state=asked.get("state", ""),
        words=asked.get("q", ""),
        assignee=asked.get("assignee", ""),
        overdue=asked.get("overdue", False),
    )
    return [entry for entry in entries if filters.admits(entry)]


@for_the_desk
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """What each language lacks, and the list of pages behind the figures."""
    form, found = _chosen(request, request.GET)
    shown = _admitted(form, found)
    query = request.GET.copy()
    query.pop("p", None)
    return render(
        request,
        "service_pages/admin/translation/desk.html",
        {
            "form": form,
            "summary": desk.summary(found),
            "states": desk.State,
            "rows": Paginator(shown, PER_PAGE).get_page(request.GET.get("p")),
            "count": len(shown),
            "query": query.urlencode(),
            "assign": AssignForm(user=request.user, prefix="give"),
            "lost": len(_lost(request)),
            "batch": TranslationBatch.objects.filter(started_by=request.user).first(),
            "page_title": _("Translations"),
            "header_icon": "globe",
        },
    )


def _selected(request: HttpRequest) -> list[tuple[UUID, int, str]]:
    """(key, page, language) of the ticked rows, or of the whole list; only what the user may."""
    if request.POST.get("everything"):
        form, found = _chosen(request, QueryDict(request.POST.get("query", "")))
        return [(row.key, row.page_id, row.language) for row in _admitted(form, found)]
    ticked = {tuple(value.split(":", 1)) for value in request.POST.getlist("item")}
    pages = {str(page.pk): page for page in desk.sources_for(request.user)}
    return [
        (pages[pk].translation_key, pages[pk].pk, language)
        for pk, language in sorted(item for item in ticked if len(item) == 2)
        if pk in pages
    ]


def _back(request: HttpRequest) -> HttpResponse:
    query = request.POST.get("query", "")
    address = reverse("service_pages_translations")
    return redirect(f"{address}?{query}" if query else address)


@for_the_desk
@require_POST
def assign(request: HttpRequest) -> HttpResponse:
    """Give the ticked pages to a translator, or send them to translation with it."""
    form = AssignForm(request.POST, user=request.user, prefix="give")
    if not form.is_valid():
        messages.error(request, _("Check the translator and the day."))
        return _back(request)
    chosen = [item for item in _selected(request) if item[2] in desk.BY_PEOPLE]
    if not chosen:
        messages.error(request, _("Tick the pages first."))
        return _back(request)
    assignee, due_on = form.cleaned_data["assignee"], form.cleaned_data["due_on"]
    if assignee is not None:
        pages = Page.objects.in_bulk({pk for _key, pk, _language in chosen})
        if not all(services.translates_for(assignee, page) for page in pages.values()):
            messages.error(request, _("This translator does not translate for all these agencies."))
            return _back(request)
    if request.POST.get("action") == "send":
        languages = {language for _key, _pk, language in chosen}
        return _started(
            request, {pk for _key, pk, _language in chosen}, languages, assignee, due_on
        )
    number = services.assign(
        [(key, language) for key, _pk, language in chosen], assignee, due_on, request.user
    )
    messages.success(request, _("Assigned: %(count)s") % {"count": number})
    return _back(request)


def _started(
    request: HttpRequest, pages: set[int], languages: set[str], assignee: Any, due_on: Any
) -> HttpResponse:
    with transaction.atomic():
        batch = services.start(pages, languages, request.user, assignee=assignee, due_on=due_on)
        transaction.on_commit(lambda: send_to_translation.enqueue(batch.pk))
    return redirect("service_pages_translations_batch", batch.pk)


@for_the_desk
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest) -> HttpResponse:
    """Send one page, with what stands under it if asked, into several languages."""
    value = request.POST.get("page") or request.GET.get("page", "")
    page = get_object_or_404(Page, pk=value if value.isdigit() else 0)
    if not is_source(page) or not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    form = SendForm(
        request.POST or None, user=request.user, initial={"languages": list(desk.BY_PEOPLE)}
    )
    below = page.get_descendants().live().filter(alias_of=None)
    if request.method == "POST" and form.is_valid():
        pages = {page.pk}
        if request.POST.get("below"):
            pages |= set(below.values_list("pk", flat=True))
        return _started(
            request,
            pages,
            set(form.cleaned_data["languages"]),
            form.cleaned_data["assignee"],
            form.cleaned_data["due_on"],
        )
    return render(
        request,
        "service_pages/admin/translation/send.html",
        {
            "form": form,
            "page": page,
            "below": below.count(),
            "page_title": _("Send to translation"),
            "page_subtitle": page.title,
            "header_icon": "globe",
        },
    )


@for_the_desk
@require_safe
def batch(request: HttpRequest, batch_pk: int) -> HttpResponse:
    """How far a sending is; the page asks again until it is done. 404 for another's."""
    rows = TranslationBatch.objects.all()
    if not request.user.is_superuser:
        rows = rows.filter(started_by=request.user)
    found = get_object_or_404(rows, pk=batch_pk)
    return render(
        request,
        "service_pages/admin/translation/batch.html",
        {
            "batch": found,
            "total": len(found.pages),
            "languages": [name for code, name in settings.LANGUAGES if code in found.languages],
            "failed": Page.objects.filter(pk__in=found.failed),
            "page_title": _("Send to translation"),
            "header_icon": "globe",
        },
    )


# -- texts that an editor wrote over the conversion ------------------------------------------------


def _lost(request: HttpRequest) -> list[dict[str, Any]]:
    """Overrides on the user's pages whose Uzbek text has changed since."""
    pages = {page.translation_key: page for page in desk.sources_for(request.user)}
    found = []
    for locale in Locale.objects.filter(language_code__in=conversions.FOLLOWERS):
        for row in conversions.lost_overrides(locale):
            page = pages.get(row.context.object_id)
            if page is not None:
                found.append({"row": row, "page": page, "locale": locale})
    return found


@for_the_desk
@require_http_methods(["GET", "HEAD", "POST"])
def lost(request: HttpRequest) -> HttpResponse:
    """Overrides that a changed source took the place of; seen ones are put away."""
    found = _lost(request)
    if request.method == "POST":
        seen = set(request.POST.getlist("seen"))
        own = [item["row"].pk for item in found if str(item["row"].pk) in seen]
        StringTranslation.objects.filter(pk__in=own).delete()
        messages.success(request, _("Put away: %(count)s") % {"count": len(own)})
        return redirect("service_pages_translations_lost")
    targets = {
        (row.translation_key, row.locale_id): row.pk
        for row in Page.objects.filter(
            translation_key__in={item["page"].translation_key for item in found},
            locale__language_code__in=conversions.FOLLOWERS,
        )
    }
    for item in found:
        item["target"] = targets.get((item["page"].translation_key, item["locale"].pk))
        item["now"] = conversions.now_at(item["row"])
    return render(
        request,
        "service_pages/admin/translation/lost.html",
        {"items": found, "page_title": _("Lost overrides"), "header_icon": "history"},
    )


# -- gettext PO ------------------------------------------------------------------------------------


@for_the_desk
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The texts of an agency (or of all the user's pages) in one language as a PO file."""
    form = FilterForm(request.GET, user=request.user)
    form.is_valid()
    language, agency = form.cleaned_data.get("language", ""), form.cleaned_data.get("agency")
    if language not in desk.BY_PEOPLE:
        messages.error(request, _("Choose the language of the file first."))
        return redirect("service_pages_translations")
    file = po.export(desk.sources_for(request.user, agency), language)
    response = HttpResponse(str(file), content_type="text/x-gettext-translation; charset=utf-8")
    name = f"{agency.slug if agency else 'portal'}-{language}.po"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@for_the_desk
@require_http_methods(["GET", "HEAD", "POST"])
def import_(request: HttpRequest) -> HttpResponse:
    """Take a translated file back; what does not fit is named with its line."""
    form = ImportForm(
        request.POST or None,
        request.FILES or None,
        initial={"language": request.GET.get("language", "")},
    )
    report = None
    if request.method == "POST" and form.is_valid():
        language = form.cleaned_data["language"]
        try:
            file = po.parse(form.cleaned_data["file"].read())
            own = _translatable(request, language)
            report = po.import_file(file, language, own, request.user)
        except po.NotPo as error:
            form.add_error("file", str(error))
    return render(
        request,
        "service_pages/admin/translation/import.html",
        {
            "form": form,
            "report": report,
            "page_title": _("Take a translated file"),
            "header_icon": "upload",
        },
    )


def _translatable(request: HttpRequest, language: str) -> list[Page]:
    """Uzbek pages whose version in a language the user may edit."""
    allowed = PagePermissionPolicy().instances_user_has_permission_for(request.user, "change")
    targets = allowed.filter(locale__language_code=language).values("translation_key")
    return list(desk.sources_for(request.user).filter(translation_key__in=targets))


@require_admin_access
@require_POST
def upload_one(request: HttpRequest, translation_id: int) -> HttpResponse:
    """wagtail-localize's upload for one page, with the desk's checks before it."""
    translation = get_object_or_404(Translation, pk=translation_id)
    page = translation.get_target_instance()
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    try:
        file = po.parse(request.FILES["file"].read())
    except (po.NotPo, KeyError) as error:
        messages.error(request, str(error) or _("Choose a file."))
        return redirect("wagtailadmin_pages:edit", page.pk)
    if file.metadata.get("X-WagtailLocalize-TranslationID") != str(translation.uuid):
        messages.error(request, _("The file was made for another page or language."))
        return redirect("wagtailadmin_pages:edit", page.pk)
    flaws = [
        f"{entry.linenum}: {flaw}"
        for entry in file
        if entry.msgstr and not entry.obsolete and (flaw := po.flaw_of(entry.msgid, entry.msgstr))
    ]
    if flaws:
        messages.error(request, _("Nothing was taken. Mend these lines:") + " " + " ".join(flaws))
    else:
        translation.import_po(file, user=request.user, tool_name=po.TOOL)
        messages.success(request, _("The texts were taken from the file."))
    return redirect("wagtailadmin_pages:edit", page.pk)
