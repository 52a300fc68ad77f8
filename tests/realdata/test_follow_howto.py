"""The how-to "follow a source", its commands as they are printed, on the recorded list of the State Council."""

from __future__ import annotations

import os
import re
import shlex
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.cli.terminal import Answer, type_in

HOWTO = Path(__file__).parents[2] / "docs" / "howto" / "follow-a-source.md"
PRINTED = "https://www.county.example/news/"


@pytest.fixture
def site(data: Path) -> Iterator[str]:
    """The recorded list and its articles on a loopback server, with the addresses that it has there."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *arguments: object) -> None:
            """Tests need no access log."""

        def do_GET(self) -> None:
            name = self.path.rpartition("/")[2]
            page = data / "pages" / "govcn" / name.replace(".htm", ".html")
            body = b""
            if self.path == "/list.json":
                text = (data / "pages" / "govcn_list.json").read_text("utf-8")
                body = text.replace("http://www.gov.cn", base).encode()
            elif page.is_file():
                body = page.read_bytes()
            self.send_response(200 if body else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    base = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield base
    server.shutdown()
    server.server_close()


def printed_commands() -> list[list[str]]:
    """The words behind `syndicate` of every command that the page shows before its further examples."""
    first = HOWTO.read_text("utf-8").partition("## 3.")[0]
    return [
        shlex.split(line)[1:]
        for block in re.findall(r"```console\n(.*?)```", first, re.S)
        for line in block.splitlines()
    ]


def test_the_commands_of_the_page_follow_a_real_list(
    site: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "office"
    monkeypatch.setenv("DATABASE_URL", "")
    assert type_in("init", str(home)).code == 0
    host = site.removeprefix("http://")

    def typed(words: list[str], *more: str) -> Answer:
        asked = [f"{site}/list.json" if word == PRINTED else word for word in words]
        answer = type_in(*asked, *more, "--home", str(home))
        assert answer.code == 0, answer.err + answer.out
        return answer

    add, test, sync = printed_commands()
    proposed = typed(add, "--allow", host)
    typed(add, "--allow", host, "--save")
    file = home / "content" / "sources" / "county-news.yaml"
    # The page says to correct these two; and one article is enough here.
    text = re.sub(r"(?m)^organ: .*$", "organ: 国务院", file.read_text("utf-8")) + "first_run: 1\n"
    file.write_text(text, "utf-8")
    tried = typed(test)
    typed(sync)
    rows = type_in("queue", "--json", "--home", str(home)).document

    assert "preset: ucap" in proposed.out
    assert "共 60 行" in proposed.out
    assert "索引号" in tried.out
    assert [row["title"] for row in rows] == ["国务院关于在市场监管领域全面推行部门联合“双随机、一公开”监管的意见"]
    assert os.environ.get("SYNDICATE_HOME") != str(home)
