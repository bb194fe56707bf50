"""A bucket that speaks as much of S3's protocol as files of applicants need, in memory."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


class Bucket:
    """`url` is the endpoint; `objects` the bytes by name; `seen` what was asked, by whom."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.objects: dict[str, bytes] = {}
        self.seen: list[tuple[str, str, str]] = []

    def __enter__(self) -> Bucket:
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.server.shutdown()
        self.server.server_close()

    def listing(self, prefix: str, delimiter: str) -> str:
        """The answer to ListObjects."""
        folders: set[str] = set()
        rows = ""
        for name in sorted(self.objects):
            if not name.startswith(prefix):
                continue
            rest = name.removeprefix(prefix)
            if delimiter and delimiter in rest:
                folders.add(prefix + rest.split(delimiter)[0] + delimiter)
            else:
                rows += f"<Contents><Key>{escape(name)}</Key><Size>1</Size></Contents>"
        rows += "".join(
            f"<CommonPrefixes><Prefix>{escape(one)}</Prefix></CommonPrefixes>"
            for one in sorted(folders)
        )
        return f"{_HEAD}<ListBucketResult><IsTruncated>false</IsTruncated>{rows}</ListBucketResult>"


def _handler(bucket: Bucket) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *arguments: object) -> None:
            """Nothing on the terminal."""

        def _key(self) -> str:
            path = unquote(urlsplit(self.path).path).removeprefix(f"/{bucket.name}")
            bucket.seen.append((self.command, path, self.headers.get("Authorization", "")))
            return path.removeprefix("/")

        def _say(self, status: int, body: bytes = b"") -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Last-Modified", "Wed, 04 Mar 2026 06:00:00 GMT")
            self.send_header("ETag", '"x"')
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def do_PUT(self) -> None:
            """Store."""
            bucket.objects[self._key()] = self.rfile.read(int(self.headers["Content-Length"]))
            self._say(200)

        def do_GET(self) -> None:
            """Give, or list."""
            key = self._key()
            if key:
                found = bucket.objects.get(key)
                self._say(404 if found is None else 200, found or b"")
                return
            asked = parse_qs(urlsplit(self.path).query)
            text = bucket.listing(
                asked.get("prefix", [""])[0], asked.get("delimiter", [""])[0]
            )  # fmt: skip
            self._say(200, text.encode())

        do_HEAD = do_GET

        def do_DELETE(self) -> None:
            """Delete; what is not there is no mistake."""
            bucket.objects.pop(self._key(), None)
            self._say(204)

    return Handler
