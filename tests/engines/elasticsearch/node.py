"""A real Elasticsearch node from its published jars, on loopback, without containers.

    with SearchNode() as node: …          node.url on a free port, node.version
    python tests/engines/elasticsearch/node.py --port 9200     in the foreground until Ctrl-C

Needs a JDK of 21 or later and Maven. The server, its module path and netty are the stock ones;
the `analysis-common` module is not published as a jar, so `src/` registers Lucene's own components
under the documented names (docs/developer.md lists them). A stock server needs none of this.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import hashlib
import json
import os
import platform
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

PROJECT = Path(__file__).resolve().parent
if __name__ == "__main__":
    sys.path.insert(0, str(PROJECT.parents[2]))

from tests.engines.processes import CACHE, ComponentMissing, which  # noqa: E402

#: The server's classes are compiled for this Java.
OLDEST_JAVA = 21


def java_home() -> Path:
    """A JDK of 21 or later: JAVA_HOME, those under /usr/lib/jvm, the `java` on PATH.

    Raises ComponentMissing where there is none.
    """
    places = [Path(os.environ["JAVA_HOME"])] if os.environ.get("JAVA_HOME") else []
    places += sorted(Path("/usr/lib/jvm").glob("*"), reverse=True)
    if java := which("java"):
        places.append(java.resolve().parent.parent)
    for home in places:
        if (home / "bin" / "javac").exists() and _java_version(home) >= OLDEST_JAVA:
            return home
    raise ComponentMissing(
        f"Elasticsearch: a JDK of {OLDEST_JAVA} or later (set JAVA_HOME), "
        "or a running server in ELASTICSEARCH_URL"
    )


def _java_version(home: Path) -> int:
    try:
        lines = (home / "release").read_text().splitlines()
    except OSError:
        return 0
    facts = dict(line.split("=", 1) for line in lines if "=" in line)
    major = facts.get("JAVA_VERSION", "0").strip('"').split(".")[0]
    return int(major) if major.isdigit() else 0


def build() -> Path:
    """The folder with a startable node, built by Maven once for each state of `pom.xml` and `src`.

    Several processes may call this at once. Raises ComponentMissing without Maven,
    RuntimeError where Maven fails.
    """
    inputs = [PROJECT / "pom.xml", *sorted(p for p in (PROJECT / "src").rglob("*") if p.is_file())]
    digest = hashlib.sha256()
    for path in inputs:
        digest.update(path.relative_to(PROJECT).as_posix().encode() + b"\0" + path.read_bytes())
    target = CACHE / "elasticsearch" / digest.hexdigest()[:16]
    home = target / "home"
    target.parent.mkdir(parents=True, exist_ok=True)
    with (target.parent / "build.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (home / "launcher" / "launcher.jar").exists():
            return home
        maven = which("mvn")
        if maven is None:
            raise ComponentMissing(
                "Elasticsearch: Maven (install maven), or a running server in ELASTICSEARCH_URL"
            )
        for old in target.parent.iterdir():
            if old.is_dir():
                shutil.rmtree(old, ignore_errors=True)
        command = [str(maven), "-B", "-q", "package", f"-Dnode.target={target}"]
        if repository := os.environ.get("MAVEN_REPO_LOCAL"):
            command.append(f"-Dmaven.repo.local={repository}")
        done = subprocess.run(
            command,
            cwd=PROJECT,
            env={**os.environ, "JAVA_HOME": str(java_home())},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            shutil.rmtree(target, ignore_errors=True)
            raise RuntimeError(f"Maven could not build the Elasticsearch node:\n{done.stdout}")
    return home


class SearchNode:
    """One node for the length of a `with` block.

    `data`: a folder that survives the node, else a temporary one; `port` 0 takes a free one;
    `heap` as java's -Xmx; `quick` starts faster (shared class archive, first-tier compiler) at the
    price of slower peak speed: for tests. `settings` are the node's own, such as those of a cluster
    (`cluster_of`).
    """

    def __init__(
        self,
        data: Path | None = None,
        *,
        port: int = 0,
        heap: str = "512m",
        quick: bool = True,
        timeout: float = 120,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.own = data is None
        self.data = data
        self.port, self.heap, self.quick, self.timeout = port, heap, quick, timeout
        self.settings = dict(settings or {})
        self.url = ""
        self.version = ""
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> SearchNode:
        self.start()
        try:
            self.wait()
        except BaseException:
            self._stop()
            raise
        return self

    def start(self) -> None:
        """Start its process; `wait` until it answers."""
        home = build()
        folder = self.data or Path(tempfile.mkdtemp(prefix="portal-elasticsearch-"))
        self.folder = folder.resolve()
        for name in ("data", "logs", "tmp", "native"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        self.log = self.folder / "out.log"
        with self.log.open("wb") as log:
            # The pipe on its standard input: when this process dies, however, the node stops too.
            self.process = subprocess.Popen(
                self._command(home),
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def kill(self) -> None:
        """End it as a power cut would. Its data stays; `start` brings it back."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            if self.process.stdin is not None:
                self.process.stdin.close()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()

    def _command(self, home: Path) -> list[str]:
        java = [
            str(java_home() / "bin" / "java"),
            f"-Xms{self.heap}",
            f"-Xmx{self.heap}",
            "-XX:+UseSerialGC",
            f"-Djava.io.tmpdir={self.folder}/tmp",
            "-Djava.awt.headless=true",
            "-Dfile.encoding=UTF-8",
            "-Dsearchnode.stdin=true",
            "-Dlog4j.shutdownHookEnabled=false",
            "-Dlog4j2.disable.jmx=true",
            "-Dio.netty.noUnsafe=true",
            "-Dio.netty.noKeySetOptimization=true",
        ]
        if self.quick:
            java += [
                "-XX:TieredStopAtLevel=1",
                "-Xlog:cds=off,aot=off",
                "-XX:+AutoCreateSharedArchive",
                f"-XX:SharedArchiveFile={home.parent}/elasticsearch.jsa",
            ]
        zstd = Path(f"/usr/lib/{platform.machine()}-linux-gnu/libzstd.so.1")
        if zstd.exists():  # lets the node load its native layer (codec best_compression)
            with contextlib.suppress(FileExistsError):
                (self.folder / "native" / "libzstd.so").symlink_to(zstd)
        java += [
            "-Des.distribution.type=tar",
            f"-Des.path.home={home}",
            f"-Des.nativelibs.path={self.folder}/native",
            "-Dorg.elasticsearch.nativeaccess.enableVectorLibrary=false",
            "--enable-native-access="
            "org.elasticsearch.foreign,org.elasticsearch.nativeaccess,org.apache.lucene.core",
            "--add-modules=jdk.net,jdk.management",
            "--module-path",
            f"{home}/lib",
            "--add-modules=ALL-MODULE-PATH",
            "-cp",
            f"{home}/launcher/launcher.jar",
            "searchnode.EsNode",
            str(home),
        ]
        settings = {
            "path.data": f"{self.folder}/data",
            "path.logs": f"{self.folder}/logs",
            "network.host": "127.0.0.1",
            "http.port": str(self.port),
            "transport.port": "0",
            "discovery.type": "single-node",
            "cluster.routing.allocation.disk.threshold_enabled": "false",
            "action.destructive_requires_name": "false",
        } | self.settings
        return java + [f"-E{key}={value}" for key, value in settings.items()]

    def wait(self) -> None:
        """Until the node says READY and is green; raises RuntimeError with its log otherwise."""
        deadline = time.monotonic() + self.timeout
        while time.monotonic() < deadline:
            said = self.log.read_text(errors="replace")
            for line in said.splitlines():
                if line.startswith("READY "):
                    self.url = line.split()[1]
                    self._get("/_cluster/health?wait_for_status=green&timeout=30s")
                    about = json.loads(self._get("/"))
                    self.version = f"Elasticsearch {about['version']['number']}"
                    return
            if self.process is not None and self.process.poll() is not None:
                raise RuntimeError(f"Elasticsearch ended by itself:\n{said[-3000:]}")
            time.sleep(0.1)
        said = self.log.read_text(errors="replace")
        raise RuntimeError(f"Elasticsearch not ready in {self.timeout} s:\n{said[-3000:]}")

    def _get(self, path: str) -> bytes:
        with urllib.request.urlopen(self.url + path, timeout=40) as answer:  # noqa: S310 - loopback
            return bytes(answer.read())

    def _stop(self) -> None:
        if self.process is not None:
            if self.process.stdin is not None:
                self.process.stdin.close()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGKILL)
                self.process.wait()
        if self.own:
            shutil.rmtree(self.folder, ignore_errors=True)


def cluster_of(count: int) -> list[SearchNode]:
    """Nodes of one cluster, not started yet. Start all before waiting for one."""
    ports = _free_ports(count)
    names = ",".join(f"node-{number}" for number in range(count))
    return [
        SearchNode(
            heap="300m",
            settings={
                "cluster.name": f"portal-{ports[0]}",
                "node.name": f"node-{number}",
                "discovery.type": "multi-node",
                "transport.port": str(port),
                "discovery.seed_hosts": ",".join(f"127.0.0.1:{one}" for one in ports),
                "cluster.initial_master_nodes": names,
            },
        )
        for number, port in enumerate(ports)
    ]


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def free_port() -> int:
    """A port that a node can be given, to come back to."""
    return _free_ports(1)[0]


def main() -> int:
    """Run one node in the foreground."""
    parser = argparse.ArgumentParser(description="Run a real Elasticsearch node on loopback.")
    parser.add_argument("--port", type=int, default=9200)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--heap", default="512m")
    options = parser.parse_args()
    with SearchNode(options.data, port=options.port, heap=options.heap, quick=False) as node:
        sys.stdout.write(f"{node.version} at {node.url}, log {node.log}; Ctrl-C stops it\n")
        sys.stdout.flush()
        with contextlib.suppress(KeyboardInterrupt):
            return node.process.wait() if node.process else 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
