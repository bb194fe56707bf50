"""The demonstration site as a process of its own: for browser tests and screenshots."""

from __future__ import annotations

import contextlib
import hashlib
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("site", "home", "service_pages", "forms", "search")
READY = "Ready: "
ONEID = "OneID: "


def content_key() -> str:
    """Names a state of the code and the content that the demonstration database comes from."""
    digest = hashlib.sha256()
    paths = [ROOT / "requirements.txt"]
    for room in ROOMS:
        paths += sorted((ROOT / room).rglob("*.py"))
    paths += sorted(p for p in (ROOT / "site" / "demo").rglob("*") if p.suffix in {".json", ".csv"})
    for path in paths:
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


class DemoServer:
    """`manage.py demo` on one database and one folder of files.

    `url` is where it answers, `output()` what it has said so far: mail and SMS of the
    demonstration go to its console, so a test finds its codes there.
    """

    def __init__(
        self,
        database: Path,
        files: Path,
        *,
        port: int,
        environment: dict[str, str] | None = None,
        program: str = "manage.py",
    ) -> None:
        self.database, self.files, self.port = database, files, port
        self.environment, self.program = environment or {}, program
        self.url = ""
        #: Where the mock of OneID answers.
        self.oneid = ""
        self._lines: list[str] = []
        self._news: queue.Queue[str | None] = queue.Queue()

    def __enter__(self) -> DemoServer:
        self.files.mkdir(parents=True, exist_ok=True)
        self.process = subprocess.Popen(
            [sys.executable, str(ROOT / self.program), "demo", "--port", str(self.port)],
            cwd=ROOT,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "portal.settings.dev",
                "DATABASE_URL": f"sqlite:///{self.database}",
                "VAR_DIR": str(self.files),
                "PYTHONUNBUFFERED": "1",
                **self.environment,
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        try:
            self._wait()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def output(self) -> str:
        """All that the process has written so far."""
        return "".join(self._lines)

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.append(line)
            self._news.put(line)
        self._news.put(None)

    def _wait(self, seconds: float = 900) -> None:
        """Until the ready line; raises RuntimeError with the output where it does not come."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with contextlib.suppress(queue.Empty):
                line = self._news.get(timeout=1)
                if line is None:
                    break
                if line.startswith(ONEID):
                    self.oneid = line.removeprefix(ONEID).strip()
                if line.startswith(READY):
                    self.url = line.removeprefix(READY).strip().rstrip("/")
                    return
        raise RuntimeError(f"The demonstration did not get ready:\n{self.output()[-6000:]}")

    def stop(self) -> None:
        """End the process and wait for it."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self._listener.join(5)
        if self.process.stdout is not None:
            self.process.stdout.close()


@contextlib.contextmanager
def scratch_demo(folder: Path, port: int, template: Path | None = None) -> Iterator[DemoServer]:
    """A demonstration server on a database of its own in `folder`.

    `template`: a migrated database to start from; migrating anew takes some 15 s.
    """
    database = folder / "demo.sqlite3"
    if template is not None:
        database.write_bytes(template.read_bytes())
    with DemoServer(database, folder / "files", port=port) as server:
        yield server
