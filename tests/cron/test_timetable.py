"""The crontab and the systemd units name only real verbs, with locks, and both do the same work."""

from __future__ import annotations

import configparser
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CRON = ROOT / "cron"
SYSTEMD = CRON / "systemd"

# The verbs that need no person; the command line's whole list stands in the user's reference.
REPORTS = {"report", *(f"report --period {span}" for span in ("week", "month", "quarter", "year"))}
SERVING = {"public --port 8810", "desk --https --allow-host desk.yunchuan.example"}
VERBS = {"sync", "notify", "work --drain", "work --forever", "patrol", "backup", "tidy", *SERVING, *REPORTS}

FIELDS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
COMMAND = re.compile(
    r'(?P<nice>nice )?flock (?P<way>-n -E 0|-w 3600) "\$SYNDICATE_HOME/var/(?P<lock>[a-z]+)\.lock" syndicate (?P<verb>[a-z][a-z -]*)'
)


def crontab_lines() -> list[list[str]]:
    lines = (CRON / "syndicate.crontab").read_text("utf-8").splitlines()
    jobs = [line for line in lines if line and not line.startswith("#") and not re.match(r"[A-Z_]+=", line)]
    return [line.split(None, 5) for line in jobs]


def field_is_right(field: str, low: int, high: int) -> bool:
    match = re.fullmatch(r"(\*|\d+)(?:/(\d+))?", field)
    if not match:
        return False
    start_right = match[1] == "*" or low <= int(match[1]) <= high
    return start_right and (match[2] is None or 1 <= int(match[2]) <= high)


def units(ending: str) -> dict[str, configparser.ConfigParser]:
    found = {}
    for path in sorted(SYSTEMD.glob(f"*.{ending}")):
        parser = configparser.ConfigParser(interpolation=None, strict=True)
        parser.optionxform = str  # type: ignore[assignment,method-assign]
        parser.read_string(path.read_text("utf-8"))
        found[path.stem] = parser
    return found


def test_every_line_has_five_time_fields_within_their_ranges() -> None:
    for *fields, _ in crontab_lines():
        assert [field_is_right(f, *limits) for f, limits in zip(fields, FIELDS, strict=True)] == [True] * 5


def test_every_line_is_one_real_verb_under_its_own_lock() -> None:
    for line in crontab_lines():
        match = COMMAND.fullmatch(line[5])
        assert match, line
        assert match["verb"] in VERBS
        assert match["verb"].split()[0] == match["lock"]


def test_reports_wait_for_each_other_and_everything_else_is_skipped_while_it_runs() -> None:
    ways = {match["verb"]: match["way"] for line in crontab_lines() if (match := COMMAND.fullmatch(line[5]))}
    assert {verb for verb, way in ways.items() if way.startswith("-w")} == set(REPORTS)
    services = {name: unit["Service"]["ExecStart"] for name, unit in units("service").items()}
    assert {name for name, command in services.items() if "flock -w 3600 " in command} == {
        name for name, command in services.items() if "/syndicate report" in command
    }


def test_the_verbs_are_there_once_each() -> None:
    assert sorted(line[5].split(" syndicate ")[1] for line in crontab_lines()) == [
        "backup",
        "notify",
        "patrol",
        *sorted(REPORTS),
        "sync",
        "tidy",
        "work --drain",
    ]


def test_no_command_holds_a_percent_sign_which_cron_would_turn_into_a_line_break() -> None:
    assert not [line for line in crontab_lines() if "%" in line[5]]


def test_every_service_runs_one_real_verb_under_the_lock_of_the_crontab() -> None:
    for name, unit in units("service").items():
        command = unit["Service"]["ExecStart"]
        verb = command.split("/syndicate ", 1)[1].rpartition("bin/syndicate ")[2]
        assert verb in VERBS, name
        assert f"/var/{verb.split()[0]}.lock " in command


def test_every_timer_has_its_service_and_a_time() -> None:
    services = units("service")
    for name, unit in units("timer").items():
        assert name in services
        assert unit["Timer"]["OnCalendar"]


def test_what_has_no_timer_runs_for_ever_and_starts_again() -> None:
    forever = {name: unit for name, unit in units("service").items() if name not in units("timer")}
    restarts = {name: unit["Service"]["Restart"] for name, unit in forever.items()}
    assert restarts == {"syndicate-work": "always", "syndicate-public": "always", "syndicate-desk": "always"}


def test_deliveries_and_the_desk_come_before_everything_else() -> None:
    behind = {match["verb"]: bool(match["nice"]) for line in crontab_lines() if (match := COMMAND.fullmatch(line[5]))}
    assert {verb for verb, nice in behind.items() if not nice} == {"work --drain"}
    services = units("service")
    assert {name for name, unit in services.items() if unit["Service"].get("Nice") == "10"} == set(units("timer"))


def test_needing_attention_is_no_failure_of_a_service() -> None:
    assert all(
        unit["Service"]["SuccessExitStatus"] == "1" for name, unit in units("service").items() if name in units("timer")
    )


@pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is absent: apt-get install systemd"
)
@pytest.mark.parametrize("path", sorted(SYSTEMD.glob("*.timer")), ids=lambda path: path.stem)
def test_systemd_understands_the_times(path: Path) -> None:
    calendar = next(line for line in path.read_text("utf-8").splitlines() if line.startswith("OnCalendar="))
    run = subprocess.run(
        ["systemd-analyze", "calendar", calendar.removeprefix("OnCalendar=")], capture_output=True, check=False
    )
    assert run.returncode == 0, run.stderr


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The units as on a server, with a program that this machine has."""
    shutil.copytree(SYSTEMD, tmp_path / "system")
    for path in (tmp_path / "system").glob("*.service"):
        path.write_text(path.read_text("utf-8").replace("/srv/syndicate/.venv/bin/syndicate", sys.executable), "utf-8")
    return tmp_path / "system"


def analyze(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd-analyze is absent: apt-get install systemd")
    environment = {**os.environ, "SYSTEMD_UNIT_PATH": f"{folder}:"}
    return subprocess.run([program, *words], capture_output=True, text=True, check=False, env=environment)


def test_systemd_finds_no_fault_with_any_unit(installed: Path) -> None:
    names = sorted(path.name for path in installed.glob("*.service"))
    done = analyze(installed, "verify", "--man=no", *names)
    assert (done.returncode, done.stderr) == (0, "")


def test_services_are_closed_to_everything_they_do_not_need(installed: Path) -> None:
    """systemd's own measure: 0 is closed, 10 is open; a service without any option has 9.2."""
    names = sorted(path.name for path in installed.glob("*.service"))
    done = analyze(installed, "security", "--offline=true", "--no-pager", "--threshold=20", *names)
    assert done.returncode == 0, done.stdout[-2000:]


def test_every_service_runs_as_the_offices_user_and_writes_only_there() -> None:
    for name, unit in units("service").items():
        service = unit["Service"]
        assert (name, service["User"], service["ReadWritePaths"]) == (name, "syndicate", "/srv/syndicate/office")


@pytest.mark.skipif(shutil.which("flock") is None, reason="flock is absent: apt-get install util-linux")
def test_a_run_that_would_overlap_is_skipped_without_an_error(tmp_path: Path) -> None:
    lock = tmp_path / "sync.lock"
    first = subprocess.Popen(["flock", lock, "sh", "-c", "echo held; read x"], stdin=-1, stdout=-1, text=True)
    assert first.stdout is not None
    assert first.stdin is not None
    assert first.stdout.readline() == "held\n"
    second = subprocess.run(["flock", "-n", "-E", "0", lock, "false"], check=False)
    first.communicate("\n")
    assert second.returncode == 0
