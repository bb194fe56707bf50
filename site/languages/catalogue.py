"""The catalogues in `locale/`: merged, derived, compiled and checked without gettext installed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polib

from languages import convert_html, karakalpak, uzbek
from languages.extraction import Message
from languages.registry import DERIVED, LANGUAGES, Language, by_code

_TWO_FORMS = "nplurals=2; plural=(n != 1);"
_RUSSIAN_FORMS = (
    "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 "
    "&& (n%100<10 || n%100>=20) ? 1 : 2);"
)
_PLACEHOLDER = re.compile(
    r"%\([A-Za-z_]\w*\)[sdif]|%(?:\.\d+)?[sdif](?![A-Za-z])|%%|\{[A-Za-z_]\w*(?:![rs])?(?::[^{}]*)?\}|\{\}"
)
#: A value, what closes after it, then an ending: `{x}ga`, `<b>%(x)s</b>ga`, `“{x}”ga`, `{x}-ga`.
_VALUE = r"(?:%\([A-Za-z_]\w*\)[sdif]|\{[A-Za-z_]?\w*(?:![rs])?(?::[^{}]*)?\})"
_GLUED = re.compile(
    rf"{_VALUE}(?:</\w+>|[”»\"'’ʼʻ])*(?:[^\W\d_]|-(?:ga|ge|gʻa|ǵa|ka|ke|qa|ni|ning|nin|niń|nıń|nı"
    r"|da|de|ta|te|dan|den|nan|nen|tan|ten|го|му|м)\b)"
)
#: Languages whose case endings a placeholder cannot take.
_INFLECTED = ("uz", "kaa", "ru")


class BadTable(ValueError):
    """A line of a table of translations cannot be read."""


@dataclass(frozen=True, slots=True)
class Row:
    """A message with its translations by language code; a plural has several forms."""

    message: Message
    texts: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with the translation of one message into one language."""

    language: str
    message: Message
    text: str


#: What Python and templates say; what scripts say (of Wagtail alone: ours speak through pages).
DOMAINS = ("django", "djangojs")


def catalogue_path(root: Path, language: Language, domain: str = "django") -> Path:
    """The .po of a language under the folder `locale`."""
    return root / language.catalogue_dir / "LC_MESSAGES" / f"{domain}.po"


def _plural_count(language: str) -> int:
    return 3 if language == "ru" else 2


def _key(entry: polib.POEntry) -> Message:
    return Message(entry.msgid, entry.msgid_plural or "", entry.msgctxt or "")


def _open(root: Path, language: Language, domain: str = "django") -> polib.POFile:
    path = catalogue_path(root, language, domain)
    if path.exists():
        return polib.pofile(str(path), wrapwidth=99)
    return _empty(language)


def _empty(language: Language) -> polib.POFile:
    file = polib.POFile(wrapwidth=99)
    file.metadata = {
        "Project-Id-Version": "Yagona portal",
        "Language": language.catalogue_dir,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": _RUSSIAN_FORMS if language.code == "ru" else _TWO_FORMS,
    }
    return file


def _save(root: Path, language: Language, file: polib.POFile, domain: str = "django") -> None:
    path = catalogue_path(root, language, domain)
    path.parent.mkdir(parents=True, exist_ok=True)
    file.sort(key=lambda entry: (entry.obsolete, entry.msgid, entry.msgctxt or ""))
    text = f"{file}\n"
    # An unchanged file keeps its time, so that its compiled one stays up to date.
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


# -- Conversion ------------------------------------------------------------------------------


def _outside_placeholders(text: str) -> str:
    parts, position = [], 0
    for match in _PLACEHOLDER.finditer(text):
        parts += [uzbek.to_cyrillic(text[position : match.start()]), match.group()]
        position = match.end()
    return "".join([*parts, uzbek.to_cyrillic(text[position:])])


def cyrillic(text: str) -> str:
    """An Uzbek Latin message → Cyrillic; placeholders, tags and references stay."""
    return convert_html(text, _outside_placeholders)


# -- Tables ----------------------------------------------------------------------------------


def read_table(path: Path) -> list[Row]:
    """Rows of `msgid<TAB>uzbek<TAB>russian<TAB>karakalpak`.

    A plural is `one|||other` in the first cell and its forms in the others; a context stands before
    the message as `[[context]]`; `\\n` is a new line; lines without a tab that begin with `#` are
    remarks. An empty cell says nothing. Raises BadTable with file and line.
    """
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or (line.startswith("#") and "\t" not in line):
            continue
        cells = [cell.replace("\\n", "\n") for cell in line.split("\t")]
        if len(cells) != 4 or not cells[0]:
            raise BadTable(f"{path.name}:{number}: four cells are needed, not {len(cells)}")
        context = ""
        if match := re.match(r"\[\[(.+?)\]\]", cells[0]):
            context, cells[0] = match[1], cells[0][match.end() :]
        msgid, _, plural = cells[0].partition("|||")
        texts = {
            code: tuple(cell.split("|||"))
            for code, cell in zip(("uz", "ru", "kaa"), cells[1:], strict=True)
            if cell.strip()
        }
        rows.append(Row(Message(msgid, plural, context), texts))
    return rows


def conflicts(rows: Iterable[Row]) -> list[Message]:
    """Messages that two rows translate differently (the last one counts)."""
    seen: dict[Message, dict[str, tuple[str, ...]]] = {}
    found = []
    for row in rows:
        known = seen.setdefault(row.message, {})
        if any(known.get(code, text) != text for code, text in row.texts.items()):
            found.append(row.message)
        known |= row.texts
    return list(dict.fromkeys(found))


def _put(entry: polib.POEntry, language: str, forms: tuple[str, ...]) -> None:
    if entry.msgid_plural:
        count = _plural_count(language)
        entry.msgstr_plural = {n: forms[min(n, len(forms) - 1)] for n in range(count)}
    else:
        entry.msgstr = forms[0]
    entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]
    if re.search(r"%\(\w+\)[sdif]|%[sd]\b", entry.msgid) and "python-format" not in entry.flags:
        entry.flags.append("python-format")


def _forms(row: Row, language: Language) -> tuple[str, ...]:
    """The texts a row gives to a language; none where it says nothing."""
    if language.code == "en":
        return (row.message.msgid, row.message.plural or row.message.msgid)
    forms = row.texts.get(language.code, ())
    if language.code == "uz":
        return tuple(convert_html(form, uzbek.normalise) for form in forms)
    if language.code == "kaa":
        return tuple(convert_html(form, karakalpak.normalise) for form in forms)
    return forms


def merge(root: Path, rows: list[Row], domain: str = "django") -> dict[str, int]:
    """Merge rows into the catalogues and derive the Cyrillic one; language → entries it has.

    Entries that no row names stay; the last of several rows for a message counts. A row that
    speaks Uzbek alone (a message of Wagtail's admin, which brings its own Russian) makes no entry
    in other languages.
    """
    counts = {}
    for language in LANGUAGES:
        if language.code in DERIVED:
            continue
        file = _open(root, language, domain)
        entries = {_key(entry): entry for entry in file if not entry.obsolete}
        for row in rows:
            entry = entries.get(row.message)
            if entry is None and set(row.texts) == {"uz"} and language.code != "uz":
                continue
            if entry is None:
                entry = polib.POEntry(
                    msgid=row.message.msgid,
                    msgid_plural=row.message.plural or None,
                    msgctxt=row.message.context or None,
                )
                entries[row.message] = entry
                file.append(entry)
                if entry.msgid_plural:
                    entry.msgstr_plural = dict.fromkeys(range(_plural_count(language.code)), "")
            if forms := _forms(row, language):
                _put(entry, language.code, forms)
        if len(file):
            _save(root, language, file, domain)
        counts[language.code] = len(file.translated_entries())
    return counts | derive(root, domain)


def derive(root: Path, domain: str = "django") -> dict[str, int]:
    """Write the Cyrillic catalogue anew from the Latin one; language → entries.

    Entries of `uz_Cyrl/overrides.po`, kept by people, come before the conversion.
    """
    counts = {}
    for code, source_code in DERIVED.items():
        language, source = by_code(code), _open(root, by_code(source_code), domain)
        path = catalogue_path(root, language, domain)
        overrides_path = path.parent.parent / "overrides.po"
        overrides = {
            _key(entry): entry
            for entry in (polib.pofile(str(overrides_path)) if overrides_path.exists() else ())
        }
        file = _empty(language)
        for entry in source:
            if entry.obsolete:
                continue
            own = polib.POEntry(
                msgid=entry.msgid,
                msgid_plural=entry.msgid_plural or None,
                msgctxt=entry.msgctxt or None,
                flags=list(entry.flags),
            )
            better = overrides.get(_key(entry))
            if entry.msgid_plural:
                plural = better.msgstr_plural if better else entry.msgstr_plural
                own.msgstr_plural = {
                    n: text if better else cyrillic(text) for n, text in plural.items()
                }
            else:
                own.msgstr = better.msgstr if better else cyrillic(entry.msgstr)
            file.append(own)
        if len(file):
            _save(root, language, file, domain)
        counts[code] = len(file.translated_entries())
    return counts


# -- Compiling and checking --------------------------------------------------------------------


def compile_all(root: Path, *, force: bool = False) -> dict[str, int]:
    """Write each .mo that is missing or older than its .po; `folder/domain` → its entries."""
    written = {}
    for source in sorted(root.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if not force and target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        catalogue = polib.pofile(str(source))
        catalogue.save_as_mofile(str(target))
        written[f"{source.parent.parent.name}/{source.stem}"] = len(catalogue.translated_entries())
    return written


def missing(root: Path, messages: Iterable[Message]) -> dict[str, list[Message]]:
    """language → messages without a translation (fuzzy ones count as missing), sorted."""
    wanted = set(messages)
    result = {}
    for language in LANGUAGES:
        known = {_key(entry) for entry in _open(root, language).translated_entries()}
        if lacking := wanted - known:
            result[language.code] = sorted(lacking)
    return result


def unused(root: Path, messages: Iterable[Message]) -> list[Message]:
    """Messages of the source catalogue that nothing asks for any more, sorted."""
    known = {_key(entry) for entry in _open(root, by_code("uz")) if not entry.obsolete}
    return sorted(known - set(messages))


def _placeholders(text: str) -> Counter[str]:
    return Counter(_PLACEHOLDER.findall(text))


def _entry_problems(language: str, entry: polib.POEntry) -> Iterator[str]:
    wanted = [entry.msgid, entry.msgid_plural] if entry.msgid_plural else [entry.msgid]
    forms = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    allowed = [set(_placeholders(text)) for text in wanted]
    for form in filter(None, forms):
        if set(_placeholders(form)) not in allowed:
            yield f"placeholders differ: {form!r}"
        if language in _INFLECTED and _GLUED.search(form):
            yield f"an ending touches a placeholder: {form!r}"


def problems(root: Path) -> list[Problem]:
    """Placeholders that differ from the message's, or that a case ending is glued to."""
    return [
        Problem(language.code, _key(entry), text)
        for language in LANGUAGES
        for domain in DOMAINS
        for entry in _open(root, language, domain)
        if not entry.obsolete
        for text in _entry_problems(language.code, entry)
    ]
