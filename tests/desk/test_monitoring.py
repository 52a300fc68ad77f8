"""What machines ask the desk: whether it can work, and its figures; and pages that need no database."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from syndicate.desk.views import queue
from syndicate.flow import metrics, room
from syndicate.records import pulses
from tests.desk.conftest import LogIn
from tests.desk.office import EDITOR, Office

ROOT = Path(__file__).resolve().parents[2]
LINE = re.compile(r'syndicate_[a-z_]+(\{[a-z_]+="[^"\n]*"(,[a-z_]+="[^"\n]*")*\})? -?[0-9.]+')


@pytest.fixture
def alive(office: Office) -> Office:
    pulses.beat(pulses.WORKER, office.workspace.now())
    return office


@pytest.fixture
def broken(office: Office, log_in: LogIn) -> Callable[[], Client]:
    """Somebody is logged in, and then the tables are gone."""

    def break_it() -> Client:
        client = log_in(EDITOR)
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE records_item RENAME TO gone_item")
            cursor.execute("ALTER TABLE django_session RENAME TO gone_session")
        return client

    return break_it


def test_a_healthy_office_says_so_without_a_log_in(alive: Office, stranger: Client) -> None:
    response = stranger.get("/healthz")
    assert (response.status_code, response.json()) == (
        200,
        {"well": True, "database": True, "worker": True, "disk": True},
    )


def test_an_office_without_a_worker_is_not_well(office: Office, stranger: Client) -> None:
    response = stranger.get("/healthz")
    assert (response.status_code, response.json()["worker"]) == (503, False)


def test_a_worker_that_was_not_seen_for_long_is_not_alive(alive: Office, stranger: Client) -> None:
    alive.wait(minutes=11)
    assert stranger.get("/healthz").json()["worker"] is False


def test_work_that_lies_untouched_says_that_no_worker_is_at_it(alive: Office, stranger: Client) -> None:
    alive.approved()
    alive.wait(minutes=30)
    pulses.beat(pulses.WORKER, alive.workspace.now())
    assert stranger.get("/healthz").json()["worker"] is False


def test_a_full_disk_is_not_well(alive: Office, stranger: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(room.upkeep_limits(), "disk_stop", 10**9)
    response = stranger.get("/healthz")
    assert (response.status_code, response.json()["disk"]) == (503, False)


def test_a_database_without_an_office_is_not_well(alive: Office, stranger: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE records_item RENAME TO gone_item")
    response = stranger.get("/healthz")
    assert (response.status_code, response.json()["database"]) == (503, False)


def test_every_figure_is_a_line_that_prometheus_reads(alive: Office, stranger: Client) -> None:
    alive.approved()
    response = stranger.get("/metrics")
    lines = response.content.decode().splitlines()
    assert response.headers["Content-Type"] == metrics.MEDIA_TYPE
    assert [line for line in lines if not line.startswith("# ") and not LINE.fullmatch(line)] == []


def test_every_described_metric_is_there_and_no_other(alive: Office, stranger: Client) -> None:
    told = re.findall(r"^# TYPE syndicate_(\w+) gauge$", stranger.get("/metrics").content.decode(), re.MULTILINE)
    assert sorted(told) == sorted(metrics.described())


def test_the_queue_is_counted_with_the_age_of_its_oldest_item(alive: Office, stranger: Client) -> None:
    alive.submitted()
    alive.wait(minutes=10)
    text = stranger.get("/metrics").content.decode()
    assert 'syndicate_items{state="submitted"} 1' in text
    assert 'syndicate_items_oldest_seconds{state="submitted"} 600' in text


def test_the_time_of_checks_is_told(alive: Office, stranger: Client) -> None:
    alive.draft()
    assert 'syndicate_check_milliseconds{quantile="0.95"}' in stranger.get("/metrics").content.decode()


def test_the_figures_need_few_queries(alive: Office, stranger: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        stranger.get("/metrics")
    assert len(queries) <= 20


@pytest.mark.parametrize(
    "surroundings",
    [{"REMOTE_ADDR": "192.0.2.7"}, {"REMOTE_ADDR": ""}, {"HTTP_HOST": "desk.example"}],
    ids=["address", "no-address", "host"],
)
@pytest.mark.usefixtures("settings_hosts")
def test_strangers_get_no_figures(alive: Office, stranger: Client, surroundings: dict[str, str]) -> None:
    response = stranger.get("/metrics", **surroundings)
    assert response.status_code == 403
    assert b"syndicate_" not in response.content


@pytest.fixture
def settings_hosts() -> Iterator[None]:
    """The desk answers to a name as well, as it does behind nginx."""
    with override_settings(ALLOWED_HOSTS=["127.0.0.1", "desk.example"]):
        yield


@pytest.mark.parametrize(("given", "status"), [("Bearer sample-token-2026", 200), ("Bearer 别的", 403), ("", 403)])
def test_another_machine_needs_the_token(
    alive: Office, stranger: Client, given: str, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SYNDICATE_SECRET_METRICS_TOKEN", "sample-token-2026")
    response = stranger.get("/metrics", REMOTE_ADDR="192.0.2.7", HTTP_AUTHORIZATION=given)
    assert response.status_code == status


@pytest.mark.parametrize("path", ["/healthz", "/metrics"])
def test_nothing_is_posted_to_machines_pages(alive: Office, stranger: Client, path: str) -> None:
    assert stranger.post(path).status_code == 405


def test_the_sample_board_asks_for_metrics_that_there_are() -> None:
    board = json.loads((ROOT / "docs" / "grafana-board.json").read_text("utf-8"))
    asked = re.findall(r"syndicate_(\w+)", json.dumps(board["panels"]))
    assert set(asked) <= set(metrics.described())
    assert len(set(asked)) >= 12


def test_a_session_that_cannot_be_read_is_told_in_both_languages(broken: Callable[[], Client]) -> None:
    response = broken().get("/queue")
    text = response.content.decode()
    assert response.status_code == 503
    assert "数据库暂时无法使用" in text
    assert "Go back and try again" in text


def test_the_trouble_of_the_database_is_not_described_to_readers(broken: Callable[[], Client]) -> None:
    assert "django_session" not in broken().get("/queue").content.decode()


def test_a_page_whose_tables_are_away_says_what_to_do(office: Office, log_in: LogIn) -> None:
    client = log_in(EDITOR)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE records_item RENAME TO gone_item")
    response = client.get("/queue")
    assert (response.status_code, "数据库暂时无法使用" in response.content.decode()) == (503, True)


def test_a_mistake_of_ours_is_told_in_both_languages(
    office: Office, log_in: LogIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> object:
        raise ZeroDivisionError

    client = log_in(EDITOR)
    client.raise_request_exception = False
    monkeypatch.setattr(queue, "queue_page", fail)
    response = client.get("/queue")
    text = response.content.decode()
    assert (response.status_code, "系统出错" in text, "A mistake of the system" in text) == (500, True, True)
