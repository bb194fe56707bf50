"""Four eyes: whoever wrote the latest text of a page is not the one who approves it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, Task, TaskState

from accounts.models import Membership, Role
from core.translations import accepted, lacks
from service_pages.models.pages import AgencyPage


class FourEyesTask(Task):
    """Approval by the approvers of the page's agency (or of all), never by the text's author.

    An approver who changes the text on the way becomes its author: the change is kept as a draft
    and waits for somebody else. Administrators approve like approvers of all agencies.
    """

    class Meta:
        verbose_name = _("four-eyes approval")
        verbose_name_plural = _("four-eyes approvals")

    @classmethod
    def get_description(cls) -> str:
        """What administrators read where they choose a task."""
        return gettext("Approvers of the page's agency approve it, never the author of the text")

    def user_can_access_editor(self, obj: Any, user: Any) -> bool:
        """Approvers see what they decide about."""
        return may_approve(user, obj)

    def locked_for_user(self, obj: Any, user: Any) -> bool:
        """While a text waits for approval, only approvers change it."""
        return not may_approve(user, obj)

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, str, bool]]:
        """Nothing for the author of the latest revision."""
        if is_author(user, obj) or not may_approve(user, obj):
            return []
        actions = [("reject", gettext("Request changes"), True)]
        if lacks(obj, obj.latest_revision):
            actions.append(("approve", gettext("Approve although incomplete"), True))
        else:
            actions.append(("approve", gettext("Approve"), False))
            actions.append(("approve", gettext("Approve with comment"), True))
        return actions

    def on_action(self, task_state: TaskState, user: Any, action_name: str, **kwargs: Any) -> None:
        """Approve or send back. Raises PermissionDenied for the author of the latest revision.

        The editor saves the approver's own changes before it comes here. The comment on a
        translation that is incomplete is the reason for approving it all the same; without one
        the gate of publishing refuses (core.publishing.PublishBlocked).
        """
        page = task_state.workflow_state.content_object
        if not may_approve(user, page) or (action_name == "approve" and is_author(user, page)):
            raise PermissionDenied
        with accepted(str(kwargs.get("comment") or ""), by=user):
            super().on_action(task_state, user, action_name, **kwargs)

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> QuerySet[TaskState]:
        """What waits for this user: texts of their agencies that others wrote."""
        states = self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS)
        agencies = approves_for(user)
        if agencies is not None:
            if not agencies:
                return states.none()
            waiting = list(states.values_list("workflow_state__object_id", flat=True))
            pages = Page.objects.filter(pk__in=waiting).filter(_under(agencies))
            own = [str(pk) for pk in pages.values_list("pk", flat=True)]
            states = states.filter(workflow_state__object_id__in=own)
        return states.exclude(revision__user=user)


def approves_for(user: Any) -> set[int] | None:
    """Keys of the agencies for which `user` approves; None for all of them."""
    if user.is_superuser:
        return None
    rows = Membership.objects.filter(user=user, role=Role.APPROVER)
    agencies = set(rows.values_list("agency_id", flat=True))
    return None if None in agencies else agencies


def may_approve(user: Any, page: Page) -> bool:
    """Whether `user` is an approver of the page's agency, whoever wrote the text."""
    agencies = approves_for(user)
    if agencies is None:
        return True
    if not agencies:
        return False
    return (
        AgencyPage.objects.ancestor_of(page, inclusive=True).filter(agency_id__in=agencies).exists()
    )


def is_author(user: Any, page: Any) -> bool:
    """Whether `user` wrote the latest revision of the page."""
    revision = page.latest_revision
    return revision is not None and revision.user_id == user.pk


def _under(agencies: set[int]) -> Q:
    """Pages of these agencies: the agency's own page and everything below it."""
    condition = Q(pk__in=())
    for path in AgencyPage.objects.filter(agency_id__in=agencies).values_list("path", flat=True):
        condition |= Q(path__startswith=path)
    return condition
