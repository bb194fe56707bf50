"""What tests of forms start from: lists, a receiver, a citizen who is signed in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client

from accounts.models import User
from forms import readers, receivers
from forms.engine import references
from forms.models import Submission
from tests.forms import factories


@pytest.fixture
def lists() -> Iterator[None]:
    """Districts and agencies without a database."""
    before, days = dict(references._providers), list(references._days)
    references.register(
        "districts", lambda: [("nukus", {"uz": "Nukus"}), ("amudaryo", {"uz": "Amudaryo"})]
    )
    references.register(
        "agencies", lambda: [("adliya-vazirligi", {"uz": "Adliya"}), ("suv", {"uz": "Suv"})]
    )
    references.register("receiving", lambda: [("suv", {"uz": "Suv"})])
    references.register_days(lambda agency: ["2030-03-06 10:00"] if agency == "suv" else [])
    yield
    references._days[:] = days
    references._providers.clear()
    references._providers.update(before)


class Desk:
    """A receiver that numbers what it takes, and refuses when told to."""

    def __init__(self) -> None:
        self.taken: list[Submission] = []
        self.refuses = False

    def accept(self, submission: Submission) -> None:
        """Number it."""
        if self.refuses:
            raise RuntimeError("The desk is closed.")
        self.taken.append(submission)
        submission.receipt_number = f"N-{len(self.taken)}"
        submission.receipt_url = f"/uz/receipts/{submission.uuid}/"
        submission.save()


@pytest.fixture
def desk() -> Iterator[Desk]:
    """The receiver of this test; the one of the house comes back after it."""
    before, rules = list(receivers._receivers), list(readers._readers)
    desk = Desk()
    receivers.register(desk)
    yield desk
    receivers._receivers[:] = before
    readers._readers[:] = rules


@pytest.fixture
def citizen(db: None) -> User:
    """An applicant with OneID."""
    return factories.make_citizen()


@pytest.fixture
def signed_in(client: Client, citizen: User) -> Client:
    """A browser in which the citizen is signed in."""
    client.force_login(citizen, backend="django.contrib.auth.backends.ModelBackend")
    return client
