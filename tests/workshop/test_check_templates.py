"""The check of who may extend, include and load whose templates."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.check_templates import ROOT, problems

CONTRACT = """
[[tool.importlinter.contracts]]
type = "layers"
layers = ["portal", "(registry)", "forms | search", "home", "core"]
"""


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A house of five rooms whose templates keep the order."""
    (tmp_path / "pyproject.toml").write_text(CONTRACT)
    for path, text in {
        "site/portal/templates/base.html": '{% extends "core/document.html" %}',
        "site/portal/templates/wagtailadmin/base.html": "x",
        "site/core/templates/core/document.html": "x",
        "site/core/templatetags/core_tags.py": "",
        "home/templates/home/page.html": '{% extends "base.html" %}\n{% load i18n core_tags %}',
        "home/templatetags/home_tags.py": "",
        "forms/templates/forms/step.html": "x",
        "search/templates/search/results.html": '{% include "home/page.html" %}',
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    return tmp_path


def test_the_order_is_kept(house: Path) -> None:
    assert problems(house) == []


@pytest.mark.parametrize(
    ("room", "text", "told"),
    [
        ("home", '{% include "search/results.html" %}', "home may not include search/results.html"),
        ("search", '{%include "forms/step.html" with a=b%}', "search may not include forms/step"),
        ("site/core", "\n{% load home_tags %}", ":2: core may not load home_tags of home"),
        ("site/core", "{% load tag from home_tags %}", "core may not load home_tags"),
        ("home", '{% extends "home/nowhere.html" %}', "there is no such template"),
        ("site/core", '{% include "base.html" %}', "core may not include base.html of portal"),
    ],
)
def test_a_reference_up_or_aside_is_told(house: Path, room: str, text: str, told: str) -> None:
    name = room.rsplit("/", 1)[-1]
    (house / room / "templates" / name / "wrong.html").write_text(text)
    (found,) = problems(house)
    assert told in found


@pytest.mark.parametrize(
    "text",
    [
        '{# {% include "search/results.html" %} #}',
        '{% comment "why" %}{% include "search/results.html" %}{% endcomment %}',
        '{% extends "wagtailadmin/base.html" %}{% load wagtailadmin_tags %}',
        "{% include some.variable %}",
    ],
)
def test_comments_libraries_and_variables_are_left_alone(house: Path, text: str) -> None:
    (house / "home/templates/home/fine.html").write_text(text)
    assert problems(house) == []


def test_this_house_keeps_the_order() -> None:
    assert problems(ROOT) == []


@pytest.mark.parametrize(
    "text",
    [
        "<p>{{ agency }}ga</p>",
        "<p><b>{{ agency }}</b>га</p>",
        "<p>{{ count }}{% translate 'days' %}</p>",
        "<p>{{ x|upper }}</b>{%- blocktranslate %}x{% endblocktranslate %}</p>",
        "{% block a %}\n{{ name }}da{% endblock %}",
    ],
)
def test_no_ending_is_glued_to_a_value(house: Path, text: str) -> None:
    (house / "home/templates/home/wrong.html").write_text(text)
    (found,) = problems(house)
    assert found.startswith("home/templates/home/wrong.html:")
    assert found.endswith("an ending touches a value")


@pytest.mark.parametrize(
    "text",
    [
        "<p>{{ label }}: {{ value }}</p>",
        '<p class="a-{{ kind }}b {% if x > y %}c{% endif %}">{{ x }}</p>',
        '<a href="{{ x }}page/">{{ x }}-{{ y }} {% translate "days" %}</a>',
        "<script>const x = {{ x }}y;</script>{# {{ x }}ga #}",
        '<a title="{{ x }}th">{{ x }}</a>',
    ],
)
def test_values_may_stand_beside_labels_and_in_attributes(house: Path, text: str) -> None:
    (house / "home/templates/home/fine.html").write_text(text)
    assert problems(house) == []
