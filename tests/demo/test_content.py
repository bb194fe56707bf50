"""The demonstration content is whole: languages, structure, references, letters, numbers.

Reads files only, so it runs without Django.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

CONTENT = Path(__file__).resolve().parents[2] / "site" / "demo" / "content"
GIVEN = ("agencies", "bhm", "districts", "forms", "services", "topics")
WRITTEN = (
    "announcements",
    "documents",
    "grounds",
    "menus",
    "notices",
    "offices",
    "phones",
    "sections",
    "service_extras",
)
LANGUAGES = ("uz", "ru", "en", "kaa")
CODES = {*LANGUAGES, "uz_cyrl"}
TAGS = {"p", "ul", "ol", "li", "a", "strong", "h3"}
CYRILLIC = re.compile(r"[\u0400-\u04ff]")
WRONG_SIGNS = re.compile(r"['`\u2018\u2019\u00b4]")
DEMO_PHONE = re.compile(r"\+998 61 000-\d\d-\d\d")
ADDRESS = re.compile(r"(https://\S+|[a-z0-9][a-z0-9/_-]*)")
TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
DAYS = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}
#: Public pages that are not in the page tree.
VIEWS = {"services", "site-map", "reading"}


def _file(name: str) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads((CONTENT / f"{name}.json").read_text(encoding="utf-8"))
    return parsed


FILES = {name: _file(name) for name in (*GIVEN, *WRITTEN)}
AGENCIES = {row["key"] for row in FILES["agencies"]["items"]}
DISTRICTS = {row["key"] for row in FILES["districts"]["items"]}
SERVICES = {row["key"]: row for row in FILES["services"]["items"]}


def _maps(value: Any, place: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    """(place, text map) of every text in a value."""
    if isinstance(value, dict):
        if "uz" in value:
            yield place, value
            return
        for key, inner in value.items():
            yield from _maps(inner, f"{place}.{key}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _maps(inner, f"{place}[{number}]")


def _pages(
    rows: list[dict[str, Any]] | None = None, above: str = ""
) -> Iterator[tuple[str, dict[str, Any]]]:
    """(path, record) of every page of the tree."""
    for row in FILES["sections"]["items"] if rows is None else rows:
        path = f"{above}{row['slug']}"
        yield path, row
        yield from _pages(row["children"], f"{path}/")


def _bodies() -> Iterator[tuple[str, dict[str, Any]]]:
    yield from _pages()
    for row in FILES["documents"]["items"]:
        yield f"hujjatlar/{row['slug']}", row
    for row in FILES["announcements"]["items"]:
        yield f"elonlar/{row['slug']}", row


def _blocks(kind: str) -> Iterator[tuple[str, Any]]:
    for path, row in _bodies():
        for block in row["body"]:
            if block["type"] == kind:
                yield path, block["value"]


class _Skeleton(HTMLParser):
    """The tags of a text in their order; refuses what is not allowed or not closed."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, tag
        assert all(name == "href" and tag == "a" for name, _value in attrs), attrs
        self.tags.append(tag)
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag, tag


def _skeleton(html: str) -> list[str]:
    parser = _Skeleton()
    parser.feed(html)
    parser.close()
    assert not parser.open, html
    return parser.tags


@pytest.mark.parametrize("name", [*GIVEN, *WRITTEN])
def test_every_file_names_its_schema_and_carries_the_warning(name: str) -> None:
    assert FILES[name]["schema"].startswith(f"{name}/")
    assert {"uz", "ru", "en"} <= set(FILES[name]["notice"])


@pytest.mark.parametrize("name", WRITTEN)
def test_every_text_has_uzbek_russian_and_english(name: str) -> None:
    for place, texts in _maps(FILES[name]):
        assert set(texts) <= CODES, (place, sorted(texts))
        for code in ("uz", "ru", "en"):
            assert texts.get(code, "").strip(), (place, code)


@pytest.mark.parametrize("name", WRITTEN)
def test_uzbek_and_karakalpak_are_latin_with_the_right_apostrophes(name: str) -> None:
    for place, texts in _maps(FILES[name]):
        for code in ("uz", "kaa"):
            text = texts.get(code, "")
            assert not CYRILLIC.search(text), (place, text)
            assert not WRONG_SIGNS.search(text), (place, text)
        assert not re.search(r"(?<![oOgG])ʻ|[oOgG]ʼ", texts["uz"]), (place, texts["uz"])


@pytest.mark.parametrize("name", [*GIVEN, *WRITTEN])
def test_karakalpak_is_there_and_says_what_uzbek_says(name: str) -> None:
    """In its own letters, with the same numbers, codes and lines; nothing is left in Uzbek."""
    for place, texts in _maps(FILES[name]):
        if isinstance(texts["uz"], list):
            # Search words are each language's own.
            assert "synonyms" in place or len(texts["kaa"]) == len(texts["uz"]), place
            continue
        text = texts.get("kaa", "")
        assert text, place
        assert not re.search("[\u02bb\u02bc\u0400-\u04ff]", text), (place, text)
        assert not WRONG_SIGNS.search(text), (place, text)
        for found in (r"\d+", "\n", "</?[a-z0-9]+", "_{3,}"):
            assert sorted(re.findall(found, text)) == sorted(re.findall(found, texts["uz"])), (
                place,
                text,
            )


@pytest.mark.parametrize("name", WRITTEN)
def test_no_word_mixes_the_two_scripts(name: str) -> None:
    for place, texts in _maps(FILES[name]):
        for code, text in texts.items():
            for word in re.findall(r"[^\W\d_]+", text):
                assert not (CYRILLIC.search(word) and re.search("[A-Za-z]", word)), (
                    place,
                    code,
                    word,
                )


@pytest.mark.parametrize("name", WRITTEN)
def test_english_has_no_cyrillic(name: str) -> None:
    for place, texts in _maps(FILES[name]):
        assert not CYRILLIC.search(texts["en"]), (place, texts["en"])


def test_complete_names_the_languages_of_every_text() -> None:
    for path, row in _bodies():
        texts = [
            one for part in ("title", "summary", "body", "issued_by") if part in row
            for _place, one in _maps(row[part])
        ]  # fmt: skip
        expected = [code for code in LANGUAGES if all(code in one for one in texts)]
        assert row["complete"] == expected, path
        assert row["title"].get("kaa"), path
        assert row["summary"].get("kaa"), path


def test_html_has_the_same_structure_in_all_languages() -> None:
    found = [(path, value) for path, value in _blocks("paragraph")]
    found += [
        (path, item["body"]) for path, value in _blocks("accordion") for item in value["items"]
    ]
    for path, texts in found:
        shapes = {code: _skeleton(html) for code, html in texts.items() if code in LANGUAGES}
        assert all(shape == shapes["uz"] for shape in shapes.values()), (path, texts["uz"])


def test_only_paragraphs_and_accordions_hold_html() -> None:
    for path, row in _bodies():
        for block in row["body"]:
            if block["type"] in {"paragraph", "accordion"}:
                continue
            for place, texts in _maps(block["value"]):
                for text in texts.values():
                    assert "<" not in text, (path, place, text)


def test_a_source_string_has_one_translation_throughout_a_page() -> None:
    for path, row in _bodies():
        known: dict[tuple[str, str], str] = {}
        for _place, texts in _maps([row["title"], row["summary"], row["body"]]):
            for code in ("ru", "en", "kaa"):
                if code in texts:
                    first = known.setdefault((texts["uz"], code), texts[code])
                    assert first == texts[code], (path, texts["uz"], code)


def test_blocks_have_the_shape_of_the_block_library() -> None:
    shapes = {
        "heading": {"text"},
        "callout": {"kind", "title", "text"},
        "accordion": {"items"},
        "table": {"caption", "headers", "rows"},
        "steps": {"items"},
        "links": {"items"},
        "questions": {"items"},
        "contact": {"title", "phone", "email", "address", "hours"},
    }
    parts = {
        "accordion": {"title", "body"},
        "steps": {"title", "text"},
        "links": {"title", "url"},
        "questions": {"question", "answer"},
    }
    for path, row in _bodies():
        for block in row["body"]:
            kind, value = block["type"], block["value"]
            if kind == "paragraph":
                assert "uz" in value, path
                continue
            assert set(value) == shapes[kind], (path, kind)
            for item in value.get("items", []):
                assert set(item) == parts[kind], (path, kind)
            if kind == "callout":
                assert value["kind"] in {"info", "important", "warning"}, path
            if kind == "table":
                assert {len(cells) for cells in value["rows"]} == {len(value["headers"])}, path


def test_texts_fit_their_fields() -> None:
    for path, row in _bodies():
        for code, text in row["title"].items():
            assert len(text) <= 255, (path, code)
        for code, text in row["summary"].items():
            assert len(text) <= 400, (path, code)
    for path, value in _blocks("heading"):
        assert all(len(text) <= 150 for text in value["text"].values()), path
    for row in FILES["service_extras"]["items"]:
        for item in row["questions"]:
            assert all(len(text) <= 300 for text in item["question"].values()), row["service"]
    for part in (FILES["sections"]["home"]["lead"], FILES["sections"]["agencies"]["lead"]):
        assert all(len(text) <= 300 for text in part.values())


def test_no_section_opens_on_an_empty_page() -> None:
    types = {"section", "information", "statistics", "contact", "documents", "announcements"}
    for path, row in _pages():
        assert row["type"] in types, path
        assert row["body"], path
        assert row["owner"] in AGENCIES, path
        assert re.fullmatch(r"[a-z0-9-]+", row["slug"]), path
    siblings: dict[str, list[int]] = {}
    for path, row in _pages():
        siblings.setdefault(path.rpartition("/")[0], []).append(row["order"])
    for orders in siblings.values():
        assert orders == list(range(1, len(orders) + 1))


def test_links_lead_to_pages_that_exist() -> None:
    paths = {path for path, _row in _pages()} | VIEWS | {"idoralar"}
    paths |= {f"idoralar/{key}" for key in AGENCIES}
    paths |= {f"idoralar/{row['agency']}/{key}" for key, row in SERVICES.items()}
    paths |= {f"hujjatlar/{row['slug']}" for row in FILES["documents"]["items"]}
    used = [(path, item["url"]) for path, value in _blocks("links") for item in value["items"]]
    used += [("menu", item["address"]) for item in FILES["menus"]["items"]]
    for path, url in used:
        assert ADDRESS.fullmatch(url), (path, url)
        assert url.startswith("https://") or url in paths, (path, url)


def test_documents_have_number_date_and_known_relations() -> None:
    rows = {row["key"]: row for row in FILES["documents"]["items"]}
    kinds = {
        "law", "presidential_decree", "presidential_resolution", "cabinet_resolution",
        "council_resolution", "code", "order", "other",
    }  # fmt: skip
    assert len(rows) == len(FILES["documents"]["items"]) >= 20
    for key, row in rows.items():
        assert row["kind"] in kinds, key
        assert row["number"], key
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", row["date"]), key
        assert isinstance(row["in_force"], bool), key
        assert {"ru", "en", "kaa"} <= set(row["title_unofficial"]), key
        assert set(row["services"]) <= set(SERVICES), key
        for relation in row["relations"]:
            assert relation["kind"] in {"amends", "repeals", "implements"}, key
            assert relation["target"] in rows, (key, relation["target"])
            assert relation["target"] != key


def test_documents_agree_with_the_legal_bases_of_services() -> None:
    bases = {
        (basis["number"], basis["date"]): basis["type"]
        for service in SERVICES.values()
        for basis in service["legal_basis"]
    }
    for row in FILES["documents"]["items"]:
        for key in row["services"]:
            named = {(b["number"], b["date"]) for b in SERVICES[key]["legal_basis"]}
            assert (row["number"], row["date"]) in named, (row["key"], key)
        if (row["number"], row["date"]) in bases:
            assert row["kind"] == bases[row["number"], row["date"]], row["key"]


def test_announcements_are_dated_and_belong_to_agencies() -> None:
    kinds = {"news", "vacancy", "tender", "draft_act", "event"}
    rows = FILES["announcements"]["items"]
    assert len(rows) == len({row["slug"] for row in rows}) == 12
    assert {row["kind"] for row in rows} == kinds
    for row in rows:
        assert row["agency"] is None or row["agency"] in AGENCIES, row["slug"]
        assert row["days_ago"] >= 0, row["slug"]
        if row["kind"] in {"vacancy", "tender", "draft_act"}:
            assert row["closes_in_days"] > 0, row["slug"]


def test_offices_have_place_hours_and_demonstration_phones() -> None:
    rows = FILES["offices"]["items"]
    assert len({row["key"] for row in rows}) == len(rows)
    for row in rows:
        key = row["key"]
        assert row["agency"] in AGENCIES, key
        assert row["district"] in DISTRICTS, key
        assert 41 < row["lat"] < 46, key
        assert 55.5 < row["lon"] < 62.5, key
        assert row["step_free"] in {True, False, None}, key
        assert row["phones"], key
        assert all(DEMO_PHONE.fullmatch(phone) for phone in row["phones"]), key
        assert set(row["services_accepted"]) <= set(SERVICES), key
        assert "Namuna (demo)" in row["address"]["uz"], key
        for part in ("name", "address", "landmark", "transport", "reception"):
            assert row[part].get("kaa"), (key, part)
        for span in row["hours"]:
            assert span["days"], key
            assert set(span["days"]) <= DAYS, key
            times = [span[t] for t in ("from", "break_from", "break_to", "to") if span.get(t)]
            assert all(TIME.fullmatch(time) for time in times), key
            assert times == sorted(times), key


def test_every_district_has_a_hokimiyat_and_a_service_centre() -> None:
    for agency in ("davlat-xizmatlari-boshqarmasi", "migratsiya-boshqarmasi"):
        rows = [row for row in FILES["offices"]["items"] if row["agency"] == agency]
        assert {row["district"] for row in rows} == DISTRICTS
    hokimiyats = {
        row["district"]: row["agency"]
        for row in FILES["offices"]["items"]
        if row["agency"].endswith("-hokimligi")
    }
    assert hokimiyats == {key: f"{key}-hokimligi" for key in DISTRICTS}


def test_only_national_emergency_numbers_are_real() -> None:
    rows = FILES["phones"]["items"]
    emergency = {row["number"] for row in rows if row["kind"] == "emergency"}
    assert emergency == {"101", "102", "103", "104", "112"}
    for row in rows:
        assert row["kind"] in {"call_centre", "hotline", "emergency"}
        if row["kind"] != "emergency":
            assert DEMO_PHONE.fullmatch(row["number"]), row["number"]
        assert row["fictional"] == (row["kind"] != "emergency")
    for path, value in _blocks("contact"):
        assert DEMO_PHONE.fullmatch(value["phone"]), path
        assert value["email"].endswith("@example.org"), path


@pytest.mark.parametrize("name", WRITTEN)
def test_no_text_holds_a_phone_that_may_be_real(name: str) -> None:
    for place, texts in _maps(FILES[name]):
        for text in texts.values():
            for phone in re.findall(r"\+998[\d\s-]*", text):
                assert phone.strip() == "+998 61" or DEMO_PHONE.match(phone), (place, phone)


def test_menu_has_the_eight_entries_in_their_order_and_five_languages() -> None:
    main = [row for row in FILES["menus"]["items"] if row["place"] == "main"]
    assert [row["order"] for row in main] == list(range(1, 9))
    assert [row["title"]["uz"] for row in main] == [
        "Vazirlar Kengashi",
        "Statistik va tahliliy maʼlumotlar",
        "Vazirliklar va idoralar",
        "Shahar va tuman hokimliklari",
        "Hujjatlar",
        "Respublika mehmonlariga",
        "Elektron hukumat",
        "Interaktiv davlat xizmatlari",
    ]
    assert all(set(row["title"]) == CODES for row in main)
    assert {row["url"] for row in FILES["menus"]["useful_links"]} == {
        "https://gov.uz", "https://my.gov.uz", "https://lex.uz", "https://data.gov.uz",
        "https://id.egov.uz",
    }  # fmt: skip


def test_extras_belong_to_services_and_their_documents() -> None:
    rows = FILES["service_extras"]["items"]
    assert len({row["service"] for row in rows}) == len(rows) >= 20
    for row in rows:
        service = SERVICES[row["service"]]
        assert 3 <= len(row["questions"]) <= 5, row["service"]
        assert row["related"], row["service"]
        for related in row["related"]:
            assert related["service"] in SERVICES, related
            assert related["service"] != row["service"]
            assert related["kind"] in {"before", "after", "related"}, related
        places = {int(place) for place in row.get("issuers", {})}
        assert places <= set(range(len(service["documents"]))), row["service"]
        asked = {
            n for n, paper in enumerate(service["documents"]) if not paper["obtained_automatically"]
        }
        assert asked <= places, row["service"]
        for sample in row.get("samples", []):
            assert sample["kind"] in {"blank", "filled"}
            lines = {len(sample["text"][code].split("\n")) for code in ("uz", "ru", "en")}
            assert len(lines) == 1, row["service"]


def test_grounds_cover_the_codes_of_services_and_say_what_to_do() -> None:
    rows = {row["code"]: row for row in FILES["grounds"]["items"]}
    for service in SERVICES.values():
        for ground in service["refusal_grounds"]:
            row = rows[ground["code"]]
            assert row["curable"] == ground["curable"], ground["code"]
            assert row["cure_days"] == ground["cure_days"], ground["code"]
            assert row["text"]["uz"] == ground["text"]["uz"], ground["code"]
    for row in rows.values():
        assert row["cure"]["uz"], row["code"]
        assert row["legal_point"]["uz"], row["code"]
        assert row["legal_point_evidence"] in {"partial", "assumed"}, row["code"]
