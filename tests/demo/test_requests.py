"""The demonstration's requests fit the forms and rules that they are sent under."""

from __future__ import annotations

from typing import Any

import pytest

from casework.graph import GRAPH, State
from demo import requests, rows
from demo.reading import items, load
from forms.engine import routing
from forms.engine.schema import Schema
from forms.engine.validation import validate_answers

FORMS = {form["key"]: Schema.from_json(form) for form in items("forms")}
GROUNDS = {
    row["key"]: {ground["code"] for ground in row["refusal_grounds"]} for row in items("services")
}


@pytest.mark.django_db
def test_requests_pass_their_forms_and_go_known_ways() -> None:
    rows.load_rows()
    for record in items("requests"):
        _check(record)


def _check(record: dict[str, Any]) -> None:
    form = FORMS[record["form"]]
    answers = {
        name: requests._answer(value) for name, value in load("requests")[record["answers"]].items()
    } | ({"text": record["text"]} if "text" in record else {})
    assert validate_answers(form, answers, record["language"]).errors == {}
    # The officer of the demonstration answers for this agency.
    agency = routing.agency_key(form, answers, "maktab-talimi-vazirligi")
    assert agency == "maktab-talimi-vazirligi"
    state, day = str(State.REGISTERED), 0
    for move in record["moves"]:
        edge = GRAPH[(state, move["to"])]
        assert "reason" not in edge.needs or move["reason"]
        assert "ground" not in edge.needs or move["ground"] in GROUNDS[form.service]
        assert day <= move["days"] <= record["days_ago"]
        state, day = move["to"], move["days"]
