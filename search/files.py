"""The text of files attached to what is published: read in tasks, kept, and indexed with it."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections import defaultdict
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django_tasks import task
from wagtail.documents import get_document_model
from wagtail.models import Page, ReferenceIndex

from search import indexing
from search.attached import Attachment, FileText
from search.store import Field
from search.weights import DETAIL
from service_pages.models import Service, ServicePage

log = logging.getLogger(__name__)

#: Larger files are not read.
MOST_BYTES = 20_000_000
#: Seconds after which the reading process is killed, be it slow or asleep.
TIMEOUT = 40
KINDS = {"pdf", "docx"}
_WORKER = Path(__file__).with_name("reading_worker.py")
#: Letters that only one language of a script has.
_LETTERS = {"uz-cyrl": "ўқғҳ", "kaa": "áǵńúó"}
_TELLING = 0.004
_ENGLISH = frozenset("the of and to in for is by".split())


def extract(kind: str, data: bytes) -> str | None:
    """The text of a file of a kind (`pdf`, `docx`); None where it cannot be read within bounds."""
    if kind not in KINDS or len(data) > MOST_BYTES:
        return None
    try:
        # Isolated: neither the environment nor the folder has a say in what is imported.
        done = subprocess.run(
            [sys.executable, "-I", str(_WORKER), kind],
            input=data, capture_output=True, timeout=TIMEOUT, check=False, env={},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return None
    return done.stdout.decode() if done.returncode == 0 else None


def language_of(text: str) -> str:
    """The language that a file is probably in, by its letters and commonest words."""
    small = text[:20_000].lower()
    letters = [letter for letter in small if letter.isalpha()]
    if sum("а" <= letter <= "ӿ" for letter in letters) * 2 > len(letters):
        return "uz-cyrl" if _share(letters, _LETTERS["uz-cyrl"]) > _TELLING else "ru"
    if _share(letters, _LETTERS["kaa"]) > _TELLING:
        return "kaa"
    words = small.split()
    return "en" if words and sum(w in _ENGLISH for w in words) / len(words) > 0.08 else "uz"


def _share(letters: Collection[str], some: str) -> float:
    return sum(letter in some for letter in letters) / max(1, len(letters))


def texts(kind: str, keys: Collection[str]) -> dict[str, list[Field]]:
    """What `search.indexing` asks of a source: the fields of the files of documents, by key."""
    found: dict[str, list[Field]] = defaultdict(list)
    rows = Attachment.objects.filter(kind=kind, key__in=keys).exclude(file__text="")
    for key, language, text in rows.values_list("key", "file__language", "file__text"):
        found[key].append((DETAIL, language, text))
    return found


def place_of(page: Any) -> tuple[str, str] | None:
    """(kind, key) under which a page is indexed; None where it is not."""
    if isinstance(page, ServicePage):
        return "service", page.service.key
    kind = indexing.kind_of(page)
    return (kind, str(page.translation_key)) if kind else None


def _pages(kind: str, key: str) -> list[Any]:
    if kind == "service":
        return list(ServicePage.objects.live().filter(service__key=key, alias_of__isnull=True))
    model = indexing.PAGE_KINDS[kind]
    return list(model.objects.live().filter(translation_key=key, alias_of__isnull=True))


@transaction.atomic
def attached_to(pages: Iterable[Any]) -> set[int]:
    """Files that pages refer to and everybody may have."""
    model = get_document_model()
    kind = ContentType.objects.get_for_model(model)
    ids: set[int] = set()
    for page in pages:
        # Wagtail's own record may still wait in the queue.
        ReferenceIndex.create_or_update_for_object(page)
        rows = ReferenceIndex.get_references_for_object(page).filter(to_content_type=kind)
        ids |= {int(pk) for pk in rows.values_list("to_object_id", flat=True)}
    return {
        document.pk
        for document in model.objects.filter(pk__in=ids).select_related("collection")
        if not document.collection.get_view_restrictions().exists()
    }


def refresh(kind: str, key: str) -> bool:
    """Read the files of a document of the index and index it anew where they changed."""
    files = {pk: read(pk) for pk in attached_to(_pages(kind, key))}
    kept = {pk: file for pk, file in files.items() if file is not None}
    with transaction.atomic():
        Attachment.objects.filter(kind=kind, key=key).exclude(file__in=kept.values()).delete()
        Attachment.objects.bulk_create(
            [Attachment(kind=kind, key=key, file=file) for file in kept.values()],
            ignore_conflicts=True,
        )
    return _index(kind, key)


def read(document_id: int) -> FileText | None:
    """The text of a file, read unless its content is known; None where it is of another kind."""
    document = get_document_model().objects.filter(pk=document_id).first()
    if document is None or document.file_extension.lower() not in KINDS:
        return None
    digest = document.get_file_hash()
    known = FileText.objects.filter(document_id=document_id).first()
    if known is not None and known.file_hash == digest:
        return known
    text = None
    if (document.get_file_size() or 0) <= MOST_BYTES:
        try:
            with document.open_file() as stream:
                text = extract(document.file_extension.lower(), stream.read(MOST_BYTES + 1))
        except OSError:
            log.warning("a file is not there", extra={"document": document_id})
    if text is None:
        log.info("a file cannot be read", extra={"document": document_id})
    row, _created = FileText.objects.update_or_create(
        document_id=document_id,
        defaults={
            "file_hash": digest,
            "text": text or "",
            "language": language_of(text or ""),
            "is_read": text is not None,
        },
    )
    return row


@task()
def read_files(kind: str, key: str) -> None:
    """`refresh` in the queue."""
    refresh(kind, key)


def after_change(page: Any) -> None:
    """Have the files of a page read after it went live or was taken down."""
    place = place_of(page)
    if place is not None and get_document_model().objects.exists():
        transaction.on_commit(lambda: read_files.enqueue(*place))


def _index(kind: str, key: str) -> bool:
    if kind == "service":
        service = Service.objects.filter(key=key).select_related("agency").first()
        return service is not None and indexing.index_service(service)
    pages = _pages(kind, key)
    return bool(pages) and indexing.index_page(pages[0])


def catch_up() -> int:
    """Read what was missed: files of published pages that are not indexed as they are now."""
    model = get_document_model()
    kind = ContentType.objects.get_for_model(model)
    rows = ReferenceIndex.objects.filter(to_content_type=kind)
    wanted: dict[tuple[str, str], set[int]] = defaultdict(set)
    pairs = [(int(r.object_id), int(r.to_object_id)) for r in rows if r.object_id.isdigit()]
    pages = {
        page.pk: page
        for page in Page.objects.live()
        .filter(pk__in={pk for pk, _file in pairs}, alias_of__isnull=True)
        .specific()
    }
    for page_id, file_id in pairs:
        place = place_of(pages[page_id]) if page_id in pages else None
        if place is not None:
            wanted[place].add(file_id)
    hashes = dict(model.objects.values_list("pk", "file_hash"))
    known: dict[tuple[str, str], set[int]] = defaultdict(set)
    for row in Attachment.objects.select_related("file"):
        if hashes.get(row.file.document_id) == row.file.file_hash:
            known[row.kind, row.key].add(row.file.document_id)
    stale = [
        place
        for place in wanted.keys() | known.keys()
        if _readable(wanted[place], model) != known[place]
    ]
    for place in stale:
        refresh(*place)
    return len(stale)


def _readable(ids: Collection[int], model: Any) -> set[int]:
    return {
        document.pk
        for document in model.objects.filter(pk__in=ids).select_related("collection")
        if document.file_extension.lower() in KINDS
        and not document.collection.get_view_restrictions().exists()
    }
