"""The search interface: its shape and its errors."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/api/search/", "/api/suggest/"])
@pytest.mark.parametrize(
    ("parameters", "field"),
    [
        ({}, "q"),
        ({"q": "  "}, "q"),
        ({"q": "a" * 201}, "q"),
        ({"q": "a", "lang": "de"}, "lang"),
        ({"q": "a", "limit": "0"}, "limit"),
        ({"q": "a", "limit": "51"}, "limit"),
        ({"q": "a", "limit": "²"}, "limit"),
        ({"q": "a", "type": "page"}, "type"),
    ],
)
def test_a_wrong_parameter_is_named(
    client: Client, path: str, parameters: dict[str, str], field: str
) -> None:
    response = client.get(path, parameters)
    assert response.status_code == 400
    error = response.json()["error"]
    assert set(error) == {"field", "code", "message"}
    assert error["field"] == field


def test_nothing_found_has_the_same_shape(client: Client) -> None:
    response = client.get("/api/search/", {"q": " qqq "})
    assert response.json() == {"query": "qqq", "lang": "uz", "total": 0, "results": []}
