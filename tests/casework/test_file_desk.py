"""Files are looked at in place: by those who may, each look recorded, nothing runs."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from accounts.models import Agency, User
from casework import documents, tasks
from casework.graph import State
from casework.models import ServiceRequest
from forms.models import Attachment
from tests.casework.support import pdf, put, signed_in

pytestmark = pytest.mark.django_db


def _picture() -> SimpleUploadedFile:
    kept = BytesIO()
    Image.new("RGB", (8, 8), "white").save(kept, "PNG")
    return SimpleUploadedFile("rasm.png", kept.getvalue(), content_type="image/png")


@pytest.fixture
def files(row: ServiceRequest) -> list[Attachment]:
    with documents.kept(row, [pdf(), _picture()]) as kept:
        pass
    return [Attachment.objects.get(uuid=one["uuid"]) for one in kept]


def _view(file: Attachment) -> str:
    return reverse("casework_file", args=[file.uuid])


def test_files_are_walked_through_and_shown_as_what_they_are(
    row: ServiceRequest, officer: User, files: list[Attachment]
) -> None:
    client = signed_in(officer)
    first = client.get(_view(files[0])).content.decode()
    assert "<iframe" in first and _view(files[1]) in first
    assert reverse("casework_detail", args=[row.uuid]) in first
    second = client.get(_view(files[1])).content.decode()
    assert "<img" in second and 'rel="next"' not in second
    for file, kind in zip(files, ("application/pdf", "image/png"), strict=True):
        answer = client.get(reverse("casework_file_content", args=[file.uuid]))
        assert answer["Content-Type"] == kind
        assert "default-src 'none'" in answer["Content-Security-Policy"]
        assert "script-src" not in answer["Content-Security-Policy"]
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["X-Frame-Options"] == "SAMEORIGIN"
        assert b"".join(answer)
    assert row.events.filter(kind="downloaded", actor=officer).count() == 1


def test_what_a_browser_might_run_is_only_downloaded(
    officer: User, files: list[Attachment]
) -> None:
    Attachment.objects.filter(pk=files[0].pk).update(content_type="text/html")
    client = signed_in(officer)
    page = client.get(_view(files[0])).content.decode()
    assert "<iframe" not in page
    assert client.get(reverse("casework_file_content", args=[files[0].uuid])).status_code == 404


def test_an_infected_file_is_shown_to_nobody(officer: User, files: list[Attachment]) -> None:
    Attachment.objects.filter(pk=files[0].pk).update(state="infected")
    client = signed_in(officer)
    assert client.get(_view(files[0])).status_code == 404
    assert client.get(reverse("casework_file_content", args=[files[0].uuid])).status_code == 404


def test_an_asked_agency_sees_it_until_it_is_called_back(
    row: ServiceRequest, officer: User, outsider: User, other_agency: Agency,
    files: list[Attachment],
) -> None:  # fmt: skip
    client = signed_in(outsider)
    assert client.get(_view(files[0])).status_code == 404
    put(row, State.IN_REVIEW)
    task = tasks.open_task(row, officer, other_agency, "Savol")
    page = client.get(_view(files[0])).content.decode()
    assert reverse("casework_task", args=[task.pk]) in page
    tasks.call_back(task, officer)
    assert client.get(_view(files[0])).status_code == 404


def test_a_file_that_is_gone_is_not_there(officer: User, files: list[Attachment]) -> None:
    files[0].file.delete(save=False)
    client = signed_in(officer)
    assert client.get(reverse("casework_file_content", args=[files[0].uuid])).status_code == 404
