"""A door with a certificate before a server on loopback, which may be changed while a run goes on."""

from __future__ import annotations

import contextlib
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit


def certificate(folder: Path, name: str) -> Path | None:
    """A certificate for localhost that few trust, with its key beside it; `None` where none can be made."""
    file = folder / f"{name}.pem"
    made = subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost", "-keyout", folder / f"{name}.key", "-out", file],
        capture_output=True, check=False,
    )  # fmt: skip
    return None if made.returncode else file


class Door:
    """Takes the encryption off and passes everything on. Made by `door`."""

    def __init__(self, behind: str, shown: Path) -> None:
        self._behind = (urlsplit(behind).hostname, urlsplit(behind).port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: set[socket.socket] = set()
        self.url = f"https://localhost:{self._listener.getsockname()[1]}"
        self.show(shown)
        threading.Thread(target=self._accept, daemon=True).start()

    def show(self, shown: Path) -> None:
        """Show this certificate to whoever comes from now on."""
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(shown, shown.with_suffix(".key"))

    def hang_up(self) -> None:
        """End all connections."""
        for each in list(self._open):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Let nobody in any more."""
        self._listener.close()
        self.hang_up()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                raw, _ = self._listener.accept()
                threading.Thread(target=self._pass_on, args=(raw,), daemon=True).start()

    def _pass_on(self, raw: socket.socket) -> None:
        with (
            contextlib.suppress(OSError),
            raw,
            self._context.wrap_socket(raw, server_side=True) as outer,
            socket.create_connection(self._behind) as inner,
        ):
            self._open |= {outer, inner}
            back = threading.Thread(target=_copy, args=(inner, outer), daemon=True)
            back.start()
            _copy(outer, inner)
            back.join()
            self._open -= {outer, inner}


def _copy(one: socket.socket, other: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := one.recv(65536):
            other.sendall(data)
    for each in (one, other):
        with contextlib.suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def door(behind: str, shown: Path) -> Iterator[Door]:
    """A door before a server, as long as the context lasts."""
    made = Door(behind, shown)
    try:
        yield made
    finally:
        made.close()
