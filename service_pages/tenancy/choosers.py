"""Choosers of pages: published pages, and one's own."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from taggit.models import Tag
from wagtail import hooks
from wagtail.admin.modal_workflow import render_modal_workflow
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import chooser
from wagtail.images.views.chooser import ImageChooseView
from wagtail.images.views.chooser import viewset as image_chooser
from wagtail.models import Page

from service_pages.tenancy.visibility import as_published, visible_pages


@hooks.register("construct_page_chooser_queryset")
def only_visible(pages: QuerySet[Page], request: HttpRequest) -> QuerySet[Page]:
    """No drafts of other agencies, neither listed nor found."""
    return visible_pages(pages, request.user)


class _KnownTitle(chooser.PageTitleColumn):
    """A title as the reader may know it."""

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def get_value(self, instance: Page) -> str:
        """The published title of another agency's page, though its draft has a new one."""
        return str(super().get_value(as_published(instance, self.user)))


class _KnownParent(chooser.ParentPageColumn):
    """A parent, if the reader may know it."""

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def get_value(self, instance: Page) -> Page | None:
        """None for a page that is not published and not the reader's."""
        parent = instance.get_parent()
        if parent is None or not visible_pages(Page.objects.filter(pk=parent.pk), self.user):
            return None
        return as_published(parent, self.user)


class _KnownColumns:
    """The columns of a chooser with titles as the reader may know them."""

    request: HttpRequest
    is_multiple_choice: Any

    @property
    def columns(self) -> list[Column]:
        """Wagtail's columns with two of them ours."""
        return [self._known(column) for column in super().columns]

    def _known(self, column: Column) -> Column:
        user = self.request.user
        if isinstance(column, chooser.PageTitleColumn):
            return _KnownTitle(
                column.name,
                label=column.label,
                is_multiple_choice=self.is_multiple_choice,
                user=user,
            )
        if isinstance(column, chooser.ParentPageColumn):
            return _KnownParent(column.name, label=column.label, user=user)
        return column


class BrowseView(_KnownColumns, chooser.BrowseView):
    """Going down the tree of pages."""

    def get(self, request: HttpRequest, parent_page_id: int | None = None) -> HttpResponse:
        """The pages under a page. Raises Http404 for one that is not the reader's to know.

        From the root where none is named: Wagtail would start at the page above all of the wanted
        type, which may be a draft.
        """
        parent = Page.objects.filter(pk=parent_page_id or Page.get_first_root_node().pk)
        found = visible_pages(parent, request.user).first()
        if found is None and not parent.filter(depth=1).exists():
            raise Http404
        response: HttpResponse = super().get(request, parent.get().pk)
        return response


class SearchView(_KnownColumns, chooser.SearchView):
    """Searching pages."""


class ChosenMultipleView(chooser.ChosenMultipleView):
    """Several pages by their numbers."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Those that the reader may know."""
        numbers = [number for number in request.GET.getlist("id") if number.isdecimal()]
        pages = visible_pages(Page.objects.filter(pk__in=numbers), request.user).specific()
        rows = [as_published(page, request.user) for page in pages]
        result = [
            {
                "id": page.pk,
                "parentId": page.get_parent().pk,
                "adminTitle": page.get_admin_display_title(),
                "editUrl": reverse("wagtailadmin_pages:edit", args=(page.pk,)),
                "url": page.url,
            }
            for page in rows
        ]
        data = {"step": "page_chosen", "result": result}
        response: HttpResponse = render_modal_workflow(request, None, None, None, json_data=data)
        return response


class UntaggedImageChooseView(ImageChooseView):
    """The chooser of images without the tags of all agencies."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """No popular tags: they are words of all agencies."""
        context: dict[str, Any] = super().get_context_data(**kwargs) | {"popular_tags": []}
        return context


# Wagtail registers this very viewset; its addresses are made from it when they are first needed.
image_chooser.choose_view_class = UntaggedImageChooseView


def tags(request: HttpRequest, **kwargs: Any) -> JsonResponse:
    """Tags are one list for all agencies: only administrators are offered them."""
    term = request.GET.get("term", "")
    if not term or not request.user.is_superuser:
        return JsonResponse([], safe=False)
    names = Tag.objects.filter(name__istartswith=term).order_by("name")
    return JsonResponse(list(names.values_list("name", flat=True)[:10]), safe=False)
