"""What a post's holder answered for in their days: the same as the figures of the agency say."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client

from accounts.models import Agency
from casework.graph import State
from casework.transitions import transition
from registry import posts, responsibility
from registry.models import PostHolding
from tests.casework.support import make_request
from tests.registry.played import Played, at, moment
from tests.registry.test_quality_pages import played
from tests.service_pages.factories import make_agency

__all__ = ["played"]
pytestmark = pytest.mark.django_db


def told(agency: Agency, name: str, *, exact: bool = True) -> tuple[int | None, ...]:
    with at(2, 11, 3):
        page = responsibility.page_of(agency, "uz", exact=exact)
    [holder] = [one for one in page["holders"] if one.row.name == name]
    return holder.received, holder.decided, holder.late


def test_a_holder_answers_for_what_came_and_was_decided_in_their_days(played: Played) -> None:
    agency = Agency.objects.get(pk=played.agency.pk)
    PostHolding.objects.filter(agency=agency).delete()
    posts.succeed(agency, "head", "Demo Rahbar 01", since=date(2026, 1, 1))
    posts.succeed(agency, "head", "Demo Rahbar 02", since=date(2026, 2, 10))
    # Up to the 9th came four and one was answered; then one by phone, one refusal, one late answer.
    assert told(agency, "Demo Rahbar 01") == (4, 1, 0)
    assert told(agency, "Demo Rahbar 02") == (1, 2, 1)
    # To the public nothing of few.
    assert told(agency, "Demo Rahbar 01", exact=False) == (None, None, 0)


def test_what_is_handed_over_after_the_term_was_not_answered_late(played: Played) -> None:
    with at(3, 11, 2):
        row = make_request(played.service, played.citizen, submitted_at=moment(3))
    for day, state in ((4, State.IN_REVIEW), (5, State.APPROVED), (27, State.COMPLETED)):
        with at(day):
            transition(row.pk, state, actor=played.officer, reason="Sabab")
    row.refresh_from_db()
    assert row.closed_at is not None and row.due_at is not None
    assert row.closed_at > row.due_at + timedelta(days=7)
    agency = Agency.objects.get(pk=played.agency.pk)
    posts.succeed(agency, "executor", "Demo Ijrochi 01", since=date(2026, 1, 1))
    assert told(agency, "Demo Ijrochi 01")[2] == 1  # the one that was decided late


def test_names_of_people_follow_the_script_and_lines_have_titles() -> None:
    agency = make_agency("idora").agency
    agency.head_name = "Demo Rahbar 01"
    agency.save()
    path = f"registry/agencies/{agency.key}/"
    assert "Демо Раҳбар 01" in Client().get(f"/uz-cyrl/{path}").content.decode()
    assert "Demo Rahbar 01" in Client().get(f"/ru/{path}").content.decode()
