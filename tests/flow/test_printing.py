"""The PDF maker: a process of its own that reads what it is handed and nothing else."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pypdfium2
import pytest

from syndicate.errors import InputError, NotFound
from syndicate.flow.printing import PrintedFile, make_pdf

APT = "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig fonts-noto-cjk"


@pytest.fixture(scope="module")
def _able() -> None:
    try:
        make_pdf("<p>样例</p>")
    except NotFound:
        import os

        if os.environ.get("SYNDICATE_STRICT"):
            raise
        pytest.skip(f"PDFs need: {APT}")


def _text(pdf: bytes) -> str:
    return "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))


@pytest.mark.usefixtures("_able")
def test_a_page_becomes_a_pdf_with_its_chinese_text() -> None:
    assert "信息发布审核表" in _text(make_pdf("<h1>信息发布审核表</h1>"))


@pytest.mark.usefixtures("_able")
def test_a_page_uses_the_files_it_was_handed() -> None:
    style = PrintedFile("text/css", b"p::before { content: 'from the style ' }")
    html = '<link rel="stylesheet" href="own:page.css"><p>words</p>'
    assert "from the style words" in _text(make_pdf(html, {"page.css": style}))


@pytest.mark.usefixtures("_able")
def test_a_page_reads_no_file_of_this_machine(tmp_path: Path) -> None:
    secret = tmp_path / "secret.css"
    secret.write_text("p::before { content: 'leaked' }")
    attached = f'<link rel="attachment" href="{secret.as_uri()}">'
    pdf = make_pdf(f'{attached}<link rel="stylesheet" href="{secret.as_uri()}"><p>words</p>')
    assert "leaked" not in _text(pdf)
    assert b"EmbeddedFile" not in pdf


@pytest.mark.usefixtures("_able")
def test_a_page_asks_no_server() -> None:
    asked: list[str] = []

    class Server(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(404)
            self.end_headers()

    with HTTPServer(("127.0.0.1", 0), Server) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        make_pdf(f'<img src="http://127.0.0.1:{server.server_port}/picture.png"><p>words</p>')
        server.shutdown()
    assert asked == []


@pytest.mark.usefixtures("_able")
def test_a_maker_that_fails_is_told_and_leaves_the_caller_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("syndicate.flow.printing.sys.executable", "/bin/false")
    with pytest.raises(InputError):
        make_pdf("<p>样例</p>")


def test_what_the_machine_lacks_is_named_with_its_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lacking = tmp_path / "python"
    lacking.write_text("#!/bin/sh\ncat >/dev/null\nprintf fonts >&2\nexit 3\n")
    lacking.chmod(0o755)
    monkeypatch.setattr("syndicate.flow.printing.sys.executable", str(lacking))
    with pytest.raises(NotFound, match="apt-get install fontconfig fonts-noto-cjk"):
        make_pdf("<p>样例</p>")
