"""Files: what may be attached. The bytes are kept by `forms.uploads`."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Mapping
from decimal import Decimal
from pathlib import PurePath
from typing import Any, ClassVar

import puremagic
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from PIL import Image, UnidentifiedImageError

from forms.engine.schema import Question
from forms.engine.types.base import UNREADABLE, AnswerError, QuestionType, Raw, register
from forms.engine.types.pdfs import check_pdf
from languages.dates import format_number

KB = 1024
_OOXML = "application/vnd.openxmlformats-officedocument."
DOCX, XLSX = f"{_OOXML}wordprocessingml.document", f"{_OOXML}spreadsheetml.sheet"

#: Content type → endings that may carry it. Only kinds whose bytes we can check.
ENDINGS: Mapping[str, frozenset[str]] = {
    "application/pdf": frozenset({"pdf"}),
    "image/jpeg": frozenset({"jpg", "jpeg"}),
    "image/png": frozenset({"png"}),
    DOCX: frozenset({"docx"}),
    XLSX: frozenset({"xlsx"}),
}
DEFAULT_ENDINGS = ("pdf", "jpg", "jpeg", "png")
PICTURES = ("jpg", "jpeg", "png")
#: What browsers call a kind beside its own name; "" and octet-stream mean that they do not know.
_ALIASES: Mapping[str, frozenset[str]] = {
    "application/pdf": frozenset({"application/x-pdf"}),
    "image/jpeg": frozenset({"image/jpg", "image/pjpeg"}),
    "image/png": frozenset({"image/x-png"}),
    DOCX: frozenset({"application/zip", "application/msword", "application/x-zip-compressed"}),
    XLSX: frozenset(
        {"application/zip", "application/vnd.ms-excel", "application/x-zip-compressed"}
    ),
}
_UNKNOWN = frozenset({"", "application/octet-stream"})
_IMAGES = {"image/jpeg": frozenset({"JPEG", "MPO"}), "image/png": frozenset({"PNG"})}
#: An ending inside a name that some systems would run: `passport.exe.pdf`.
_RUNNABLE = frozenset(
    "bat cmd com exe hta htm html jar js jse lnk msi php pif ps1 scr sh svg vbs wsf xhtml".split()
)
#: Pixels beyond which a picture is taken for a decompression bomb.
MOST_PIXELS = 40_000_000
#: Bytes, entries and ratio beyond which an archive is taken for a bomb.
MOST_UNPACKED, MOST_ENTRIES, MOST_RATIO = 100 * KB * KB, 2_000, 100


def megabytes(size: int) -> str:
    """`7,2 MB` in the active language; small files in kB."""
    language = get_language() or "uz"
    if size < KB * KB:
        return f"{format_number(-(-size // KB), language)} kB"
    number = Decimal(size) / (KB * KB)
    shown = number.quantize(Decimal("0.1"))
    whole = shown == shown.to_integral_value()
    return f"{format_number(int(shown) if whole else shown, language)} MB"


class Size:
    """A size that is written in the language of the message it stands in."""

    def __init__(self, size: int) -> None:
        self.size = size

    def __str__(self) -> str:
        return megabytes(self.size)


def endings(question: Question) -> tuple[str, ...]:
    """Endings of file names that a question takes, in small letters without the dot."""
    usual = PICTURES if question.type == "image" else DEFAULT_ENDINGS
    found = question.validation.get("extensions") or usual
    return tuple(str(ending).lower().lstrip(".") for ending in found)


def accept(question: Question) -> str:
    """What browsers are told to offer: `.jpg,.pdf`."""
    return ",".join(f".{ending}" for ending in endings(question))


def scans(key: str, megabytes: int) -> Question:
    """What takes scans and photos outside a form, by the rules of a form."""
    rules = {"max_size_kb": megabytes * KB, "extensions": list(DEFAULT_ENDINGS)}
    return Question(
        key=key, type="file", label={}, help={}, required=False, prefill="", validation=rules,
        options=(), condition=None,
    )  # fmt: skip


def size_limit(question: Question) -> int:
    """Most bytes of one file."""
    return question.rule("max_size_kb", 5120) * KB


def kinds(question: Question) -> str:
    """`JPG, PDF, PNG`: what may be attached, as people read it (jpeg is jpg)."""
    return ", ".join(sorted({e.upper() for e in endings(question)} - {"JPEG"})) or "JPG"


def sniff(content: bytes) -> str:
    """The content type that the bytes say; "" where they say nothing known."""
    try:
        found = puremagic.magic_string(content[:4096])
    except (LookupError, ValueError):
        return ""
    types = {match.mime_type for match in found}
    if content.startswith(b"%PDF-"):
        return "application/pdf"
    for name in _IMAGES:
        if name in types:
            return name
    return _office(content) if content.startswith(b"PK\x03\x04") else ""


def _office(content: bytes) -> str:
    """DOCX or XLSX; "" for any other archive, one with macros, and one that is a bomb."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return ""
    names = {entry.filename for entry in entries}
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED:
        return ""
    if unpacked > MOST_RATIO * max(len(content), 10 * KB):
        return ""
    if "[Content_Types].xml" not in names or any(name.endswith("vbaProject.bin") for name in names):
        return ""
    if "word/document.xml" in names:
        return DOCX
    return XLSX if "xl/workbook.xml" in names else ""


def check_size(question: Question, size: int) -> None:
    """Raises AnswerError on an empty or too large file; called before its bytes are read."""
    if size == 0:
        raise AnswerError(_("The file is empty. Choose another one."))
    if size > size_limit(question):
        raise AnswerError(
            _("The file is too large: %(size)s. At most: %(limit)s"),
            size=Size(size),
            limit=Size(size_limit(question)),
        )


def inspect(question: Question, name: str, declared: str, content: bytes) -> str:
    """The content type of a file that may be attached. Raises AnswerError.

    The ending, what the browser declared and what the bytes say must agree.
    """
    check_size(question, len(content))
    refused = AnswerError(
        _("This kind of file is not accepted. Possible: %(kinds)s"), kinds=kinds(question)
    )
    parts = [part.lower() for part in name.split(".")]
    ending = parts[-1] if len(parts) > 1 else ""
    if ending not in endings(question) or _RUNNABLE & set(parts[1:-1]):
        raise refused
    kind = sniff(content)
    accepted = question.validation.get("accept") or list(ENDINGS)
    if kind not in accepted or ending not in ENDINGS.get(kind, frozenset()):
        raise refused
    declared = declared.partition(";")[0].strip().lower()
    if declared not in _UNKNOWN | {kind} | _ALIASES[kind]:
        raise refused
    if kind not in {DOCX, XLSX} and zipfile.is_zipfile(io.BytesIO(content)):
        # A picture or a PDF to one program, an archive to another.
        raise refused
    if kind in _IMAGES:
        _check_image(question, kind, content)
    elif kind == "application/pdf":
        check_pdf(content)
    return kind


def _check_image(question: Question, kind: str, content: bytes) -> None:
    unreadable = AnswerError(_("The picture cannot be read. Choose another one."))
    try:
        with warnings.catch_warnings():
            # We compare the pixels ourselves; the size is read before anything is unpacked.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=sorted(_IMAGES[kind])) as image:
                width, height = image.size
                if width * height <= MOST_PIXELS:
                    image.verify()
    except (
        UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError,
        EOFError,
    ) as error:  # fmt: skip
        raise unreadable from error
    if width * height > MOST_PIXELS:
        raise unreadable
    least_width, least_height = question.rule("min_width_px", 0), question.rule("min_height_px", 0)
    if width < least_width or height < least_height:
        raise AnswerError(
            _(
                "The picture is too small: %(width)s × %(height)s px. "
                "At least: %(least_width)s × %(least_height)s px"
            ),
            width=width,
            height=height,
            least_width=least_width,
            least_height=least_height,
        )
    most_width, most_height = question.rule("max_width_px", 0), question.rule("max_height_px", 0)
    if (most_width and width > most_width) or (most_height and height > most_height):
        raise AnswerError(
            _(
                "The picture is too large: %(width)s × %(height)s px. "
                "At most: %(most_width)s × %(most_height)s px"
            ),
            width=width,
            height=height,
            most_width=most_width or "–",
            most_height=most_height or "–",
        )


def safe_name(name: str) -> str:
    """The file's name without folders, control and direction characters; at most 120 long."""
    plain = "".join(c for c in PurePath(name.replace("\\", "/")).name if c.isprintable())
    stem, dot, ending = plain.rpartition(".")
    return (f"{stem[:110]}{dot}{ending[:9]}" if dot else plain[:120]).strip() or "file"


@register
class FileType(QuestionType):
    """One or several files. The answer is `[{"uuid", "name", "size"}]`."""

    name = "file"
    template = "forms/types/file.html"
    is_group = True
    is_file = True
    stored = list
    missing = _("Attach a file.")
    #: Members of one file of the answer.
    members: ClassVar = frozenset({"uuid", "name", "size"})

    def parse(self, question: Question, raw: Raw) -> Any:
        """Nothing: files are taken from the request's files, never from its texts."""
        return None

    def check(self, question: Question, value: Any, answers: Mapping[str, Any]) -> None:
        """Not too many."""
        if not all(isinstance(item, Mapping) and self.members <= item.keys() for item in value):
            raise AnswerError(UNREADABLE)
        most = question.rule("max_files", 1)
        if len(value) > most:
            raise AnswerError(_("Too many files. At most: %(count)s"), count=most)

    def display(self, question: Question, value: Any, language: str) -> str:
        """The names."""
        return ", ".join(str(item["name"]) for item in value)

    def export(self, question: Question, value: Any) -> str:
        """The names."""
        return "; ".join(str(item["name"]) for item in value)

    def initial(self, question: Question, value: Any) -> Any:
        """A list."""
        return value or []

    def typed(self, question: Question, raw: Raw) -> Any:
        """Files cannot be typed again."""
        return None


@register
class ImageType(FileType):
    """A picture: least and most pixels may be asked for."""

    name = "image"
    missing = _("Attach a picture.")
