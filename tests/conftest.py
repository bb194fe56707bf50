"""What holds for every test: the copied database, the default language, empty caches.

A component that a test needs and this machine lacks (PostgreSQL, Elasticsearch, Chromium) is a
failure in CI and a skip with the reason elsewhere: `missing()` decides.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.test import Client, TransactionTestCase
from django.utils import translation
from hypothesis.configuration import set_hypothesis_home_dir
from pytest_django import DjangoDbBlocker

from operations import counting, serving
from tests.databases import Copies, copies
from tests.engines.processes import CACHE, in_ci

set_hypothesis_home_dir(CACHE / "hypothesis")
# No test asserts on time; in CI the same examples are tried each run.
hypothesis.settings.register_profile("portal", deadline=None, derandomize=in_ci(), print_blob=True)
hypothesis.settings.load_profile("portal")

_TESTS = Path(__file__).parent


def missing(reason: str) -> None:
    """Fail in CI, skip elsewhere: a component is not there, and `reason` says what to install."""
    if in_ci():
        pytest.fail(f"Missing in CI for {reason}", pytrace=False)
    pytest.skip(f"missing for {reason}")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark by place and kind, so that `-m` can choose the passes of `make test`."""
    for item in items:
        places = item.path.relative_to(_TESTS).parts if _TESTS in item.path.parents else ()
        if places[:1] == ("browser",):
            item.add_marker("browser")
        if places[:1] == ("engines",) or any(
            item.get_closest_marker(name) for name in ("postgres", "elasticsearch")
        ):
            item.add_marker("engines")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test that needs a real server meets one, or is missing it."""
    launcher = "run make test, or scripts/with_engines.py -- pytest -m engines"
    if item.get_closest_marker("postgres") and connection.vendor != "postgresql":
        missing(f"this test: PostgreSQL ({launcher})")
    if item.get_closest_marker("elasticsearch") and not os.environ.get("ELASTICSEARCH_URL"):
        missing(f"this test: Elasticsearch ({launcher})")


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Name the servers that really answered."""
    versions = [os.environ.get("ENGINE_VERSIONS", ""), config.stash.get(BROWSER_VERSION, "")]
    if connection.vendor == "sqlite":
        versions.insert(0, f"SQLite {sqlite3.sqlite_version}")
    terminalreporter.write_line("Ran with: " + ", ".join(filter(None, versions)))


#: Set by the browser tests once Chromium has started.
BROWSER_VERSION = pytest.StashKey[str]()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker tells the process that writes the summary which Chromium it had."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["browser"] = session.config.stash.get(BROWSER_VERSION, "")


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """xdist: a worker is done."""
    browser = getattr(node, "workeroutput", {}).get("browser")
    if browser:
        node.config.stash[BROWSER_VERSION] = browser


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """Replace pytest-django's: a copy of the template instead of migrating.

    A test that commits (`transaction=True`) gets a new copy afterwards instead of Django's flush,
    which would take away what migrations wrote and send post_migrate again.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    database: Copies = copies(tmp_path_factory.mktemp("database"), worker)
    with django_db_blocker.unblock():
        database.make()
    flush = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = lambda _: database.restore()  # type: ignore[method-assign]
    yield
    TransactionTestCase._fixture_teardown = flush  # type: ignore[method-assign]
    with django_db_blocker.unblock():
        database.drop()


@pytest.fixture(autouse=True)
def _signed_in_with_both_factors(monkeypatch: pytest.MonkeyPatch) -> None:
    """`force_login` means a whole sign-in: staff showed their second factor, too.

    Tests of the second factor itself sign in through the page.
    """
    signed_in = Client._login  # type: ignore[attr-defined]

    def sign_in(client: Client, user: Any, backend: str | None = None) -> None:
        signed_in(client, user, backend)
        session = client.session
        session["account_authentication_methods"] = [
            {"method": "mfa", "type": "totp", "at": time.time()}
        ]
        session["account_authentication_methods_user"] = str(user.pk)
        session.save()

    monkeypatch.setattr(Client, "_login", sign_in)


@pytest.fixture(autouse=True)
def _clean_state() -> Iterator[None]:
    """No language, no cached answer, no view to be counted comes over from another test."""
    counting.discard()
    serving.discard()
    for cache in caches.all():
        cache.clear()
    with translation.override(settings.LANGUAGE_CODE):
        yield
    for cache in caches.all():
        cache.clear()
