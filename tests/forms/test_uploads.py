"""Files: scanned, freed of metadata, without programs; read by few and logged; nothing left over."""

from __future__ import annotations

import io
import os
import struct
import zlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone, translation
from django.utils.datastructures import MultiValueDict
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import NameObject, TextStringObject

from accounts.models import User
from core import private_files
from forms import scanning, services, uploads
from forms.engine.types.base import AnswerError
from forms.engine.types.pdfs import check_pdf
from forms.engine.types.pictures import without_metadata
from forms.models import Attachment, AttachmentAccess, Draft, FormVersion
from tests.forms import factories
from tests.forms.clamd import EICAR, Clamd
from tests.forms.factories import attach, make_service, make_version, pdf_of, question, small_form
from tests.forms.test_views import BACKEND


def packed(inside: bytes) -> bytes:
    """A PDF with an object in a compressed stream, where no search of the file's bytes sees it."""
    body = zlib.compress(b"5 0 " + inside)
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
        4: b"<</Type/ObjStm/Filter/FlateDecode/N 1/First 4/Length %d>>stream\n" % len(body)
        + body
        + b"\nendstream",
    }
    written, rows = b"%PDF-1.7\n", [(0, 0, 255)]
    for number, text in objects.items():
        rows.append((1, len(written), 0))
        written += b"%d 0 obj" % number + text + b"endobj\n"
    rows += [(2, 4, 0), (1, len(written), 0)]
    table = b"".join(struct.pack("!BHB", *row) for row in rows)
    start = len(written)
    written += b"6 0 obj<</Type/XRef/Size 7/W[1 2 1]/Root 1 0 R/Length %d>>stream\n" % len(table)
    return written + table + b"\nendstream endobj\nstartxref\n%d\n%%%%EOF\n" % start


def by_writer(change: Any) -> bytes:
    """A PDF that pypdf writes, compressed into object streams where it can."""
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    change(writer)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def locked(writer: PdfWriter) -> None:
    writer.encrypt("sir")


def with_escaped_name(content: bytes) -> bytes:
    return content.replace(b"/JavaScript", b"/Java#53cript")


SCRIPT = b"<</S/JavaScript/JS(app.alert\\(1\\))>>"
ACTIVE: dict[str, bytes] = {
    "a script on opening": pdf_of(SCRIPT, catalog=b"/OpenAction 4 0 R"),
    "a script written with an escape": with_escaped_name(pdf_of(SCRIPT, catalog=b"/OpenAction 4 0 R")),
    "a script that nothing refers to": pdf_of(SCRIPT),
    "a named script": pdf_of(catalog=b"/Names<</JavaScript<</Names[(a)<</S/JavaScript/JS(1)>>]>>>>"),
    "a program to launch": pdf_of(b"<</S/Launch/F(cmd.exe)>>", catalog=b"/OpenAction 4 0 R"),
    "an additional action": pdf_of(catalog=b"/AA<</WC<</S/URI/URI(http://example.org)>>>>"),
    "a file inside": pdf_of(b"<</Type/Filespec/F(a.exe)/EF<</F 5 0 R>>>>", b"<<>>"),
    "a form that is sent": pdf_of(b"<</S/SubmitForm/F(http://example.org)>>"),
    "XFA": pdf_of(catalog=b"/AcroForm<</XFA(x)>>"),
    "a script in a compressed stream": packed(SCRIPT),
    "a file added by a library": by_writer(lambda writer: writer.add_attachment("a.txt", b"x")),
}  # fmt: skip
BROKEN: dict[str, bytes] = {
    "nothing but the first line": b"%PDF-1.7\n",
    "no page": pdf_of().replace(b"/Count 1", b"/Count 0").replace(b"[3 0 R]", b"[]"),
    "cut in the middle": pdf_of()[:120],
    "a circle of pages": pdf_of().replace(b"/Kids[3 0 R]", b"/Kids[2 0 R]"),
    "locked": by_writer(locked),
}


@pytest.mark.parametrize("name", ACTIVE)
def test_a_pdf_that_does_something_is_refused(name: str) -> None:
    with translation.override("en"), pytest.raises(AnswerError) as caught:
        check_pdf(ACTIVE[name])
    assert "dastur yoki boshqa fayl" in str(caught.value.message)


@pytest.mark.parametrize("name", BROKEN)
def test_a_pdf_that_cannot_be_read_is_refused(name: str) -> None:
    with pytest.raises(AnswerError):
        check_pdf(BROKEN[name])


def test_plain_papers_are_taken() -> None:
    def linked(writer: PdfWriter) -> None:
        writer.add_metadata({"/Title": "Maʼlumotnoma"})
        writer.root_object[NameObject("/Lang")] = TextStringObject("uz")

    check_pdf(pdf_of())
    check_pdf(by_writer(linked))
    # A link to a page of the same paper, or to the web, does nothing by itself.
    check_pdf(pdf_of(catalog=b"/OpenAction[3 0 R/Fit]"))
    check_pdf(pdf_of(b"<</S/URI/URI(https://example.org)>>"))
    check_pdf(packed(b"<</Title(Namuna)>>"))


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 400))
def test_no_pdf_breaks_the_check(junk: bytes, at: int) -> None:
    whole = packed(SCRIPT)
    for content in (b"%PDF-1.4\n" + junk, whole[:at] + junk + whole[at:]):
        try:
            check_pdf(content)
        except AnswerError:
            continue


def photograph(*, orientation: int = 6) -> bytes:
    """A JPEG as a phone writes it: turned, with the place where it was taken."""
    picture = Image.new("RGB", (40, 20), "#1d3f72")
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "DemoPhone"
    exif.get_ifd(0x8825)[1] = "N"
    written = io.BytesIO()
    picture.save(written, "JPEG", exif=exif, comment=b"secret comment")
    return written.getvalue() + b"<?php trailing ?>"


def test_pictures_lose_what_the_phone_wrote_into_them() -> None:
    before = photograph()
    assert b"DemoPhone" in before
    after = without_metadata("image/jpeg", before)
    for secret in (b"DemoPhone", b"secret comment", b"php", b"Exif"):
        assert secret not in after
    with Image.open(io.BytesIO(after)) as image:
        # Turned as it was meant.
        assert image.size == (20, 40) and not image.getexif()


def test_a_picture_that_is_cut_off_is_refused() -> None:
    whole = factories.image("PNG", 60, 60)
    with pytest.raises(ValueError, match="decoded"):
        without_metadata("image/png", whole[:70])


# -- kept, scanned, logged -------------------------------------------------------------------------

PAPER = question("paper", "file", validation={"extensions": ["pdf", "jpg"], "max_files": 3})


@pytest.fixture
def version(db: None) -> FormVersion:
    return make_version(small_form(question("a"), PAPER), make_service("namuna-xizmat"))


@pytest.fixture
def draft(version: FormVersion, citizen: User) -> Draft:
    return services.start_draft(citizen, version)


@pytest.fixture
def clamd(settings: Any) -> Iterator[Clamd]:
    with Clamd() as server:
        settings.CLAMD_ADDRESS = server.address
        yield server


def send(draft: Draft, *files: SimpleUploadedFile) -> services.Saved:
    return services.save_file(draft, "paper", MultiValueDict({"paper": list(files)}), "en")


def paper(content: bytes | None = None, name: str = "a.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content or pdf_of(), "application/pdf")


def test_what_is_kept_of_a_photograph(draft: Draft) -> None:
    send(draft, SimpleUploadedFile("a.jpg", photograph(), "image/jpeg"))
    row = Attachment.objects.get()
    with row.file.open("rb") as stored:
        content = stored.read()
    assert b"DemoPhone" not in content and row.size == len(content)
    assert row.file.name and "a.jpg" not in row.file.name


def test_an_original_is_kept_where_the_form_needs_it(citizen: User) -> None:
    asked = question("paper", "image", validation={"keep_original": True})
    form = make_version(small_form(asked, key="form-original"), make_service("namuna-xizmat"))
    send(
        services.start_draft(citizen, form), SimpleUploadedFile("a.jpg", photograph(), "image/jpeg")
    )
    with Attachment.objects.get().file.open("rb") as stored:
        assert b"DemoPhone" in stored.read()


def test_the_scanner_says_clean_or_infected(draft: Draft, clamd: Clamd) -> None:
    assert scanning.ping() is None
    assert send(draft, paper()).errors == {}
    assert Attachment.objects.get().state == Attachment.State.CLEAN
    infected = pdf_of(b"(" + EICAR.replace(b"(", b"\\(").replace(b")", b"\\)") + b")") + EICAR
    said = send(draft, paper(infected)).errors
    assert "virus was found" in said["paper"]
    assert Attachment.objects.count() == 1 and clamd.scanned == 2


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR\0", b"stream: \0", b""])
def test_a_scanner_that_says_nonsense_lets_nothing_through(
    draft: Draft, clamd: Clamd, answer: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    clamd.answer = answer or b"\0"
    assert "cannot be checked" in send(draft, paper()).errors["paper"]
    assert Attachment.objects.count() == 0


def test_a_scanner_that_is_down_lets_nothing_through(draft: Draft, settings: Any) -> None:
    for address in ("127.0.0.1:9", "/nowhere/clamd.sock"):
        settings.CLAMD_ADDRESS = address
        assert "cannot be checked" in send(draft, paper()).errors["paper"]
        assert "does not answer" in str(scanning.ping())
    draft.refresh_from_db()
    assert Attachment.objects.count() == 0 and draft.answers == {}


def test_a_bad_file_costs_no_good_answer(draft: Draft, client: Client, citizen: User) -> None:
    client.force_login(citizen, backend=BACKEND)
    data = {"a": "bir", "paper": [paper(), paper(ACTIVE["XFA"])], "_revision": "0"}
    response = client.post(f"/en/apply/d/{draft.uuid}/one/", data)
    assert response.status_code == 400
    assert "program or another file" in response.content.decode()
    draft.refresh_from_db()
    assert draft.answers["a"] == "bir" and len(draft.answers["paper"]) == 1


def test_all_files_together(citizen: User) -> None:
    large = pdf_of() + b"\n" * 300
    item = small_form(PAPER, key="form-total", max_total_upload_kb=1)
    draft = services.start_draft(citizen, make_version(item, make_service("namuna-xizmat")))
    assert send(draft, paper(large)).errors == {}
    assert "together are too large" in send(draft, paper(large)).errors["paper"]


def test_every_download_is_logged(draft: Draft, client: Client, citizen: User) -> None:
    address = f"/files/{attach(draft, 'paper')[0]['uuid']}/"
    assert client.get(address).status_code == 302
    client.force_login(factories.make_citizen("boshqa@example.org"), backend=BACKEND)
    assert client.get(address).status_code == 404
    assert AttachmentAccess.objects.count() == 0
    client.force_login(citizen, backend=BACKEND)
    assert client.get(address).status_code == 200
    access = AttachmentAccess.objects.get()
    assert access.user == citizen and access.attachment == Attachment.objects.get().uuid


def test_bytes_that_a_crash_left_behind_go_after_a_while(draft: Draft) -> None:
    storage = storages["private"]
    kept = Attachment.objects.get(uuid=attach(draft, "paper")[0]["uuid"])
    fresh, old = (storage.save(f"attachments/zz/{n}", ContentFile(b"x")) for n in ("fresh", "old"))
    long_ago = (timezone.now() - private_files.ORPHAN_AGE - timedelta(hours=1)).timestamp()
    for name in (old, str(kept.file.name)):
        os.utime(storage.path(name), (long_ago, long_ago))
    uploads.delete_orphans()
    assert not storage.exists(old)
    assert storage.exists(fresh) and storage.exists(str(kept.file.name))
    storage.delete(fresh)
