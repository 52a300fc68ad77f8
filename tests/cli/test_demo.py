"""`syndicate demo`: the main job in one command, read back from what it left behind."""

from __future__ import annotations

import signal
import socket
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.cli.terminal import Answer, Office, process, script, type_in, until

CHANNELS = {"app", "led", "wechat", "website", "weibo"}
LIMIT = 60


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Answer, Office]:
    """The demo as a script runs it, and the office that it leaves."""
    home = tmp_path_factory.mktemp("demo") / "office"
    return script("demo", "--json", "--home", str(home), limit=LIMIT), Office(home)


@pytest.fixture(scope="module")
def story(told: tuple[Answer, Office]) -> dict[str, Any]:
    document: dict[str, Any] = told[0].document
    return document


@pytest.fixture(scope="module")
def attempts(told: tuple[Answer, Office], story: dict[str, Any]) -> list[dict[str, Any]]:
    """Every attempt of every delivery, with its channel."""
    found = []
    for item in story["titles"]:
        page = told[1]("show", item, "--json").document
        channels = {str(row["id"]): row["channel"] for row in page["deliveries"]}
        found += [{**one, "channel": channels[key]} for key, rows in page["attempts"].items() for one in rows]
    return found


def test_it_ends_by_itself_with_exit_0_and_one_document(told: tuple[Answer, Office]) -> None:
    assert (told[0].code, told[0].err) == (0, "")
    assert told[0].document["seconds"] < LIMIT


def test_nine_items_come_from_the_sample_sources(story: dict[str, Any]) -> None:
    assert len(story["titles"]) == 9


def test_seven_items_are_approved_and_go_to_five_channels(story: dict[str, Any]) -> None:
    published = [row for row in story["deliveries"] if row["action"] == "publish"]
    assert Counter(row["channel"] for row in published) == dict.fromkeys(CHANNELS, 7)


def test_every_delivery_has_arrived(story: dict[str, Any]) -> None:
    assert {row["state"] for row in story["deliveries"]} == {"delivered"}


def test_every_delivery_has_exactly_one_receipt(story: dict[str, Any]) -> None:
    assert Counter(one["delivery"] for one in story["receipts"]) == {row["id"]: 1 for row in story["deliveries"]}


def test_nothing_stands_twice_on_any_platform(story: dict[str, Any]) -> None:
    """A platform gives every post an id of its own; two posts of one item would be two ids of publications."""
    publications = {row["id"] for row in story["deliveries"] if row["action"] == "publish"}
    places = [(one["channel"], one["item"]) for one in story["receipts"] if one["delivery"] in publications]
    remote = [(one["channel"], one["receipt"]["remote_id"]) for one in story["receipts"] if one["removed_at"] is None]
    assert len(places) == len(set(places)) == 7 * len(CHANNELS)
    standing = [place for place in remote if place[0] != "led"]
    assert len(standing) == len(set(standing))


def test_one_item_is_returned_with_a_reason(told: tuple[Answer, Office], story: dict[str, Any]) -> None:
    (item,) = [number for number, state in story["states"].items() if state == "returned"]
    (decision,) = told[1]("show", item, "--json").document["decisions"]
    assert decision["verdict"] == "return"
    assert decision["reason"]


def test_one_item_is_held_by_a_block_finding(told: tuple[Answer, Office], story: dict[str, Any]) -> None:
    (item,) = [number for number, state in story["states"].items() if state == "submitted"]
    found = told[1]("show", item, "--json").document["findings"]
    assert [one["text"] for one in found if one["severity"] == "block"]
    assert any(f"稿件 {item}" in task for task, _ in story["tasks"])


def test_one_item_is_withdrawn_from_all_five_channels(story: dict[str, Any]) -> None:
    (item,) = [int(number) for number, state in story["states"].items() if state == "withdrawn"]
    mine = [row for row in story["deliveries"] if row["item"] == item and row["action"] == "retract"]
    assert {row["channel"]: row["state"] for row in mine} == dict.fromkeys(CHANNELS, "delivered")


def test_clean_items_were_approved_once_at_each_of_their_levels(
    told: tuple[Answer, Office], story: dict[str, Any]
) -> None:
    for item, state in story["states"].items():
        if state == "published":
            page = told[1]("show", item, "--json").document
            people = [one["actor"] for one in page["decisions"] if not one["void"]]
            assert len(people) == len(set(people)) == page["item"]["levels"]


def test_every_planned_fault_struck(story: dict[str, Any]) -> None:
    assert story["faults"] == {
        "app": {"http_500": 1},
        "led": {},
        "wechat": {"expired_token": 1, "timeout_after_commit": 1},
        "weibo": {"http_500": 1, "timeout_after_commit": 1},
    }


@pytest.mark.parametrize(("channel", "status"), [("weibo", "HTTP 503"), ("app", "HTTP 500")])
def test_after_a_server_error_the_channel_is_looked_at_before_it_is_sent_again(
    attempts: list[dict[str, Any]], channel: str, status: str
) -> None:
    mine = [one for one in attempts if one["channel"] == channel]
    failed = [one for one in mine if one["message"] and status in one["message"]["zh"]]
    assert [(one["kind"], one["outcome"]) for one in failed] == [("send", "unsure")]
    assert any((one["kind"], one["outcome"]) == ("look", "absent") for one in mine)


@pytest.mark.parametrize("channel", ["weibo", "wechat"])
def test_a_lost_reply_was_looked_for_and_found(attempts: list[dict[str, Any]], channel: str) -> None:
    mine = [one for one in attempts if one["channel"] == channel]
    assert any(one["outcome"] == "unsure" for one in mine)
    assert any(one["kind"] == "look" and one["outcome"].startswith("found") for one in mine)


def test_an_expired_token_is_renewed_within_its_call(attempts: list[dict[str, Any]]) -> None:
    """The platform refused the call itself, so that it can be made again at once; no attempt is lost to it."""
    drafts = [one for one in attempts if one["channel"] == "wechat" and one["step"] == "draft"]
    assert {one["outcome"] for one in drafts} == {"accepted"}
    assert len(drafts) == 7


def test_the_audit_chain_is_whole(told: tuple[Answer, Office], story: dict[str, Any]) -> None:
    assert story["audit_whole"] is True
    assert told[1]("audit", "verify").code == 0


def test_the_website_on_disk_is_what_the_manifest_says(told: tuple[Answer, Office]) -> None:
    assert told[1]("site", "verify").code == 0


def test_the_report_is_written_and_says_that_it_is_a_sample(story: dict[str, Any]) -> None:
    assert "样例" in Path(story["report"]).read_text("utf-8")


def test_an_office_that_is_there_already_is_never_touched(office: Office) -> None:
    before = {path: path.read_bytes() for path in office.home.rglob("*.yaml")}
    answer = type_in("demo", "--home", str(office.home))
    assert (answer.code, answer.out) == (2, "")
    assert {path: path.read_bytes() for path in office.home.rglob("*.yaml")} == before


def test_served_it_invites_to_desk_and_site_until_sigterm(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    desk = f"http://127.0.0.1:{port}/"
    words = ("demo", "--serve", "--port", str(port), "--home", str(tmp_path / "office"))
    with (tmp_path / "err").open("w") as err, process(*words, stderr=err) as child:
        until(lambda: _answers(desk) or child.poll() is not None, limit=100)
        said = (tmp_path / "err").read_text("utf-8")
        assert desk in said
        site = said.split("网站 site ")[1].split()[0]
        assert _answers(site)
        child.send_signal(signal.SIGTERM)
        out, _ = child.communicate(timeout=20)
        assert child.returncode == 0
    assert not _answers(desk)
    for text in ("稿件去向", "回执", "需要人处理", "日报 report", "ladders.yaml"):
        assert text in out
    assert "Traceback" not in (tmp_path / "err").read_text("utf-8")


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, trust_env=False, follow_redirects=True, timeout=5).status_code == 200
    except httpx.TransportError:
        return False
