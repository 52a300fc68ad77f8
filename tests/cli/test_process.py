"""The installed script as a process: signals, pipes, terminals, and what is loaded at start."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import signal
import socket
import subprocess
import sys
import termios
from pathlib import Path

import httpx
import pytest

from tests.cli.terminal import SCRIPT, Office, process, script, until

LIMIT = 30


def test_the_script_answers_with_one_json_document_and_nothing_else(office: Office) -> None:
    answer = script("queue", "--json", "--home", str(office.home))
    assert (answer.code, answer.err) == (0, "")
    assert answer.document == []


def test_the_script_tells_a_mistake_without_a_traceback(tmp_path: Path) -> None:
    answer = script("queue", cwd=tmp_path / "here")
    assert (answer.code, answer.out) == (2, "")
    assert "Traceback" not in answer.err
    assert "syndicate init" in answer.err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_that_runs_forever_stops_cleanly_on_a_signal(office: Office, number: signal.Signals) -> None:
    """The office has work that needs a person, which is no reason for a service to end with an error."""
    office.publish()
    with process("work", "--forever", "--json", "--home", str(office.home)) as child:
        until(lambda: _catches(child.pid, signal.SIGTERM))
        child.send_signal(number)
        out, _ = child.communicate(timeout=LIMIT)
    assert child.returncode == 0
    assert json.loads(out)["needs_person"] == 1


def test_ctrl_c_is_told_in_two_sentences(office: Office, tmp_path: Path) -> None:
    """`item new` waits for its text on stdin."""
    read, write = os.pipe()
    surroundings = {**os.environ, "SYNDICATE_TOKEN": office.tokens["样例编辑"]}
    words = ("item", "new", "样例", "--column", "news", "--as", "样例编辑", "--home", str(office.home))
    with subprocess.Popen(
        [str(SCRIPT), *words], stdin=read, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=surroundings, text=True
    ) as child:
        os.close(read)
        until(lambda: _reads_stdin(child.pid))
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=LIMIT)
        os.close(write)
    assert (child.returncode, out) == (130, "")
    assert "已按要求中断" in err
    assert "Traceback" not in err


def _catches(number: int, caught: signal.Signals) -> bool:
    """Whether the process has a handler for this signal (Linux lists them as bits)."""
    (mask,) = re.findall(r"^SigCgt:\s*(\w+)$", Path(f"/proc/{number}/status").read_text(), re.MULTILINE)
    return bool(int(mask, 16) >> (caught - 1) & 1)


def _reads_stdin(number: int) -> bool:
    """Whether the process sleeps in a read of its stdin (Linux says so: `read` has number 0 or 63)."""
    return Path(f"/proc/{number}/syscall").read_text().startswith(("0 0x0 ", "63 0x0 "))


def test_a_reader_that_goes_away_gets_no_traceback(office: Office) -> None:
    command = f'"{SCRIPT}" audit export --home "{office.home}" | true'
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, timeout=LIMIT, check=False)
    assert done.stderr == ""


def test_a_terminal_that_lacks_chinese_characters_is_no_reason_to_fail(office: Office) -> None:
    surroundings = {**os.environ, "PYTHONIOENCODING": "ascii"}
    command = [str(SCRIPT), "user", "list", "--home", str(office.home)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT, check=False, env=surroundings)
    assert (done.returncode, done.stderr) == (0, "")
    assert "admin" not in done.stdout
    assert "?" in done.stdout


def test_the_token_is_asked_for_at_the_terminal_and_not_shown(office: Office) -> None:
    """stdout stays free for the document."""
    terminal, theirs = pty.openpty()
    words = ("item", "new", "样例", "--column", "news", "--body", "text.html", "--json", "--as", "样例编辑")
    Path("text.html").write_text("<p>x</p>")
    with subprocess.Popen(
        [str(SCRIPT), *words, "--home", str(office.home)],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        text=True,
        preexec_fn=lambda: _own_terminal(0),
    ) as child:
        os.close(theirs)
        asked = b""
        while "token：" not in asked.decode("utf-8", "ignore"):
            asked += os.read(terminal, 1000)
        os.write(terminal, office.tokens["样例编辑"].encode() + b"\n")
        out, err = child.communicate(timeout=LIMIT)
        shown = os.read(terminal, 10000)
    os.close(terminal)
    assert (child.returncode, err) == (0, "")
    assert json.loads(out)["item"] == 1
    assert office.tokens["样例编辑"].encode() not in shown


def _own_terminal(number: int) -> None:
    fcntl.ioctl(number, termios.TIOCSCTTY, 0)


def test_checking_a_file_never_loads_django(tmp_path: Path) -> None:
    (tmp_path / "通知.txt").write_text("会议部署工作。", "utf-8")
    program = (
        "import sys; from syndicate.cli.main import run; "
        f"code = run(['check', {str(tmp_path / '通知.txt')!r}, '--json']); "
        "sys.exit(code or any(name.split('.')[0] == 'django' for name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=LIMIT, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_help_loads_neither_django_nor_the_network() -> None:
    program = (
        "import sys; from syndicate.cli.main import run; run(['--help']); "
        "sys.exit(any(name.split('.')[0] in ('django', 'requests', 'httpx', 'feedparser') for name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=LIMIT, check=False)
    assert done.returncode == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_desk_serves_until_a_signal_and_ends_cleanly(office: Office, number: signal.Signals) -> None:
    with process("desk", "--port", "0", "--home", str(office.home)) as child:
        assert child.stdout is not None
        address = child.stdout.readline().split("http://")[1].split("/")[0]
        assert httpx.get(f"http://{address}/", follow_redirects=True, trust_env=False).status_code == 200
        child.send_signal(number)
        assert child.wait(LIMIT) == 0


def test_a_desk_whose_port_is_taken_says_so(office: Office) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        answer = script("desk", "--port", port, "--home", str(office.home))
    assert answer.code == 2
    assert port in answer.err


def test_a_desk_without_an_office_does_not_start(tmp_path: Path) -> None:
    answer = script("desk", "--port", "0", cwd=tmp_path / "here")
    assert (answer.code, answer.out) == (2, "")
    assert "syndicate init" in answer.err


def test_a_proxy_that_is_no_address_is_wrong_use(office: Office) -> None:
    answer = script("desk", "--port", "0", "--proxy", "proxy.example", "--home", str(office.home))
    assert (answer.code, "proxy.example" in answer.err) == (2, True)
