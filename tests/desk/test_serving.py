from __future__ import annotations

import os
import socket
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from syndicate.errors import UsageError
from syndicate.flow.living import LivingOffice
from tests.desk.office import Office
from tests.desk.serve import app

ROOT = Path(__file__).parents[2]


def python(home: Path, code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A process of its own, as Django is set up once in each."""
    known = {
        **os.environ,
        "SYNDICATE_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "syndicate.desk.settings",
        **environment,
    }
    return subprocess.run([sys.executable, "-c", code], env=known, cwd=ROOT, capture_output=True, text=True)


def test_the_deploy_check_is_clean_behind_https(office: Office) -> None:
    code = "import django; django.setup(); from django.core.management import call_command; call_command('check', deploy=True, fail_level='INFO')"  # fmt: skip
    done = python(office.home, code, SYNDICATE_DESK_HTTPS="1", SYNDICATE_DESK_HOSTS="desk.example.gov.cn")
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_cookies_are_secure_behind_https(office: Office) -> None:
    code = (
        "from django.conf import settings as s; print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.ALLOWED_HOSTS)"
    )
    done = python(office.home, code, SYNDICATE_DESK_HTTPS="1", SYNDICATE_DESK_HOSTS="desk.example.gov.cn")
    assert done.stdout.startswith("True True")
    assert "desk.example.gov.cn" in done.stdout


def test_cookies_belong_to_this_host_alone_behind_https(office: Office) -> None:
    code = "from django.conf import settings as s; print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME)"
    done = python(office.home, code, SYNDICATE_DESK_HTTPS="1")
    assert done.stdout.split() == ["__Host-desk-session", "__Host-desk-csrf"]


def test_the_signing_key_is_not_the_office_key(office: Office) -> None:
    done = python(office.home, "from django.conf import settings; print(settings.SECRET_KEY)")
    assert (office.home / "var" / "secrets" / "office-key").read_bytes().hex() not in done.stdout
    assert len(done.stdout.strip()) == 64


def test_without_an_office_the_desk_says_what_to_do(tmp_path: Path) -> None:
    code = "from tests.desk.serve import app; app(standalone_mode=False)"
    done = python(tmp_path, code)
    assert done.returncode != 0
    assert "init" in done.stderr


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "desk.example", "::"])
def test_other_machines_are_served_only_behind_https(office: Office, host: str) -> None:
    result = CliRunner().invoke(app, ["--host", host, "--home", str(office.home)])
    assert isinstance(result.exception, UsageError)
    assert result.exception.message.key == "desk.needs_https"


def test_a_port_that_is_taken_is_said(office: Office) -> None:
    from syndicate.desk.serving import make_server

    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(UsageError) as error:
        make_server(lambda: office.workspace, "127.0.0.1", taken.getsockname()[1])
    assert error.value.message.key == "desk.port_taken"


class Moving:
    """A clock that is moved by hand."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def change(home: Path, before: str, after: str) -> None:
    path = home / "content" / "office.yaml"
    path.write_text(path.read_text("utf-8").replace(before, after), "utf-8")


def test_a_changed_configuration_is_loaded(own_configuration: Office) -> None:
    clock = Moving(own_configuration.now)
    living = LivingOffice(own_configuration.home, clock)
    change(own_configuration.home, "云川县人民政府门户网站", "云川县门户")
    clock.now += timedelta(seconds=6)
    assert living().snapshot.office.site_name.startswith("云川县门户")


def test_a_clock_that_was_set_back_hides_no_change(own_configuration: Office) -> None:
    clock = Moving(own_configuration.now)
    living = LivingOffice(own_configuration.home, clock)
    change(own_configuration.home, "云川县人民政府门户网站", "云川县门户")
    clock.now -= timedelta(days=1)
    assert living().snapshot.office.site_name.startswith("云川县门户")


def test_a_bad_file_never_replaces_a_good_one(own_configuration: Office, caplog: pytest.LogCaptureFixture) -> None:
    clock = Moving(own_configuration.now)
    living = LivingOffice(own_configuration.home, clock)
    change(own_configuration.home, "site_name:", "sitename:")
    clock.now += timedelta(seconds=6)
    assert living().snapshot.office.site_name.startswith("云川县人民政府门户网站")
    assert "office.yaml" in caplog.text


def test_an_unchanged_configuration_is_not_loaded_again(office: Office) -> None:
    clock = Moving(office.now)
    living = LivingOffice(office.home, clock)
    first = living()
    clock.now += timedelta(minutes=1)
    assert living() is first
