"""A server that speaks clamd's protocol and knows one virus: the EICAR test file."""

from __future__ import annotations

import socketserver
import struct
import threading
from typing import Any

#: The file that every scanner must find, written in two parts so that no scanner finds this one.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class _Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        """One command, ended by a null byte as its `z` promises."""
        command = b""
        while not command.endswith(b"\0"):
            part = self.rfile.read(1)
            if not part:
                return
            command += part
        if command == b"zPING\0":
            self.wfile.write(b"PONG\0")
        elif command == b"zINSTREAM\0":
            self._instream()

    def _instream(self) -> None:
        received = b""
        while size := struct.unpack("!L", self.rfile.read(4))[0]:
            received += self.rfile.read(size)
        server: Any = self.server
        server.scanned += 1
        if server.answer:
            self.wfile.write(server.answer)
        elif EICAR in received:
            self.wfile.write(b"stream: Eicar-Test-Signature FOUND\0")
        else:
            self.wfile.write(b"stream: OK\0")


class Clamd(socketserver.ThreadingTCPServer):
    """Use it as a context manager; `address` is what CLAMD_ADDRESS asks for."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.address = f"127.0.0.1:{self.server_address[1]}"
        self.scanned = 0
        #: Said in place of a verdict.
        self.answer = b""

    def __enter__(self) -> Clamd:
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.shutdown()
        self.server_close()
