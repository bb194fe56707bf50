"""`make demo`: everything from an empty folder to a served page, and quickly so the second time."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import threading
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections

from core.migrating import migrate_empty
from demo.people import table
from operations.schedule import run_due


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Let garbage wait: models rendered by migrations live on, and looking for dead ones among
    them again and again takes a fifth of the time of migrating."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, 50, 1000)
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def _oneid() -> Iterator[None]:
    """A OneID of invented people beside the demonstration, as a process of its own.

    Where the environment names a OneID that one is used.
    """
    if settings.ONEID_URL:
        yield
        return
    command = [sys.executable, sys.argv[0], "mock_oneid", "--with-parent"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout is not None
        for _line in range(3):
            name, _equals, value = process.stdout.readline().strip().partition("=")
            setattr(settings, name, value)
        settings.ONEID_SCOPE = settings.ONEID_CLIENT_ID
        origin = "/".join(settings.ONEID_URL.split("/")[:3])
        directives: dict[str, list[str]] = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]  # type: ignore[assignment]
        directives["form-action"].append(origin)
        try:
            yield
        finally:
            process.terminate()


class QuietHandler(WSGIRequestHandler):
    """No access lines: addresses may say who reads what."""

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


class Command(BaseCommand):
    help = "Prepare and serve the demonstration."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--port` and `--no-serve`."""
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--no-serve", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare, print addresses and accounts, serve; the last line printed is `Ready: URL`."""
        for folder in (settings.VAR, settings.PRIVATE_ROOT, settings.MEDIA_ROOT):
            Path(folder).mkdir(parents=True, exist_ok=True)
        # First of all: a catalogue that was looked for in vain is not looked for again.
        call_command("compile_messages_polib", verbosity=0, stdout=StringIO())
        # Files of the look are collected on the other core meanwhile.
        command = [sys.executable, sys.argv[0], "collectstatic", "--no-input", "--verbosity", "0"]
        with subprocess.Popen(command) as collecting, _rare_collections():
            migrate_empty()
            call_command("load_demo", stdout=self.stdout)
        if collecting.returncode:
            raise CommandError("Static files could not be collected.")
        _read_the_manifest_again()
        url = f"http://127.0.0.1:{options['port']}/"
        if "BASE_URL" not in os.environ:
            # What the portal calls itself, such as the sandbox of payments, answers at this port.
            settings.BASE_URL = settings.WAGTAILADMIN_BASE_URL = url.rstrip("/")
        self.stdout.write(f"\nSite:   {url}\nAdmin:  {url}admin/\n\n{table()}\n")
        if options["no_serve"]:
            return
        threading.Thread(target=_tick, daemon=True).start()
        with _oneid():
            self.stdout.write(f"OneID:  {settings.ONEID_URL}")
            self._serve(options["port"], url)

    def _serve(self, port: int, url: str) -> None:
        server = ThreadedWSGIServer(("127.0.0.1", port), QuietHandler)
        server.set_app(get_wsgi_application())
        self.stdout.write(f"Ready: {url}")
        self.stdout.flush()
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            self.stdout.write("")


def _read_the_manifest_again() -> None:
    """Give this process the names of the collected files: it may have looked before there were any."""
    if isinstance(staticfiles_storage, ManifestFilesMixin):
        names, digest = staticfiles_storage.load_manifest()
        staticfiles_storage.hashed_files = names
        staticfiles_storage.manifest_hash = digest


def _tick() -> None:
    """Recurring work each minute, as compose or systemd calls it on a server."""
    while True:
        time.sleep(60)
        run_due()
        close_old_connections()
