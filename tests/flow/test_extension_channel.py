"""A channel kind from outside: the worked example of docs/howto/add-a-channel-kind.md, installed and used as it stands."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from syndicate.errors import ConfigurationError
from syndicate.flow.matrix import Means, amendment_matrix, withdrawal_matrix
from syndicate.flow.overview import item_page
from syndicate.flow.report import write_report
from syndicate.flow.withdraw import withdraw
from syndicate.model.delivery import DeliveryState
from syndicate.model.review import WithdrawalKind
from tests.flow.office import CONTENT, PUBLISHER, Desk

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "examples" / "channel-kind"
LONGEST = 100
"""Lines that the example may have, as the issue promises."""


@dataclass
class Board:
    """The platform: notices by id, and how the next calls fail."""

    notices: dict[str, dict[str, str]] = field(default_factory=dict)
    answers: list[int] = field(default_factory=list)
    """Statuses of the next calls; 0 hangs up after the notice was taken."""
    address: str = ""


def _serve(board: Board) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *arguments: object) -> None:
            """Tests need no access log."""

        def _say(self, status: int, value: object = None) -> None:
            body = json.dumps(value).encode() if value is not None else b""
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status = board.answers.pop(0) if board.answers else 201
            if self.headers["Authorization"] != "Bearer sample-token":
                self._say(401)
            elif status in (0, 201):
                number = str(len(board.notices) + 1)
                board.notices[number] = body
                if status:
                    self._say(201, {"id": number})
            else:
                self._say(status)

        def do_GET(self) -> None:
            key = self.path.partition("key=")[2]
            held = [number for number, notice in board.notices.items() if notice["key"] == key]
            self._say(200, {"id": held[0]}) if held else self._say(404)

        def do_DELETE(self) -> None:
            self._say(204 if board.notices.pop(self.path.rpartition("/")[2], None) else 404)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    board.address = f"http://127.0.0.1:{server.server_port}"
    return server


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example's package, built and installed into a folder as pip does it."""
    folder = tmp_path_factory.mktemp("package")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--disable-pip-version-check", "--target", folder, EXAMPLE], check=True)
    return folder


def _offer(desk: Desk, address: str) -> None:
    """The account's file of the example, at the board's address, with its key."""
    text = (EXAMPLE / "notice-board.yaml").read_text("utf-8").replace("https://board.example.cn", address)
    (desk.home / "channels" / "notice-board.yaml").write_text(text, "utf-8")
    secret = desk.home / "var" / "secrets" / "notice-board-token"
    secret.write_text("sample-token", "utf-8")
    secret.chmod(0o600)
    desk.reload()


@pytest.fixture
def board(desk: Desk, package: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Board]:
    monkeypatch.syspath_prepend(str(package))
    opened = Board()
    server = _serve(opened)
    _offer(desk, opened.address)
    yield opened
    desk.close()
    server.shutdown()
    server.server_close()


def test_the_example_is_as_short_as_promised() -> None:
    assert len((EXAMPLE / "notice_board.py").read_text("utf-8").splitlines()) <= LONGEST


def test_a_driver_from_outside_delivers(desk: Desk, board: Board) -> None:
    item = desk.approved("notice-board")
    desk.settle()
    assert desk.states(item) == {"notice-board": DeliveryState.DELIVERED}
    assert [notice["title"] for notice in board.notices.values()] == [CONTENT.title]


def test_its_options_reach_the_driver(desk: Desk, board: Board) -> None:
    desk.approved("notice-board")
    desk.settle()
    assert board.notices["1"]["hall"] == "one"


def test_a_reply_that_was_lost_is_looked_up_and_not_sent_again(desk: Desk, board: Board) -> None:
    board.answers = [0]
    item = desk.approved("notice-board")
    desk.settle()
    assert (desk.states(item)["notice-board"], len(board.notices)) == (DeliveryState.DELIVERED, 1)


def test_a_busy_board_is_tried_again(desk: Desk, board: Board) -> None:
    board.answers = [429, 503]
    item = desk.approved("notice-board")
    desk.settle()
    assert (desk.states(item)["notice-board"], len(board.notices)) == (DeliveryState.DELIVERED, 1)


def test_what_it_refuses_is_a_persons_business(desk: Desk, board: Board) -> None:
    board.answers = [422]
    item = desk.approved("notice-board")
    desk.settle()
    task = desk.delivery(item, "notice-board")
    assert (task.state, task.message and task.message.key) == (DeliveryState.REFUSED, "channels.extension_status")


def test_a_withdrawal_takes_the_notice_away(desk: Desk, board: Board) -> None:
    item = desk.approved("notice-board")
    desk.settle()
    withdraw(desk.workspace, PUBLISHER, item, WithdrawalKind.ERROR, "样例理由")
    desk.settle()
    assert board.notices == {}


def test_a_correction_that_it_cannot_do_becomes_a_task(desk: Desk, board: Board) -> None:
    item = desk.approved("notice-board")
    desk.settle()
    desk.corrected(item, "城区三条道路恢复通行（更正）")
    desk.settle()
    assert desk.states(item)["notice-board"] is DeliveryState.NEEDS_PERSON


def test_the_limits_in_the_accounts_file_hold(desk: Desk, board: Board) -> None:
    assert desk.workspace.channel("notice-board").limits == {"title": 30, "text": 500}


def test_a_driver_that_is_not_installed_is_a_mistake_with_its_line(desk: Desk) -> None:
    _offer(desk, "https://board.example.cn")
    with pytest.raises(ConfigurationError) as caught:
        _ = desk.workspace
    (problem,) = caught.value.problems
    assert (problem.message.key, problem.line) == ("config.no_such_driver", 7)


def test_a_driver_that_was_taken_away_makes_a_task_and_loses_nothing(
    desk: Desk, board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = desk.approved("notice-board")
    monkeypatch.undo()
    desk.settle()
    task = desk.delivery(item, "notice-board")
    assert (task.state, task.message and task.message.key) == (DeliveryState.NEEDS_PERSON, "channels.no_driver")


def test_a_driver_that_cannot_be_imported_stops_no_other_channel(
    desk: Desk, board: Board, package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = desk.approved("notice-board", "led")
    (tmp_path / "notice_board.py").write_text("raise RuntimeError('broken sample')", "utf-8")
    monkeypatch.delitem(sys.modules, "notice_board", raising=False)
    monkeypatch.syspath_prepend(str(tmp_path))
    desk.settle()
    assert desk.states(item) == {"notice-board": DeliveryState.NEEDS_PERSON, "led": DeliveryState.DELIVERED}


def test_what_will_happen_there_is_told_before(desk: Desk, board: Board) -> None:
    item = desk.approved("notice-board")
    desk.settle()
    page = item_page(desk.workspace, item)
    taken, corrected = withdrawal_matrix(desk.workspace, page), amendment_matrix(desk.workspace, page)
    assert [(row.means, row.what.key) for row in (*taken, *corrected)] == [
        (Means.INTERFACE, "matrix.retract_extension"),
        (Means.PERSON, "matrix.amend_by_hand"),
    ]


def test_the_report_counts_it_like_any_channel(desk: Desk, board: Board) -> None:
    desk.approved("notice-board")
    desk.settle()
    written = write_report(desk.workspace, PUBLISHER, desk.now.date())
    assert "社区公告屏（样例）" in written.path.read_text("utf-8")
