"""Facets of the page of results: a count is what stands behind its link, an address is all there is."""

from __future__ import annotations

import html
import re
from itertools import product

import pytest
from django.test import Client

from search import node
from service_pages.models import LifeEvent, Topic
from tests.search.test_results_page import write_page
from tests.service_pages.factories import make_agency

pytestmark = [pytest.mark.django_db, pytest.mark.every_database]

_FILTERS = re.compile(r'<nav class="filters".*?</nav>', re.DOTALL)
_LINK = re.compile(
    r'<a href="(\?[^"]*)"( aria-current="true")?>([^<]*) <span class="count">(\d+)</span>'
)
_FOUND = re.compile(r'class="list-head__count">[^<]*?(\d+)')
_RESULT = re.compile(r'<article class="service-card">.*?<a href="([^"]+)"', re.DOTALL)


@pytest.fixture
def portal(engine: str, client: Client) -> Client:
    """Thirty-six laws that differ in every facet."""
    agencies = ("adliya-vazirligi", "iiv", "soliq")
    for key in agencies:
        make_agency(key, name={"uz": f"Idora {key}"})
    for number, key in enumerate(("birth", "work")):
        Topic.objects.get_or_create(key=key, defaults={"name": {"uz": f"Mavzu {key}"}})
        LifeEvent.objects.get_or_create(
            key=key, defaults={"kind": "life", "name": {"uz": f"Voqea {number}"}}
        )
    chosen = product(agencies, ("birth", "work"), ("yes", "no"), ("individual", "business", None))
    for number, (agency, topic, free, audience) in enumerate(chosen):
        facets = [("agency", agency), ("topic", topic), ("free", free)]
        facets += [("event", "work")] if number % 3 else []
        facets += [("audience", audience)] if audience else []
        facets.append(("online", "yes" if number % 5 else "no"))
        write_page(f"qaror-{number}", {"uz": f"Pasport qarori {number}"}, facets)
    write_page("boshqa", {"uz": "Boshqa narsa"})
    if engine == "elasticsearch":
        node.rebuild()
    return client


def _page(portal: Client, address: str) -> str:
    response = portal.get(f"/uz/search/{address}")
    assert response.status_code == 200
    return str(response.content.decode())


def _links(page: str) -> list[tuple[str, bool, str, int]]:
    """(address, whether it is chosen, label, count) of all facets."""
    return [
        (html.unescape(link), bool(current), label, int(count))
        for menu in _FILTERS.findall(page)
        for link, current, label, count in _LINK.findall(menu)
    ]


def _total(page: str) -> int:
    found = _FOUND.search(page)
    return int(found[1]) if found else 0


def test_each_count_is_the_number_of_results_behind_its_link(portal: Client) -> None:
    page = _page(portal, "?q=pasport&type=document")
    links = _links(page)
    assert len(links) >= 9
    assert _total(page) == 36
    for link, _current, label, count in links:
        assert _total(_page(portal, link)) == count, label


def test_what_is_chosen_narrows_the_counts_of_the_others(portal: Client) -> None:
    chosen = "?q=pasport&type=document&agency=iiv&free=yes"
    page = _page(portal, chosen)
    assert _total(page) == 6
    for link, current, label, count in _links(page):
        own = "agency=" not in link or "free=" not in link or "free=no" in link
        total = _total(_page(portal, link))
        if current and own:
            # It goes out again.
            assert total > 6, label
        elif link.count("agency=") == 1:
            assert total == count, label
        else:
            assert total == 6 + count, label


def test_an_address_shows_the_same_to_everybody(portal: Client) -> None:
    address = "?free=yes&agency=iiv&q=pasport&type=document&agency=soliq"
    results = _RESULT.findall(_page(portal, address))
    assert len(results) == 12
    assert _RESULT.findall(_page(Client(), address)) == results
    other_order = "?q=pasport&type=document&agency=soliq&agency=iiv&free=yes"
    assert _RESULT.findall(_page(Client(), other_order)) == results


def test_a_page_behind_the_last_shows_the_last(portal: Client) -> None:
    pages = [_page(portal, f"?q=pasport&type=document&page={n}") for n in ("1", "2", "3", "999")]
    first, second, behind, far = (_RESULT.findall(page) for page in pages)
    assert (len(first), len(second)) == (20, 16)
    assert not set(first) & set(second)
    assert behind == far == second
    assert {_total(page) for page in pages} == {36}
