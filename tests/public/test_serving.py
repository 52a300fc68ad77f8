"""The public application of an office that runs for weeks: what changed in its configuration is taken up."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from wsgiref.util import setup_testing_defaults

import pytest

from syndicate.errors import NotFound
from syndicate.public import health
from syndicate.public.pace import Rate
from syndicate.public.serving import PublicApplication
from syndicate.records import pulses
from tests.databases import on_one
from tests.flow.office import Desk, open_desk

pytestmark = on_one


@pytest.fixture
def desk(records: Path) -> Iterator[Desk]:
    with open_desk(records) as opened:
        yield opened


def page(served: PublicApplication, query: str = "", path: str = "/search") -> tuple[str, str]:
    """The status and the page of a search, asked by a thread of its own as a server does."""
    environment: dict[str, object] = {"PATH_INFO": path, "QUERY_STRING": query, "REMOTE_ADDR": "192.0.2.1"}
    setup_testing_defaults(environment)
    found: list[str] = []

    def ask() -> None:
        body = served(environment, lambda status, *_: found.append(status))  # type: ignore[arg-type, misc, return-value]
        found.append(b"".join(body).decode())

    asking = threading.Thread(target=ask)
    asking.start()
    asking.join()
    return found[0], found[1]


def test_a_changed_title_is_on_the_next_page(desk: Desk) -> None:
    served = PublicApplication(lambda: desk.workspace)
    assert "样例县人民政府" in page(served)[1]
    path = desk.home / "content" / "office.yaml"
    path.write_text(path.read_text("utf-8").replace("site_name: 样例县人民政府", "site_name: 改名县人民政府"), "utf-8")
    desk.reload()
    assert "改名县人民政府" in page(served)[1]


def test_who_asked_too_often_waits_after_a_change_too(desk: Desk) -> None:
    served = PublicApplication(lambda: desk.workspace, Rate(1, 1))
    assert page(served, "q=%E6%A0%B7%E4%BE%8B")[0].startswith("200")
    desk.reload()
    assert page(served, "q=%E6%A0%B7%E4%BE%8B")[0].startswith("429")


def test_an_office_without_a_website_has_nothing_to_search(desk: Desk) -> None:
    desk.without("website")
    with pytest.raises(NotFound):
        PublicApplication(lambda: desk.workspace)


def test_a_website_that_is_taken_away_later_leaves_the_search_as_it_was(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    served = PublicApplication(lambda: desk.workspace)
    desk.without("website")
    assert page(served)[0].startswith("200")
    assert "website" in caplog.text


def test_an_office_whose_worker_lives_is_well(desk: Desk) -> None:
    pulses.beat(pulses.WORKER, desk.now)
    status, body = page(PublicApplication(lambda: desk.workspace), path="/healthz")
    assert (status, json.loads(body)["well"]) == ("200 OK", True)


def test_an_office_without_a_worker_is_not_well(desk: Desk) -> None:
    status, body = page(PublicApplication(lambda: desk.workspace), path="/healthz")
    assert (status, json.loads(body)["worker"]) == ("503 Service Unavailable", False)


def test_a_mistake_of_ours_tells_readers_what_to_do_and_nothing_else(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> object:
        raise ZeroDivisionError("inside")

    served = PublicApplication(lambda: desk.workspace)
    monkeypatch.setattr(health, "health", fail)
    status, body = page(served, path="/healthz")
    assert (status, "请稍候再试" in body, "inside" in body) == ("500 Internal Server Error", True, False)
    assert "ZeroDivisionError" in caplog.text
