"""A folder on loopback, read-only: the sample sources, and the office's own site as nginx would serve it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

_TEXT = (".html", ".xml", ".json", ".txt")


class FolderServer:
    """Serves `folder` at `address` while started. `replace` swaps bytes in text files, such as the samples' address."""

    def __init__(self, folder: Path, replace: Mapping[bytes, bytes] | None = None, port: int = 0) -> None:
        self.replace = dict(replace or {})
        handler = partial(_Handler, self, directory=str(folder))
        self._server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), name="folder-server", daemon=True)

    def start(self) -> str:
        """Begin to answer; returns the address."""
        self._thread.start()
        return self.address

    def stop(self) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".xml": "application/xml; charset=utf-8",
    ".json": "application/json; charset=utf-8",
}


class _Handler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, owner: FolderServer, *arguments: object, **options: object) -> None:
        self._owner = owner
        self.extensions_map = {**SimpleHTTPRequestHandler.extensions_map, **_TYPES}
        super().__init__(*arguments, **options)  # type: ignore[arg-type]

    def log_message(self, format: str, *arguments: object) -> None:
        """Samples need no access log."""

    def do_GET(self) -> None:
        """A file, with the samples' address swapped; the site's own 404 page where there is none."""
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        status = 200 if path.is_file() else 404
        missing = Path(self.directory) / "404.html"
        file = path if status == 200 else missing
        data = file.read_bytes() if file.is_file() else b"404"
        if file.suffix in _TEXT:
            for old, new in self._owner.replace.items():
                data = data.replace(old, new)
        self.send_response(status)
        self.send_header("Content-Type", self.guess_type(str(file)))
        self.send_header("Content-Length", str(len(data)))
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        self.wfile.write(data)
