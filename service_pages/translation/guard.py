"""What wagtail-localize and Wagtail leave open around translations, closed on the server.

The star: pages are written in Uzbek, every other language is translated from it, and a translation
reaches readers through the workflow alone. Buttons are hidden elsewhere; here the addresses refuse.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.api.views import PagesAdminAPIViewSet
from wagtail.models import Page
from wagtail_localize.models import Translation, TranslationSource
from wagtail_localize.views.edit_translation import edit_translation

from core.models import BasePage
from core.translations import by_people, lacks, open_translation
from languages import registry
from service_pages.models.approval import is_author

WRITE_IN_UZBEK = _("Pages are written in Uzbek first and translated from there.")
GOES_WITH_SOURCE = _("A translation moves, is copied and is deleted with its Uzbek page.")
STAYS_ALIAS = _(
    "Until its translation is approved, readers see the Uzbek text with a notice. "
    "Send the page for translation."
)
TAKEN_DOWN_WITH_SOURCE = _("This text follows the Uzbek page: take that one down.")
NEVER_STOPPED = _(
    "A translation stays tied to its Uzbek page. To take it back, unpublish it: "
    "readers then see the Uzbek text with a notice."
)
SEND_IT = _("Send the translation for approval: another person publishes.")


def refused(request: HttpRequest, reason: str | Promise, page: Page) -> HttpResponse:
    """Say why, and lead back to where the page is."""
    messages.error(request, reason)
    if page.depth > 1 and page.permissions_for_user(request.user).can_edit():
        return redirect("wagtailadmin_pages:edit", page.pk)
    return redirect("wagtailadmin_explore_root")


def _in_star(page: Page) -> bool:
    """Whether a page is one of another language than Uzbek, below its home page."""
    return (
        page.depth > 2
        and isinstance(page.specific_deferred, BasePage)
        and page.locale.language_code != settings.LANGUAGE_CODE
    )


# -- addresses of wagtail-localize -----------------------------------------------------------------


def no_snippets(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """No row is translated page by page; wagtail-localize would list any registered model."""
    raise Http404


def to_the_desk(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """wagtail-localize's report: the desk says more."""
    return redirect("service_pages_translations")


def submit_page(request: HttpRequest, page_id: int) -> HttpResponse:
    """Sending goes through the desk: by the rights on the page, in the task queue."""
    page = get_object_or_404(Page, pk=page_id, depth__gt=1)
    source = Page.objects.filter(
        translation_key=page.translation_key, locale__language_code=settings.LANGUAGE_CODE
    ).first()
    if source is None:
        return refused(request, WRITE_IN_UZBEK, page)
    response = redirect("service_pages_translations_send")
    response["Location"] += f"?page={source.pk}"
    return response


def update_source(request: HttpRequest, translation_source_id: int) -> HttpResponse:
    """Translations are told of a change when the Uzbek page is published, never at a press."""
    source = get_object_or_404(TranslationSource, pk=translation_source_id)
    page = source.get_source_instance()
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    messages.success(request, _("Translations learn of a change when the page is published."))
    return redirect("wagtailadmin_pages:edit", page.pk)


def stop(request: HttpRequest, translation_id: int) -> HttpResponse:
    """A translation that is stopped would never be flagged as outdated."""
    translation = get_object_or_404(Translation, pk=translation_id)
    return refused(request, NEVER_STOPPED, translation.get_target_instance())


def convert(request: HttpRequest, page_id: int) -> HttpResponse:
    """Making an alias by hand would throw the translated texts away."""
    return refused(request, NEVER_STOPPED, get_object_or_404(Page, pk=page_id))


def urls() -> list[URLPattern]:
    """Addresses that stand before wagtail-localize's own (see `wagtail_hooks.admin_urls`)."""
    snippet = "<slug:app_label>/<slug:model_name>/"
    return [
        path("localize/submit/page/<int:page_id>/", submit_page),
        path(f"localize/submit/snippet/{snippet}<str:pk>/", no_snippets),
        path("localize/update/<int:translation_source_id>/", update_source),
        path("localize/translate/<int:translation_id>/disable/", stop),
        path("localize/page/<int:page_id>/convert_to_alias/", convert),
        path("localize/reports/translations/", to_the_desk),
        path("localize/reports/translations/results/", to_the_desk),
        path(f"localize/api/snippets/{snippet}", no_snippets),
        path(f"localize/api/snippets/{snippet}<str:pk>/", no_snippets),
    ]


def without_hook(name: str, function: Callable[..., Any]) -> None:
    """Take another app's hook out; Wagtail has no public way.

    Raises ValueError where it is not there: the other app has changed and wants a look.
    """
    hooks._hooks[name].remove((function, 0))


# -- hooks of Wagtail ------------------------------------------------------------------------------


class PagesWithoutActions(PagesAdminAPIViewSet):
    """Wagtail's admin API may be read; its actions ask no workflow and no hook."""

    actions: dict[str, Any] = {}


@hooks.register("construct_admin_api")
def only_reading(router: Any) -> None:
    """Leave out publish, convert_alias, copy_for_translation and their like."""
    router.register_endpoint("pages", PagesWithoutActions)


@hooks.register("before_edit_page", order=-20)
def edit_an_alias_as_translation(request: HttpRequest, page: Page) -> HttpResponse | None:
    """The translator works on a page that readers still see as an alias."""
    if not page.alias_of_id or not by_people(page.locale):
        return None
    translation = open_translation(page)
    if translation is None:
        return None
    if request.method == "POST" and request.POST.get("action") == "publish":
        return refused(request, SEND_IT, page)
    response: HttpResponse = edit_translation(request, translation, page.specific)
    return response


@hooks.register("before_edit_page", order=-10)
def refuse_publishing_a_translation_alone(request: HttpRequest, page: Page) -> HttpResponse | None:
    """wagtail-localize publishes without asking a workflow or `before_publish_page`."""
    if request.method != "POST":
        return None
    if "localize-convert-to-alias" in request.POST:
        return refused(request, NEVER_STOPPED, page)
    if request.POST.get("action") != "publish":
        return None
    translation = open_translation(page)
    if translation is None:
        return None
    if not request.user.is_superuser:
        return refused(request, SEND_IT, page)
    found = lacks(page, None)
    if found:
        return refused(request, " ".join(str(problem.message) for problem in found), page)
    return None


@hooks.register("before_convert_alias_page")
def refuse_an_untranslated_page(request: HttpRequest, page: Page) -> HttpResponse | None:
    """An alias that became a page would be Uzbek text under another language, without notice."""
    return refused(request, STAYS_ALIAS, page) if _in_star(page) else None


@hooks.register("before_create_page")
def refuse_writing_in_another_language(
    request: HttpRequest, parent_page: Page, page_class: type[Page]
) -> HttpResponse | None:
    """A page of another language alone would have no source."""
    if parent_page.depth == 1 or parent_page.locale.language_code == settings.LANGUAGE_CODE:
        return None
    messages.error(request, WRITE_IN_UZBEK)
    return redirect("wagtailadmin_explore", parent_page.pk)


@hooks.register("before_copy_page")
def refuse_copying(request: HttpRequest, page: Page) -> HttpResponse | None:
    """No copies of translations, and no copy that is published at once."""
    if _in_star(page):
        return refused(request, GOES_WITH_SOURCE, page)
    if request.POST.get("publish_copies") and not request.user.is_superuser:
        return refused(request, _("A copy is a draft: another person publishes it."), page)
    return None


@hooks.register("before_move_page")
def refuse_moving(request: HttpRequest, page: Page, destination: Page) -> HttpResponse | None:
    """A translation goes where its source goes; a source stays in the Uzbek tree."""
    if _in_star(page):
        return refused(request, GOES_WITH_SOURCE, page)
    if destination.depth > 1 and destination.locale_id != page.locale_id:
        return refused(request, WRITE_IN_UZBEK, page)
    return None


@hooks.register("before_delete_page")
def refuse_deleting(request: HttpRequest, page: Page) -> HttpResponse | None:
    """A translation is deleted with its source."""
    return refused(request, GOES_WITH_SOURCE, page) if _in_star(page) else None


@hooks.register("before_unpublish_page")
def refuse_a_dead_end(request: HttpRequest, page: Page) -> HttpResponse | None:
    """An alias and a derived text are taken down with their source."""
    if _in_star(page) and _follows(page):
        return refused(request, TAKEN_DOWN_WITH_SOURCE, page)
    return None


def _follows(page: Page) -> bool:
    return bool(page.alias_of_id) or page.locale.language_code in registry.DERIVED


@hooks.register("before_bulk_action", order=-10)
def refuse_in_bulk(
    request: HttpRequest, action_type: str, objects: Iterable[Any], action_class_instance: Any
) -> HttpResponse | None:
    """The same rules for many pages at once, descendants included."""
    pages = [page for page in objects if isinstance(page, Page)]
    rule = _BULK.get(action_type)
    reason = rule(request, pages) if rule and pages else None
    if reason is None:
        return None
    messages.error(request, reason)
    return redirect("wagtailadmin_explore_root")


Rule = Callable[[HttpRequest, list[Page]], "str | Promise | None"]


def _carried(request: HttpRequest, pages: list[Page]) -> str | Promise | None:
    return GOES_WITH_SOURCE if any(map(_in_star, pages)) else None


def _taken_down(request: HttpRequest, pages: list[Page]) -> str | Promise | None:
    following = any(_in_star(page) and _follows(page) for page in pages)
    return TAKEN_DOWN_WITH_SOURCE if following else None


def _published(request: HttpRequest, pages: list[Page]) -> str | Promise | None:
    if request.user.is_superuser:
        return None
    reached = _with_descendants(pages) if request.POST.get("include_descendants") else pages
    if any(is_author(request.user, page) for page in reached):
        return _("You wrote some of these pages: another person publishes them.")
    if any(by_people(page.locale) and open_translation(page) for page in reached):
        return SEND_IT
    return None


def _with_descendants(pages: list[Page]) -> list[Page]:
    found: dict[int, Page] = {}
    for page in pages:
        below: QuerySet[Page] = page.get_descendants(inclusive=True)
        found |= {row.pk: row for row in below.select_related("latest_revision", "locale")}
    return list(found.values())


_BULK: dict[str, Rule] = {
    "move": _carried,
    "delete": _carried,
    "unpublish": _taken_down,
    "publish": _published,
}
