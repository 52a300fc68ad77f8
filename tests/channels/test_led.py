"""The LED driver: the folder as whole state, and the player of the sandbox that acknowledges it."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path

import pytest
from PIL import Image

from syndicate.channels.drawing import find_font
from syndicate.channels.drivers import open_driver
from syndicate.channels.led_playlist import locked
from syndicate.model.channel import ChannelKind, Rendition
from syndicate.model.delivery import (
    Accepted,
    Action,
    CannotTell,
    Delivered,
    Job,
    NeedsPerson,
    Step,
    StepResult,
    TryLater,
)
from syndicate.model.screen import DisplayHours
from tests.channels.office import LADDER, Desk, receipt_of
from tests.channels.rogue import RogueServer

WRITE, ACKNOWLEDGE = Step("write", True), Step("acknowledge", True)


@pytest.fixture
def quiet(tmp_path: Path) -> Desk:
    """A desk whose screen only has a folder."""
    return Desk(tmp_path)


def led_job(desk: Desk, text: str = "城区三条道路今日恢复通行", item: int = 7, **changes: object) -> Job:
    rendition = Rendition("led", {"title": "样例", "text": text, "seconds": "12", "expires_at": ""}, "")
    return replace(desk.job(desk.channel(ChannelKind.LED), rendition), item=item, **changes)  # type: ignore[arg-type]


def write(desk: Desk, **changes: object) -> StepResult:
    job = led_job(desk, **changes)  # type: ignore[arg-type]
    return open_driver(job.channel, desk.hands).perform(WRITE, job)


def folder(desk: Desk) -> Path:
    return desk.home / "var" / "led"


def playlist(desk: Desk) -> dict[str, object]:
    document = json.loads((folder(desk) / "playlist.json").read_text("utf-8"))
    assert isinstance(document, dict)
    return document


def ids(desk: Desk) -> list[str]:
    return [item["id"] for item in playlist(desk)["items"]]  # type: ignore[attr-defined]


def test_without_an_address_writing_is_delivery(quiet: Desk) -> None:
    result = write(quiet)
    assert isinstance(result.outcome, Delivered)
    assert result.outcome.receipt.details == {"seq": str(playlist(quiet)["seq"])}


def test_with_an_address_the_player_acknowledges(desk: Desk) -> None:
    assert receipt_of(desk.deliver(led_job(desk))).remote_id == "7"
    assert desk.steps == ["write", "acknowledge"]
    assert [item["id"] for item in desk.visible("led")] == ["7"]


def test_the_newest_item_comes_first(quiet: Desk) -> None:
    write(quiet, item=1)
    write(quiet, item=2)
    assert ids(quiet) == ["2", "1"]


def test_an_amendment_replaces_the_item_in_its_place(quiet: Desk) -> None:
    write(quiet, item=1)
    write(quiet, item=2)
    write(quiet, item=1, text="更正后的样例", revision=2, action=Action.AMEND)
    assert ids(quiet) == ["2", "1"]
    assert "更正后的样例" in (folder(quiet) / "ticker.txt").read_text("utf-8")


def test_writing_the_same_again_changes_no_number(quiet: Desk) -> None:
    write(quiet)
    seq = playlist(quiet)["seq"]
    write(quiet)
    assert playlist(quiet)["seq"] == seq


def test_the_number_grows_even_when_the_folder_was_emptied(quiet: Desk) -> None:
    write(quiet)
    seq = playlist(quiet)["seq"]
    (folder(quiet) / "playlist.json").unlink()
    quiet.wait(timedelta(seconds=1))
    write(quiet)
    assert playlist(quiet)["seq"] > seq  # type: ignore[operator]


def test_a_retraction_removes_the_item_and_its_slide(quiet: Desk) -> None:
    receipt = receipt_of(write(quiet))
    write(quiet, action=Action.RETRACT, held=(receipt,))
    assert ids(quiet) == []
    assert not list(folder(quiet).glob("slide-*"))


def test_a_retraction_from_a_screen_that_never_showed_anything_is_delivered(quiet: Desk) -> None:
    assert isinstance(write(quiet, action=Action.RETRACT).outcome, Delivered)


def test_a_retraction_is_only_delivered_when_the_player_no_longer_shows_it(desk: Desk) -> None:
    receipt = receipt_of(desk.deliver(led_job(desk)))
    desk.log.clear()
    desk.deliver(led_job(desk, action=Action.RETRACT, held=(receipt,)))
    assert desk.steps == ["write", "acknowledge"]
    assert desk.visible("led") == []


def test_items_whose_time_is_over_leave_at_the_next_write(quiet: Desk) -> None:
    job = led_job(quiet, item=1)
    over = {**job.rendition.fields, "expires_at": (quiet.now + timedelta(hours=1)).isoformat()}
    job = replace(job, rendition=Rendition("led", over, ""))
    open_driver(job.channel, quiet.hands).perform(WRITE, job)
    quiet.wait(timedelta(hours=2))
    write(quiet, item=2)
    assert ids(quiet) == ["2"]


@pytest.mark.skipif(find_font() is None, reason="no CJK font: apt-get install fonts-noto-cjk")
def test_a_slide_has_exactly_the_screens_pixels(quiet: Desk) -> None:
    write(quiet)
    name = playlist(quiet)["items"][0]["image"]  # type: ignore[index]
    with Image.open(io.BytesIO((folder(quiet) / name).read_bytes())) as slide:
        assert slide.size == (320, 160)


def test_characters_that_gbk_lacks_are_noted_and_shown_as_a_box(quiet: Desk) -> None:
    result = write(quiet, text="𠮷祥街😀恢复通行")
    assert result.notes["ticker_lost"] == "𠮷😀"
    assert "□祥街□恢复通行" in (folder(quiet) / "ticker.gbk.txt").read_bytes().decode("gbk")
    assert "𠮷祥街😀" in (folder(quiet) / "ticker.txt").read_text("utf-8")


def test_no_text_can_leave_the_pages_script(quiet: Desk) -> None:
    write(quiet, text="</script><script>alert(1)</script>")
    page = (folder(quiet) / "index.html").read_text("utf-8")
    assert page.count("</script>") == 2
    copy = re.search(r'id="playlist">(.*?)</script>', page, re.DOTALL)
    assert copy
    assert json.loads(copy[1]) == playlist(quiet)


def test_a_slot_of_the_page_in_a_text_is_only_text(quiet: Desk) -> None:
    write(quiet, text="{script}{style}{stale_seconds}")
    assert playlist(quiet)["items"][0]["text"] == "{script}{style}{stale_seconds}"  # type: ignore[index]
    assert (folder(quiet) / "index.html").read_text("utf-8").count("use strict") == 1


@pytest.mark.parametrize("text", ["", "{", "[]", '{"schema":2,"seq":1,"items":[]}', '{"schema":1,"seq":1,"items":[7]}'])
def test_a_broken_playlist_goes_to_a_person_and_is_not_overwritten(quiet: Desk, text: str) -> None:
    folder(quiet).mkdir(parents=True)
    (folder(quiet) / "playlist.json").write_text(text)
    assert isinstance(write(quiet).outcome, NeedsPerson)
    assert (folder(quiet) / "playlist.json").read_text() == text


def test_a_full_playlist_goes_to_a_person(quiet: Desk) -> None:
    job = led_job(quiet, item=2)
    write(quiet, item=1)
    job = replace(job, channel=replace(job.channel, limits={"items": 1}))
    assert isinstance(open_driver(job.channel, quiet.hands).perform(WRITE, job).outcome, NeedsPerson)
    assert ids(quiet) == ["1"]


def test_a_folder_outside_the_office_goes_to_a_person(quiet: Desk) -> None:
    job = led_job(quiet)
    job = replace(job, channel=replace(job.channel, settings={"folder": "../elsewhere"}))
    assert isinstance(open_driver(job.channel, quiet.hands).perform(WRITE, job).outcome, NeedsPerson)


def test_a_folder_that_cannot_be_made_is_tried_later(quiet: Desk) -> None:
    (quiet.home / "var").write_text("a file where a folder should be")
    assert isinstance(write(quiet).outcome, TryLater)


def test_two_writers_at_once_lose_nothing(quiet: Desk) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda item: write(quiet, item=item), range(1, 17)))
    assert sorted(ids(quiet), key=int) == [str(item) for item in range(1, 17)]


def test_a_folder_that_another_process_holds_is_tried_later(quiet: Desk) -> None:
    job = led_job(quiet)
    short = replace(job.channel, ladder=replace(LADDER, timeout=timedelta(milliseconds=50)))
    with locked(folder(quiet), 1):
        result = open_driver(short, quiet.hands).perform(WRITE, replace(job, channel=short))
    assert isinstance(result.outcome, TryLater)


def test_a_player_that_does_not_answer_is_told_as_such_and_not_as_something_unsent(quiet: Desk) -> None:
    job = led_job(quiet, notes={"seq": "5", "written_at": quiet.now.isoformat()})
    job = replace(job, channel=replace(job.channel, base_url="http://127.0.0.1:9"))
    outcome = open_driver(job.channel, quiet.hands).perform(ACKNOWLEDGE, job).outcome
    assert isinstance(outcome, TryLater)
    assert outcome.why.zh.startswith("播放单已写好，但屏幕的播放机没有回应")


def test_a_player_that_lags_is_asked_again_by_the_poll_ladder(quiet: Desk, rogue: RogueServer) -> None:
    rogue.answer(200, b'{"seq": 1, "showing": [], "at": "x"}')
    job = led_job(quiet, notes={"seq": "5", "written_at": quiet.now.isoformat()})
    job = replace(job, channel=replace(job.channel, base_url=rogue.address))
    driver = open_driver(job.channel, quiet.hands)
    first = driver.perform(ACKNOWLEDGE, job)
    second = driver.perform(ACKNOWLEDGE, replace(job, notes=first.notes))
    assert first.outcome == Accepted(quiet.now + timedelta(seconds=15))
    assert second.outcome == Accepted(quiet.now + timedelta(minutes=1))


def test_a_player_that_never_catches_up_goes_to_a_person(quiet: Desk, rogue: RogueServer) -> None:
    rogue.answer(200, b'{"seq": 1, "showing": [], "at": "x"}')
    job = led_job(quiet, notes={"seq": "5", "written_at": (quiet.now - timedelta(days=4)).isoformat()})
    job = replace(job, channel=replace(job.channel, base_url=rogue.address))
    assert isinstance(open_driver(job.channel, quiet.hands).perform(ACKNOWLEDGE, job).outcome, NeedsPerson)


@pytest.mark.parametrize("body", [b"", b"{}", b"<html>", b'{"seq":"x","showing":[]}', b'{"seq":9,"showing":7}'])
def test_a_meaningless_acknowledgement_is_tried_later(quiet: Desk, rogue: RogueServer, body: bytes) -> None:
    rogue.answer(200, body)
    job = led_job(quiet, notes={"seq": "5", "written_at": quiet.now.isoformat()})
    job = replace(job, channel=replace(job.channel, base_url=rogue.address))
    assert isinstance(open_driver(job.channel, quiet.hands).perform(ACKNOWLEDGE, job).outcome, TryLater)


def test_what_the_screen_shows_has_a_hash_and_none_after_removal(quiet: Desk) -> None:
    receipt = receipt_of(write(quiet))
    job = led_job(quiet)
    driver = open_driver(job.channel, quiet.hands)
    proof = driver.read_back(receipt, job)
    assert proof
    assert proof.sha256
    write(quiet, action=Action.RETRACT, held=(receipt,))
    gone = driver.read_back(receipt, job)
    assert gone
    assert gone.sha256 is None


def test_both_steps_are_repeatable_so_that_nothing_is_ever_looked_up(quiet: Desk) -> None:
    job = led_job(quiet)
    driver = open_driver(job.channel, quiet.hands)
    assert driver.next_step(job).repeatable
    assert isinstance(driver.find(WRITE, job).answer, CannotTell)


def test_a_broken_playlist_cannot_be_read_back(quiet: Desk) -> None:
    receipt = receipt_of(write(quiet))
    (folder(quiet) / "playlist.json").write_text("{")
    job = led_job(quiet)
    assert open_driver(job.channel, quiet.hands).read_back(receipt, job) is None


@pytest.mark.parametrize(
    "fields", [{}, {"seconds": "soon", "expires_at": "tomorrow", "not_before": "2026-11-26T12:00:00"}]
)
def test_unusable_seconds_and_times_fall_back(quiet: Desk, fields: dict[str, str]) -> None:
    job = replace(led_job(quiet), rendition=Rendition("led", {"title": "样例", "text": "样例", **fields}, ""))
    open_driver(job.channel, quiet.hands).perform(WRITE, job)
    item = playlist(quiet)["items"][0]  # type: ignore[index]
    assert (item["seconds"], item["expires_at"], item["not_before"]) == (15, "", "")


def test_an_address_that_is_none_is_tried_later(quiet: Desk) -> None:
    job = led_job(quiet, notes={"seq": "5", "written_at": quiet.now.isoformat()})
    job = replace(job, channel=replace(job.channel, base_url="http://[broken"))
    assert isinstance(open_driver(job.channel, quiet.hands).perform(ACKNOWLEDGE, job).outcome, TryLater)


def test_while_something_urgent_is_due_the_ticker_has_nothing_else(quiet: Desk) -> None:
    write(quiet, item=1)
    job = led_job(quiet, text="暴雨红色预警", item=2)
    fields = {**job.rendition.fields, "urgent": "yes", "expires_at": (quiet.now + timedelta(hours=1)).isoformat()}
    open_driver(job.channel, quiet.hands).perform(WRITE, replace(job, rendition=Rendition("led", fields, "")))
    assert (folder(quiet) / "ticker.txt").read_text("utf-8").split() == ["样例", "暴雨红色预警"]
    quiet.wait(timedelta(hours=2))
    write(quiet, item=3, text="明日晴")
    ticker = (folder(quiet) / "ticker.txt").read_text("utf-8")
    assert ("暴雨" in ticker, "明日晴" in ticker, "恢复通行" in ticker) == (False, True, True)


def test_the_player_learns_the_display_hours_and_the_offices_time(quiet: Desk) -> None:
    season = DisplayHours((10, 1), (4, 30), time(8), time(17, 30), (1, 2, 3, 4, 5))
    job = led_job(quiet)
    job = replace(job, channel=quiet.channel(ChannelKind.LED, display_hours=(season,), player="192.0.2.1"))
    open_driver(job.channel, quiet.hands).perform(WRITE, job)
    document = playlist(quiet)
    weekdays = [1, 2, 3, 4, 5]
    assert document["hours"] == [
        {"first": "10-01", "last": "04-30", "start": "08:00", "end": "17:30", "weekdays": weekdays}
    ]
    assert (document["utc_offset_minutes"], document["acknowledge"]) == (480, True)


CHROMIUM = shutil.which("chromium")


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: apt-get install chromium")
def test_a_browser_that_opens_the_folder_shows_the_item_and_hides_the_expired_one(quiet: Desk) -> None:
    over = led_job(quiet, item=1)
    fields = {"title": "过期", "text": "过期的样例", "seconds": "12", "expires_at": "2020-01-01T00:00:00+08:00"}
    open_driver(over.channel, quiet.hands).perform(WRITE, replace(over, rendition=Rendition("led", fields, "")))
    write(quiet, item=2)
    profile = quiet.home / "profile"
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--dump-dom"]
    command = [str(CHROMIUM), *options, f"--user-data-dir={profile}", (folder(quiet) / "index.html").as_uri()]
    page = subprocess.run(command, capture_output=True, timeout=60, check=True).stdout.decode()
    assert '<p id="text">城区三条道路今日恢复通行</p>' in page
    assert 'data-item="2"' in page
