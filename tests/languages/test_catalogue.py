"""Catalogues without gettext: extraction, merging, deriving, compiling, checking."""

from __future__ import annotations

from pathlib import Path

import polib
import pytest
from django.core.management import CommandError, call_command

from languages import catalogue, checks
from languages.extraction import Message, extract, of_python, of_template

TABLE = (
    "Apply\tAriza berish\tПодать заявление\tArza beriw\n"
    "%(n)s day|||%(n)s days\t%(n)s kun\t%(n)s день|||%(n)s дня|||%(n)s дней\t%(n)s kún\n"
    "[[month]]May\tmay\tмай\tmay\n"
    '<a href="%(shahar)s">Open</a>\t<a href="%(shahar)s">Shaharni oching</a>\t'
    '<a href="%(shahar)s">Открыть</a>\t<a href="%(shahar)s">Ashıń</a>\n'
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    table = tmp_path / "room.tsv"
    table.write_text(TABLE, encoding="utf-8")
    locale = tmp_path / "locale"
    catalogue.merge(locale, catalogue.read_table(table))
    return locale


def _entries(root: Path, name: str) -> dict[str, polib.POEntry]:
    return {
        entry.msgid: entry for entry in polib.pofile(str(root / name / "LC_MESSAGES/django.po"))
    }


def test_merging_fills_five_catalogues(root: Path) -> None:
    assert _entries(root, "uz")["Apply"].msgstr == "Ariza berish"
    assert _entries(root, "uz_Cyrl")["Apply"].msgstr == "Ариза бериш"
    assert _entries(root, "en")["Apply"].msgstr == "Apply"
    assert _entries(root, "kaa")["%(n)s day"].msgstr_plural == {0: "%(n)s kún", 1: "%(n)s kún"}
    assert _entries(root, "ru")["%(n)s day"].msgstr_plural == {
        0: "%(n)s день",
        1: "%(n)s дня",
        2: "%(n)s дней",
    }
    assert _entries(root, "ru")["May"].msgctxt == "month"


def test_the_derived_catalogue_spares_placeholders_and_tags(root: Path) -> None:
    entry = _entries(root, "uz_Cyrl")['<a href="%(shahar)s">Open</a>']
    assert entry.msgstr == '<a href="%(shahar)s">Шаҳарни очинг</a>'
    assert catalogue.cyrillic("{shahar} %(choy)s %s %d 5%% shahar") == (
        "{shahar} %(choy)s %s %d 5%% шаҳар"
    )


def test_merging_keeps_what_no_row_names(root: Path, tmp_path: Path) -> None:
    table = tmp_path / "second.tsv"
    table.write_text("Close\tYopish\tЗакрыть\tJabıw\nApply\tAriza topshirish\t\t\n", "utf-8")
    catalogue.merge(root, catalogue.read_table(table))
    assert _entries(root, "uz")["Apply"].msgstr == "Ariza topshirish"
    assert _entries(root, "ru")["Apply"].msgstr == "Подать заявление"
    assert _entries(root, "uz_Cyrl")["Close"].msgstr == "Ёпиш"
    assert list(_entries(root, "uz")) == sorted(_entries(root, "uz"))


def test_overrides_come_before_the_conversion(root: Path) -> None:
    overrides = polib.POFile()
    overrides.append(polib.POEntry(msgid="Apply", msgstr="Ариза юбориш"))
    overrides.save(str(root / "uz_Cyrl" / "overrides.po"))
    catalogue.derive(root)
    assert _entries(root, "uz_Cyrl")["Apply"].msgstr == "Ариза юбориш"


def test_compiling_writes_what_is_missing_or_older(root: Path) -> None:
    assert set(catalogue.compile_all(root)) == {
        f"{name}/django" for name in ("en", "kaa", "ru", "uz", "uz_Cyrl")
    }
    assert catalogue.compile_all(root) == {}
    # Deriving anew changes nothing, so nothing gets older.
    catalogue.derive(root)
    assert catalogue.compile_all(root) == {}


def test_bad_tables_name_their_line(tmp_path: Path) -> None:
    table = tmp_path / "bad.tsv"
    table.write_text("# a remark\n\nApply\tAriza\n", "utf-8")
    with pytest.raises(catalogue.BadTable, match=r"bad\.tsv:3"):
        catalogue.read_table(table)


def test_conflicting_rows_are_named(tmp_path: Path) -> None:
    table = tmp_path / "both.tsv"
    table.write_text("Apply\tAriza\tA\tB\nApply\tArizalar\tA\tB\n", "utf-8")
    assert catalogue.conflicts(catalogue.read_table(table)) == [Message("Apply")]


def test_gaps_and_glued_endings_are_found(root: Path, tmp_path: Path) -> None:
    wanted = [Message("Apply"), Message("Nothing says this")]
    gaps = catalogue.missing(root, wanted)
    assert set(gaps) == {"uz", "uz-cyrl", "kaa", "ru", "en"}
    assert gaps["uz"] == [Message("Nothing says this")]
    assert catalogue.problems(root) == []
    table = tmp_path / "wrong.tsv"
    table.write_text("To %(agency)s\t%(agency)sga\tВ %(agensy)s\t%(agency)s\n", "utf-8")
    catalogue.merge(root, catalogue.read_table(table))
    found = {(problem.language, problem.text.split(":")[0]) for problem in catalogue.problems(root)}
    assert found == {
        ("uz", "an ending touches a placeholder"),
        ("ru", "placeholders differ"),
    }


@pytest.mark.parametrize(
    "text",
    [
        "%(x)sga", "%(x)sgʻa", "%(x)sǵa", "%(x)snıń", "%(x)sу", "%(x)dta", "<b>%(x)s</b>ga",
        "“%(x)s”ning", "%(x)s-ga", "%(x)s-niń dalasi", "%(x)s’ga", "<a><b>%(x)s</b></a>da",
    ],
)  # fmt: skip
@pytest.mark.parametrize("language", ["uz", "kaa", "ru"])
def test_no_ending_is_glued_to_a_value(tmp_path: Path, text: str, language: str) -> None:
    """Whatever closes between them: the ending would be wrong for half of the values."""
    assert _glued(tmp_path, "To %(x)s", text.replace("%(x)d", "%(x)s"), language)
    if "%(x)s" in text:
        for value in ("{x}", "{x!s}", "{x:,}"):
            assert _glued(tmp_path, f"To {value}", text.replace("%(x)s", value), language)


@pytest.mark.parametrize(
    "text",
    ["Idora: %(x)s", "%(x)s-uy", "%(x)s-yil", "%(x)s dan", "<b>%(x)s</b> uchun", "%(x)s, kún",
     "“%(x)s” xizmeti", "№%(x)s", "%(x)s-danalı"],
)  # fmt: skip
@pytest.mark.parametrize("language", ["uz", "kaa", "ru"])
def test_label_and_value_may_stand_side_by_side(tmp_path: Path, text: str, language: str) -> None:
    """Numbers take their noun by a hyphen; that is spelling, not a case."""
    assert not _glued(tmp_path, "To %(x)s", text, language)


def _glued(folder: Path, msgid: str, text: str, language: str) -> list[catalogue.Problem]:
    table = folder / "glued.tsv"
    cells = [text if code == language else "" for code in ("uz", "ru", "kaa")]
    table.write_text("\t".join([msgid, *cells]) + "\n", "utf-8")
    root = folder / f"{language}-{len(list(folder.iterdir()))}"
    catalogue.merge(root, catalogue.read_table(table))
    return [
        problem
        for problem in catalogue.problems(root)
        if problem.language == language and "touches" in problem.text
    ]


def test_messages_of_python() -> None:
    source = (
        '_("One"); gettext_lazy("Two " "words"); ngettext("%d day", "%d days", n); '
        'pgettext("month", "May"); translation.gettext("Three"); _(name); print("No")'
    )
    assert set(of_python(source)) == {
        Message("One"),
        Message("Two words"),
        Message("%d day", "%d days"),
        Message("May", context="month"),
        Message("Three"),
    }


def test_messages_of_templates() -> None:
    source = (
        "{% load i18n %}{% translate \"It's here\" %}{{ _('Short') }}"
        '{% translate "May" context "month" %}'
        "{% blocktranslate trimmed %}\n  Two\n  lines\n{% endblocktranslate %}"
        "{% blocktranslate count n=items|length %}{{ n }} day{% plural %}{{ n }} days"
        "{% endblocktranslate %}<p>not this</p>"
    )
    assert set(of_template(source)) == {
        Message("It's here"),
        Message("Short"),
        Message("May", context="month"),
        Message("Two lines"),
        Message("%(n)s day", "%(n)s days"),
    }


def test_extraction_leaves_out_migrations(tmp_path: Path) -> None:
    (tmp_path / "migrations").mkdir()
    (tmp_path / "migrations" / "0001.py").write_text('_("Old")')
    (tmp_path / "models.py").write_text('_("New")')
    assert set(extract([tmp_path])) == {Message("New")}


def test_the_commands(tmp_path: Path, settings, capsys) -> None:  # type: ignore[no-untyped-def]
    room = tmp_path / "home"
    room.mkdir()
    (room / "views.py").write_text('_("Apply")')
    settings.ROOT = tmp_path
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    table = tmp_path / "home.tsv"
    table.write_text("Close\tYopish\tЗакрыть\tJabıw\n", "utf-8")
    call_command("merge_translations", table)
    with pytest.raises(CommandError):
        call_command("messages", "--check")
    assert "'Apply' (home/views.py)" in capsys.readouterr().out
    table.write_text("Apply\tAriza\tЗаявка\tArza\n", "utf-8")
    call_command("merge_translations", table)
    call_command("messages", "--check")
    call_command("compile_messages_polib", "--force")
    assert "uz_Cyrl/django: 2 messages compiled" in capsys.readouterr().out


def test_the_check_names_what_a_language_lacks(tmp_path: Path, settings) -> None:  # type: ignore[no-untyped-def]
    settings.LOCALE_PATHS = [tmp_path]
    settings.LANGUAGES = [("kaa", "Qaraqalpaqsha"), ("xx", "None")]
    found = checks.every_language_is_complete(None)
    assert {(problem.id, problem.hint is not None) for problem in found} == {
        ("languages.E001", True),
        ("languages.E002", True),
        ("languages.E003", True),
        ("languages.E004", True),
    }
    rows = [catalogue.Row(Message("Apply"), {"kaa": ("Arza beriw",)})]
    catalogue.merge(tmp_path, rows)
    catalogue.compile_all(tmp_path)
    settings.LANGUAGES = [("kaa", "Qaraqalpaqsha")]
    assert checks.every_language_is_complete(None) == []


def test_what_wagtail_says_is_only_translated_into_uzbek(root: Path, tmp_path: Path) -> None:
    """It brings its own Russian; an empty entry of ours would not hide it, nor count as a gap."""
    table = tmp_path / "admin.tsv"
    table.write_text("Dashboard\tBoshqaruv paneli\t\t\n", "utf-8")
    catalogue.merge(root, catalogue.read_table(table))
    assert _entries(root, "uz_Cyrl")["Dashboard"].msgstr == "Бошқарув панели"
    assert not any("Dashboard" in _entries(root, name) for name in ("ru", "kaa", "en"))


def test_what_scripts_say_has_a_catalogue_of_its_own(root: Path, tmp_path: Path) -> None:
    """Django serves it to the browser under another name."""
    table = tmp_path / "admin.js.tsv"
    table.write_text("Loading…\tYuklanmoqda…\t\t\n", "utf-8")
    catalogue.merge(root, catalogue.read_table(table), "djangojs")
    assert "Loading…" not in _entries(root, "uz")
    for name, text in (("uz", "Yuklanmoqda…"), ("uz_Cyrl", "Юкланмоқда…")):
        (entry,) = polib.pofile(str(root / name / "LC_MESSAGES/djangojs.po"))
        assert entry.msgstr == text
    assert not (root / "ru" / "LC_MESSAGES/djangojs.po").exists()
