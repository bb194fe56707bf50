"""Moving pages: Wagtail asks for rights only when the move is done, after naming the page."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from wagtail.admin.viewsets.pages import page_viewset_registry
from wagtail.models import Page

_confirm = page_viewset_registry.as_view("move_confirm", page_id_kwarg="page_to_move_id")


def confirm(
    request: HttpRequest, page_to_move_id: int, destination_id: int, **kwargs: Any
) -> HttpResponse:
    """Ask before a page moves. Raises PermissionDenied where it may not move there."""
    page = get_object_or_404(Page, pk=page_to_move_id)
    destination = get_object_or_404(Page, pk=destination_id)
    if not page.permissions_for_user(request.user).can_move_to(destination):
        raise PermissionDenied
    answer: HttpResponse = _confirm(
        request, page_to_move_id=page_to_move_id, destination_id=destination_id
    )
    return answer
