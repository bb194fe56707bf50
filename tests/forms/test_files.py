"""What may be attached."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest
from django.utils import translation

from forms.engine.schema import Question
from forms.engine.types import AnswerError
from forms.engine.types.files import XLSX, inspect, megabytes, safe_name, sniff
from tests.forms.factories import PDF, image, question, schema

PHOTO = Question.from_json(
    question("photo", "file", validation={
        "accept": ["image/jpeg"], "extensions": ["jpg", "jpeg"], "max_size_kb": 300,
        "min_width_px": 297, "min_height_px": 382,
    })
)  # fmt: skip
PAPER = Question.from_json(
    question("paper", "file", validation={
        "accept": ["application/pdf", "image/png"], "extensions": ["pdf", "png"], "max_size_kb": 10,
    })
)  # fmt: skip
TABLE = Question.from_json(
    question("table", "file", validation={"accept": [XLSX], "extensions": ["xlsx"]})
)


def archive(*names: str, size: int = 10) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name in names:
            made.writestr(name, b"0" * size)
    return buffer.getvalue()


BOOK = ("[Content_Types].xml", "xl/workbook.xml")
MACROS = archive(*BOOK, "xl/vbaProject.bin")
BOMB = archive(*BOOK, size=30_000_000)


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds nothing: a decompression bomb's first bytes."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def test_good_files() -> None:
    assert inspect(PAPER, "guvohnoma.PDF", "application/pdf", PDF) == "application/pdf"
    assert inspect(PAPER, "rasm.png", "", image("PNG")) == "image/png"
    assert inspect(PHOTO, "men.jpg", "image/pjpeg", image("JPEG", 297, 382)) == "image/jpeg"
    assert inspect(PAPER, "v1.2.pdf", "application/octet-stream", PDF) == "application/pdf"
    content = archive("[Content_Types].xml", "xl/workbook.xml")
    assert inspect(TABLE, "jadval.xlsx", XLSX, content) == XLSX


@pytest.mark.parametrize(
    ("asked", "name", "declared", "content", "words"),
    [
        (PAPER, "a.pdf", "application/pdf", b"", "empty"),
        (PAPER, "a.pdf", "application/pdf", PDF + b"0" * 11_000, "too large: 12 kB. At most: 10 kB"),
        (PAPER, "a.exe", "application/pdf", PDF, "not accepted. Possible: PDF, PNG"),
        (PAPER, "a.exe.pdf", "application/pdf", PDF, "not accepted"),
        (PAPER, "a.pdf.exe", "application/pdf", PDF, "not accepted"),
        (PAPER, "a", "application/pdf", PDF, "not accepted"),
        (PAPER, "a.pdf", "application/pdf", image("PNG"), "not accepted"),
        (PAPER, "a.png", "image/png", PDF, "not accepted"),
        (PAPER, "a.pdf", "text/html", PDF, "not accepted"),
        (PAPER, "a.pdf", "application/pdf", b"<html><script>", "not accepted"),
        (PAPER, "a.pdf", "application/pdf", b"MZ\x90\x00" + b"0" * 50, "not accepted"),
        (PAPER, "a.png", "image/png", b"\x89PNG\r\n\x1a\n" + b"0" * 40, "cannot be read"),
        (PAPER, "a.png", "image/png", png_header(30_000, 30_000), "cannot be read"),
        (PHOTO, "a.jpg", "image/jpeg", image("JPEG", 296, 382), "296 × 382 px. At least: 297 × 382"),
        (PHOTO, "a.jpg", "image/jpeg", image("PNG", 300, 400), "not accepted"),
        (TABLE, "a.xlsx", XLSX, archive("x.txt"), "not accepted"),
        (TABLE, "a.xlsx", XLSX, MACROS, "not accepted"),
        (TABLE, "a.xlsx", XLSX, BOMB, "not accepted"),
        (TABLE, "a.xlsx", XLSX, b"PK\x03\x04broken", "not accepted"),
    ],
)  # fmt: skip
def test_wrong_files_are_told_what_to_do(
    asked: Question, name: str, declared: str, content: bytes, words: str
) -> None:
    with translation.override("en"):
        with pytest.raises(AnswerError) as caught:
            inspect(asked, name, declared, content)
        assert words in caught.value.text()


def test_limits_are_those_of_service_553() -> None:
    limits = {
        q.key: q.validation for q in schema("form-invite-foreigner").questions() if q.type == "file"
    }
    assert any(v["max_size_kb"] in {300, 500} for v in limits.values())


def test_names_lose_folders_and_tricks() -> None:
    assert safe_name("../../etc/passwd.pdf") == "passwd.pdf"
    assert safe_name("C:\\temp\\a.pdf") == "a.pdf"
    assert safe_name("a\x00b\u202efdp.exe") == "abfdp.exe"
    assert len(safe_name("x" * 500 + ".pdf")) <= 120
    assert safe_name("") == "file"


def test_sizes_in_words() -> None:
    with translation.override("uz"):
        assert megabytes(7_549_747) == "7,2 MB"
        assert megabytes(5 * 1024 * 1024) == "5 MB"
        assert megabytes(240 * 1024) == "240 kB"
        assert megabytes(1) == "1 kB"


@pytest.mark.parametrize(
    "content", [b"", b"\x00" * 20, b"abc", b"PK\x03\x04", b"%PDF", b"\xff\xd8\xff"]
)
def test_sniffing_never_breaks(content: bytes) -> None:
    assert sniff(content) in {"", "image/jpeg", "application/pdf"}
