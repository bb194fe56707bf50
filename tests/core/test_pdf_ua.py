"""The eye that looks at PDFs sees what it says it sees."""

from __future__ import annotations

import io
from typing import Any

import pytest
import typst
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject

from tests.core.pdf_ua import elements, problems

_SOURCE = b"""
#set document(title: "Hisobot")
#set text(lang: "uz")
= Bir
#table(columns: 2, table.header([a], [b]), [1], [2])
#image(bytes("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"), format: "svg", alt: "Chizma")
"""


def made(source: bytes = _SOURCE, **more: Any) -> bytes:
    data = typst.compile(source, format="pdf", **({"pdf_standards": ["ua-1"]} | more))
    assert isinstance(data, bytes)
    return data


def test_a_whole_document_has_no_problem() -> None:
    assert problems(made(), "uz") == []
    assert {"H1", "Table", "TH", "TD", "Figure"} <= {tag for tag, _node in elements(made())}


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (_SOURCE.replace(b', alt: "Chizma"', b""), "a figure without a text"),
        (_SOURCE.replace(b"table.header([a], [b])", b"[a], [b]"), "a table without a head"),
        (_SOURCE.replace(b'title: "Hisobot"', b"title: none"), "no title"),
        (_SOURCE.replace(b"= Bir", b"Bir"), "no heading"),
        (_SOURCE.replace(b'"uz"', b'"ru"'), "language is 'ru'"),
    ],
)
def test_what_a_template_could_lose_is_seen(source: bytes, says: str) -> None:
    assert says in problems(made(source, pdf_standards=[]), "uz")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("/MarkInfo", "not marked as tagged"),
        ("/StructTreeRoot", "no tree of structure"),
        ("/ViewerPreferences", "the title is not displayed"),
        ("/Metadata", "does not say that it is PDF/UA"),
    ],
)
def test_what_a_file_could_lose_is_seen(name: str, says: str) -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(made())))
    del writer.root_object[NameObject(name)]
    data = io.BytesIO()
    writer.write(data)
    assert says in problems(data.getvalue(), "uz")
