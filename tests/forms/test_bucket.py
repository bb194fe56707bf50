"""Files of applicants in a bucket instead of a folder: the same, over S3's protocol."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import storages
from django.test import Client

from accounts.models import User
from forms import services, uploads
from forms.models import Attachment, Draft
from portal.settings.files import private_storage
from tests.forms import factories
from tests.forms.factories import question
from tests.forms.s3 import Bucket
from tests.forms.test_views import version_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def bucket(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    """A bucket in the place of the private folder."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "demo")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "demo")
    monkeypatch.setenv("AWS_REQUEST_CHECKSUM_CALCULATION", "when_required")
    with Bucket("applicants") as made:
        url = f"s3://applicants/files?endpoint_url={made.url}&region_name=uz&addressing_style=path"
        storages_before = settings.STORAGES
        settings.STORAGES = storages_before | {"private": private_storage(url, Path())}
        field = Attachment._meta.get_field("file")
        monkeypatch.setattr(field, "storage", storages["private"])
        yield made


def attached(citizen: User) -> Draft:
    draft = services.start_draft(citizen, version_of(question("f", "file")))
    upload = factories.files_of(f=factories.upload_for(draft.version.schema.by_key["f"]))
    saved = services.save_step(draft, "one", {}, upload, revision=0)
    assert saved.errors == {}
    return saved.draft


def test_a_file_goes_there_and_comes_back(bucket: Bucket, signed_in: Client, citizen: User) -> None:
    draft = attached(citizen)
    row = draft.attachments.get()
    assert bucket.objects.keys() == {f"files/{row.file.name}"}
    assert all(who.startswith("AWS4-HMAC-SHA256") for _verb, _path, who in bucket.seen)
    response = signed_in.get(row.get_absolute_url())
    content = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    assert content == bucket.objects[f"files/{row.file.name}"]
    # Never by an address of the bucket: the permission is asked each time.
    assert "Location" not in response.headers


def test_a_file_that_is_taken_off_goes(
    bucket: Bucket, citizen: User, django_capture_on_commit_callbacks: Any
) -> None:
    draft = attached(citizen)
    with django_capture_on_commit_callbacks(execute=True):
        services.delete_draft(draft)
    assert bucket.objects == {}


def test_bytes_without_a_row_are_found(bucket: Bucket, citizen: User) -> None:
    name = f"files/{attached(citizen).attachments.get().file.name}"
    bucket.objects["files/attachments/aa/orphan"] = b"x"
    assert uploads.delete_orphans() == 1
    assert bucket.objects.keys() == {name}


def test_a_file_that_is_gone_does_not_exist(
    bucket: Bucket, signed_in: Client, citizen: User
) -> None:
    row = attached(citizen).attachments.get()
    bucket.objects.clear()
    assert signed_in.get(row.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("url", ["ftp://x", "s3://", "s3://b?secret=x", "file:///tmp"])
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured):
        private_storage(url, Path())
