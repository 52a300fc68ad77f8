"""电子屏播放机: a real browser plays the folder through the public application and tells what it plays."""

from __future__ import annotations

import io
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from syndicate.flow.items import submit
from syndicate.flow.screens import acknowledgements
from syndicate.flow.withdraw import withdraw
from syndicate.model.item import Content
from syndicate.model.review import WithdrawalKind
from syndicate.public.screens import screens
from syndicate.public.serving import make_server
from syndicate.records import items
from tests.conftest import lack
from tests.databases import on_one
from tests.flow.office import CONTENT, EDITOR, NOON, PUBLISHER, Desk, open_desk

pytestmark = on_one
SETTINGS = """\
title: 样例电子屏
kind: led
template: led.j2
settings:
  folder: var/led
  width: 960
  height: 480
  seconds: 5
  player: 127.0.0.1
  display_hours:
    - {first: 05-01, last: 09-30, start: "08:00", end: "18:00"}
    - {first: 10-01, last: 04-30, start: "08:00", end: "17:30"}
"""


@dataclass
class Screen:
    """A screen's office, and where its player finds it."""

    desk: Desk
    address: str


@pytest.fixture
def screen(records: Path) -> Iterator[Screen]:
    with open_desk(records) as desk:
        (desk.home / "channels" / "led.yaml").write_text(SETTINGS, "utf-8")
        server = make_server(screens(desk.workspace), "127.0.0.1", 0)

        def serve() -> None:
            with suppress(OSError):  # waitress's loop wakes up on sockets that are closed already
                server.run()

        thread = threading.Thread(target=serve)
        thread.start()
        yield Screen(desk, f"http://127.0.0.1:{server.effective_port}/screens/led")
        server.close()
        thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium")
    if path is None:
        lack("Chromium is not installed: apt-get install chromium")
        return
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread; the records are read here only while it stands still.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        running = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield running
        running.close()


@pytest.fixture
def player(browser: Browser, screen: Screen) -> Iterator[Page]:
    """The player's browser at the screen's pixels, set to another time zone, its clock in our hands."""
    context = browser.new_context(viewport={"width": 960, "height": 480}, timezone_id="America/New_York")
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.clock.install(time=NOON)
    yield page
    context.close()


def play(player: Page, screen: Screen) -> None:
    screen.desk.settle(timedelta(minutes=1))
    player.goto(f"{screen.address}/")


def refresh(player: Page) -> None:
    """Half a minute later on the player."""
    with player.expect_response(lambda response: "playlist.json" in response.url):
        player.clock.run_for(30_000)
    player.wait_for_load_state("networkidle")


def shown(player: Page) -> str:
    return player.inner_text("#title")


def test_the_item_fills_the_screen_and_nothing_is_cut_off(screen: Screen, player: Page) -> None:
    screen.desk.approved("led", content=replace(CONTENT, title="云" * 40, source_name="县" * 18))
    play(player, screen)
    picture = player.screenshot(path=os.environ.get("LEDSHOT"))
    box = player.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    colours = {colour for _, colour in image.getcolors(1_000_000) or ()}
    assert (image.size, box) == ((960, 480), [960, 480])
    assert {(11, 31, 58), (243, 213, 138), (255, 255, 255)} <= colours
    assert (shown(player), len(player.inner_text("#text"))) == ("云" * 40, 60)
    bottom = player.evaluate("document.getElementById('text').getBoundingClientRect().bottom")
    top = player.evaluate("document.getElementById('title').getBoundingClientRect().top")
    assert (top >= 0, bottom <= 480) == (True, True)


def test_items_take_turns(screen: Screen, player: Page) -> None:
    screen.desk.approved("led")
    screen.desk.approved("led", content=_titled("县图书馆延长开放"))
    play(player, screen)
    first = shown(player)
    player.clock.run_for(5_100)
    assert {first, shown(player)} == {CONTENT.title, "县图书馆延长开放"}


def test_what_is_urgent_begins_with_the_refresh_that_brings_it_and_is_alone_until_it_ends(
    screen: Screen, player: Page
) -> None:
    desk = screen.desk
    desk.approved("led")
    play(player, screen)
    urgent = desk.draft("led", content=_titled("暴雨红色预警"), expires_at=NOON + timedelta(minutes=10))
    _make_urgent(desk, urgent)
    desk.settle(timedelta(minutes=1))
    refresh(player)
    player.clock.run_for(20_000)
    assert shown(player) == "暴雨红色预警"
    player.clock.run_for(10 * 60_000)
    assert shown(player) == CONTENT.title


def test_what_is_withdrawn_leaves_with_the_next_refresh(screen: Screen, player: Page) -> None:
    item = screen.desk.approved("led")
    play(player, screen)
    withdraw(screen.desk.workspace, PUBLISHER, item, WithdrawalKind.ERROR, "数据有误")
    screen.desk.settle(timedelta(minutes=1))
    refresh(player)
    assert CONTENT.title not in player.inner_text("body")


def test_outside_its_hours_the_screen_is_dark_whatever_zone_the_player_has(screen: Screen, player: Page) -> None:
    screen.desk.approved("led")
    play(player, screen)
    player.clock.run_for((5 * 60 + 29) * 60_000)
    assert shown(player) == CONTENT.title
    player.clock.run_for(2 * 60_000)
    assert (shown(player), player.get_attribute("body", "data-on")) == ("", "no")


def test_a_broken_or_missing_playlist_changes_nothing_on_the_screen(screen: Screen, player: Page) -> None:
    screen.desk.approved("led")
    play(player, screen)
    (screen.desk.home / "var" / "led" / "playlist.json").write_text("{", "utf-8")
    refresh(player)
    assert shown(player) == CONTENT.title


def test_the_player_tells_what_it_plays_and_it_is_kept(screen: Screen, player: Page) -> None:
    item = screen.desk.approved("led")
    with player.expect_response(lambda response: "/ack?" in response.url):
        play(player, screen)
    (kept,) = acknowledgements(screen.desk.home, "led", NOON, NOON + timedelta(hours=1))
    assert (kept.showing, kept.seq > 0) == (str(item), True)


def _titled(title: str) -> Content:
    return replace(CONTENT, title=title)


def _make_urgent(desk: Desk, item: int) -> None:
    items.change(items.get(item), {"urgent": True})
    submit(desk.workspace, EDITOR, item)
    desk.approve(item)


def ask(screen: Screen, path: str, **headers: str) -> httpx.Response:
    with httpx.Client(trust_env=False) as client:
        return client.get(f"{screen.address}{path}", headers=headers)


def test_a_file_that_the_player_has_already_is_not_sent_again(screen: Screen) -> None:
    screen.desk.approved("led")
    screen.desk.run()
    first = ask(screen, "/playlist.json")
    again = ask(screen, "/playlist.json", **{"if-none-match": first.headers["etag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/.lock",
        "/..%2f..%2fcontent%2foffice.yaml",
        "/..%2fled%2fplaylist.json",
        "/playlist.sqlite3",
        "//index.html",
        "/a/b.png",
    ],
)
def test_nothing_but_the_players_files_is_served(screen: Screen, path: str) -> None:
    screen.desk.approved("led")
    screen.desk.run()
    (screen.desk.home / "var" / "led" / "playlist.sqlite3").write_bytes(b"x")
    assert ask(screen, path).status_code in (404, 400)


@pytest.mark.parametrize("query", ["", "seq=x&showing=1", "seq=1&showing=%3Cscript%3E", "seq=1&showing=" + "9" * 40])
def test_an_acknowledgement_that_makes_no_sense_is_not_kept(screen: Screen, query: str) -> None:
    assert ask(screen, f"/ack?{query}").status_code == 400
    assert acknowledgements(screen.desk.home, "led", NOON, NOON + timedelta(hours=1)) == ()


def test_one_line_a_minute_is_kept_however_often_a_player_speaks(screen: Screen) -> None:
    assert [ask(screen, "/ack?seq=1&showing=7").status_code for _ in range(5)] == [204] * 5
    assert len(acknowledgements(screen.desk.home, "led", NOON, NOON + timedelta(hours=1))) == 1


def test_nobody_but_the_player_may_acknowledge(records: Path) -> None:
    with open_desk(records) as desk:
        path = desk.home / "channels" / "led.yaml"
        path.write_text(SETTINGS.replace("127.0.0.1", "192.0.2.9"), "utf-8")
        called = screens(desk.workspace)
        environment = {"REQUEST_METHOD": "GET", "PATH_INFO": "/screens/led/ack", "QUERY_STRING": "seq=1&showing="}
        told: list[str] = []
        called({**environment, "REMOTE_ADDR": "192.0.2.8"}, lambda status, *_: told.append(status))  # type: ignore[arg-type, misc, return-value]
        called({**environment, "REMOTE_ADDR": "192.0.2.9"}, lambda status, *_: told.append(status))  # type: ignore[arg-type, misc, return-value]
        assert told == ["403 Forbidden", "204 No Content"]


@pytest.mark.parametrize(("method", "status"), [("POST", "405"), ("DELETE", "405"), ("HEAD", "404")])
def test_other_methods_and_other_channels_are_refused(records: Path, method: str, status: str) -> None:
    with open_desk(records) as desk:
        told: list[str] = []
        environment = {"REQUEST_METHOD": method, "PATH_INFO": "/screens/weibo/", "QUERY_STRING": ""}
        screens(desk.workspace)(environment, lambda line, *_: told.append(line))  # type: ignore[arg-type, misc, return-value]
        assert told[0].startswith(status)
