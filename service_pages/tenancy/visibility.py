"""Which pages and people a member of staff may know of."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from wagtail.models import Page
from wagtail.permission_policies.pages import PagePermissionPolicy

from accounts.models import User

_RIGHTS = {"add", "change", "publish"}


def visible_pages(pages: QuerySet[Page], user: Any) -> QuerySet[Page]:
    """Of `pages` the published ones, which everybody reads, and those `user` works on."""
    own = PagePermissionPolicy().explorable_instances(user)
    return pages.filter(Q(live=True) | Q(pk__in=own.values_list("pk", flat=True)))


def works_on(page: Page, user: Any) -> bool:
    """Whether `user` may see the drafts of a page."""
    rights = page.permissions_for_user(user)
    return bool(rights.can_edit() or rights.can_publish() or rights.can_add_subpage())


def as_published(page: Page, user: Any) -> Page:
    """The page with its published title in place of a draft's that `user` may not know."""
    if page.live and page.draft_title != page.title and not works_on(page, user):
        page.draft_title = page.title
    return page


def people_among(pages: QuerySet[Page], relation: str) -> QuerySet[User]:
    """People named by `relation` of `pages`, by login: what a filter may offer."""
    return User.objects.filter(pk__in=pages.values(relation)).order_by("login")


def editable_pages(user: Any) -> QuerySet[Page]:
    """Pages on which `user` has some right."""
    return PagePermissionPolicy().instances_user_has_any_permission_for(user, _RIGHTS)
