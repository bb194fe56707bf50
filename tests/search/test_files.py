"""The text of attached files is found; a bad file harms nothing."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import typst
from django.core.files.base import ContentFile
from django.test import Client
from pypdf import PdfWriter
from wagtail.documents.models import Document
from wagtail.models import Collection, CollectionViewRestriction, Page

from home.models import DocumentIndexPage, LegalDocumentPage
from search import files
from search.models import FileText, SearchDocument
from tests.home.test_pages import add
from tests.service_pages import factories

pytestmark = pytest.mark.django_db

_XML = (
    '<?xml version="1.0"?>{doctype}<w:document xmlns:w="http://schemas.openxmlformats.org/'
    'wordprocessingml/2006/main"><w:body>{body}</w:body></w:document>'
)


def docx(*paragraphs: str, doctype: str = "") -> bytes:
    """A DOCX with a paragraph for each text."""
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", _XML.format(doctype=doctype, body=body))
    return target.getvalue()


def pdf(text: str) -> bytes:
    """A PDF with a text."""
    made = typst.compile(text.encode())
    assert isinstance(made, bytes)
    return made


@pytest.fixture(autouse=True)
def private_media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def upload(name: str, data: bytes) -> Document:
    document = Document(title=name)
    document.file.save(name, ContentFile(data), save=False)
    document._set_document_file_metadata()
    document.save()
    return document


def law(document: Document | None) -> LegalDocumentPage:
    """A published law with a file."""
    home = factories.home_page()
    index = DocumentIndexPage.objects.first() or add(
        home, DocumentIndexPage(title="Hujjatlar", slug="hujjatlar")
    )
    page = LegalDocumentPage(
        title="Qaror", slug="qaror", key="qaror", kind="law", number="7", issuing_body="Kengash"
    )
    page.summary, page.file, page.issued_on = "Qisqacha", document, date(2026, 3, 5)
    return add(Page.objects.get(pk=index.pk).specific, page)


def found(client: Client, query: str) -> bool:
    html = client.get("/uz/search/", {"q": query, "type": "all"}).content.decode()
    return "/uz/hujjatlar/qaror/" in html


@pytest.mark.parametrize("name", ["qaror.pdf", "qaror.docx"])
def test_the_text_of_a_file_is_found(
    client: Client, name: str, django_capture_on_commit_callbacks: Any
) -> None:
    text = "Mirishkorlik xoʻjaligi toʻgʻrisida nizom"
    data = pdf(text) if name.endswith("pdf") else docx("Nizom", text)
    with django_capture_on_commit_callbacks(execute=True):
        page = law(upload(name, data))
    assert FileText.objects.get().is_read
    assert found(client, "миришкорлик")
    with django_capture_on_commit_callbacks(execute=True):
        page.file = None
        page.save_revision().publish()
    assert not found(client, "mirishkorlik")


def test_what_was_missed_is_caught_up(client: Client) -> None:
    document = upload("qaror.docx", docx("Mirishkorlik"))
    law(document)
    assert files.catch_up() == 1
    assert found(client, "mirishkorlik")
    assert files.catch_up() == 0
    document.file.save("yangi.docx", ContentFile(docx("Qushchilik")), save=False)
    document._set_document_file_metadata()
    document.save()
    assert files.catch_up() == 1
    assert found(client, "qushchilik")
    assert not found(client, "mirishkorlik")


def test_a_restricted_file_stays_unknown(client: Client) -> None:
    collection = Collection.get_first_root_node().add_child(name="Ichki")
    CollectionViewRestriction.objects.create(collection=collection, restriction_type="login")
    document = upload("qaror.docx", docx("Mirishkorlik"))
    Document.objects.filter(pk=document.pk).update(collection=collection)
    law(document)
    files.catch_up()
    assert not FileText.objects.exists()
    assert not found(client, "mirishkorlik")


def bomb() -> bytes:
    """A part that says it is small and unpacks to gigabytes would be; this one is honest."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 40_000_000)
    return target.getvalue()


def lying_bomb() -> bytes:
    """A part of forty megabytes that says it has a hundred bytes."""
    data = bytearray(bomb())
    size = (40_000_000).to_bytes(4, "little")
    assert data.count(size) == 2
    return bytes(data.replace(size, (100).to_bytes(4, "little")))


def many_elements() -> bytes:
    """Small on disk, within the size allowed, and of millions of elements."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        body = "<w:p/>" * 4_900_000
        archive.writestr("word/document.xml", _XML.format(doctype="", body=body))
    return target.getvalue()


def encrypted(password: str) -> bytes:
    """A PDF that opens with a password."""
    writer = PdfWriter(io.BytesIO(pdf("Mirishkorlik")))
    writer.encrypt(user_password=password, owner_password="egasi", algorithm="AES-256")
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def scan() -> bytes:
    """A PDF of a picture."""
    return pdf('#image(bytes("<svg xmlns=\'http://www.w3.org/2000/svg\' width=\'9\' '
               'height=\'9\'><rect width=\'9\' height=\'9\'/></svg>"), format: "svg")')  # fmt: skip


_ENTITIES = (
    '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c SYSTEM "file:///etc/passwd">]>'
)


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("pdf", b""),
        ("pdf", b"%PDF-1.7\n" + b"1 0 obj << /Length 99999999 >> stream\n" * 50),
        ("pdf", b"\x00" * 1000),
        ("docx", b"PK\x03\x04 no archive"),
        ("docx", docx("&b;&c;", doctype=_ENTITIES)),
        ("docx", bomb()),
        ("docx", lying_bomb()),
        ("docx", many_elements()),
        ("pdf", encrypted("maxfiy")),
        ("pdf", pdf("Qaror")[:400]),
        ("exe", b"MZ"),
        ("pdf", b"%PDF" + b"0" * files.MOST_BYTES),
    ],
)
def test_a_bad_file_is_refused(kind: str, data: bytes) -> None:
    assert not files.extract(kind, data)


def test_a_file_whose_password_is_empty_is_read() -> None:
    """Word processors write such files to forbid printing."""
    assert files.extract("pdf", encrypted("")) == "Mirishkorlik"


def test_a_long_file_is_read_to_its_end_or_to_the_bound() -> None:
    pages = "#pagebreak()\n".join(f"Sahifa {number} nizomi\n" for number in range(300))
    text = files.extract("pdf", pdf(pages))
    assert text is not None
    assert len(text.splitlines()) >= 300
    assert "Sahifa 299" in text


def test_a_scan_has_no_text_and_its_page_is_found(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        law(upload("qaror.pdf", scan()))
    row = FileText.objects.get()
    assert (row.is_read, row.text) == (True, "")
    assert found(client, "qaror")
    assert files.catch_up() == 0


def test_a_long_text_is_cut_and_a_slow_file_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    text = files.extract("docx", docx(*["soʻz " * 1000] * 100))
    assert text is not None
    assert len(text) <= 200_000
    monkeypatch.setattr(files, "TIMEOUT", 0.001)
    assert files.extract("docx", docx("soʻz")) is None


def test_a_bad_file_does_not_stop_its_page(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        law(upload("qaror.pdf", b"%PDF-1.7 broken"))
    assert SearchDocument.objects.filter(kind="document").exists()
    assert not FileText.objects.get().is_read
    assert found(client, "qaror")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Fuqarolarning murojaatlari toʻgʻrisida", "uz"),
        ("Фуқароларнинг мурожаатлари тўғрисида", "uz-cyrl"),
        ("О порядке рассмотрения обращений граждан", "ru"),
        ("Puqaralardıń múrájatları haqqında", "kaa"),
        ("On the procedure for the review of appeals of the citizens", "en"),
        ("", "uz"),
    ],
)
def test_the_language_of_a_text(text: str, language: str) -> None:
    assert files.language_of(text) == language
