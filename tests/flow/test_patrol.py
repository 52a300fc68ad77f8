"""巡检: the home page, every file of the website, and what each channel still holds."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from syndicate.flow.day_standing import standing_at
from syndicate.flow.drift import drift_limits
from syndicate.flow.patrol import Round, patrol
from syndicate.net.fetcher import Fetcher
from syndicate.records import models, receipts
from syndicate.records import office as office_records
from syndicate.records.office import ProbeRecord
from syndicate.sandbox.faults import Fault, FaultKind
from syndicate.sandbox.folder_server import FolderServer
from tests.databases import on_both, on_one
from tests.flow.office import CONTENT, Desk
from tests.flow.web import SHORT, Beat, Page


def _go(desk: Desk) -> Round:
    return patrol(desk.workspace, Fetcher(clock=desk.workspace.now, gap=timedelta(0), limits=SHORT))


def _of(found: Round, kind: str) -> list[ProbeRecord]:
    return [probe for probe in found.probes if probe.kind == kind]


def _published(desk: Desk, *channels: str) -> int:
    item = desk.approved(*channels)
    desk.settle()
    return item


def _probe_at(desk: Desk, base: str) -> None:
    """The office's own site is looked at there."""
    path = desk.home / "channels" / "website.yaml"
    document = yaml.safe_load(path.read_text("utf-8"))
    document["settings"]["probe_base_url"] = base
    path.write_text(yaml.safe_dump(document, allow_unicode=True), "utf-8")
    desk.reload()


# The home page


@on_one
def test_a_home_page_that_stands_is_a_good_look(beat: Beat) -> None:
    beat.web.pages["/"] = Page(b"<html>" + "首页".encode() * 300)
    _probe_at(beat.desk, beat.web.base)
    (probe,) = _of(_go(beat.desk), "site")
    assert (probe.ok, probe.status) == (True, 200)


@on_one
@pytest.mark.parametrize("status", [404, 403, 500, 503])
def test_a_home_page_that_is_refused_is_a_problem_with_its_reason(beat: Beat, status: int) -> None:
    beat.web.pages["/"] = Page(b"", status)
    _probe_at(beat.desk, beat.web.base)
    (probe,) = _of(_go(beat.desk), "site")
    assert (probe.ok, str(status) in probe.detail) == (False, True)


@on_one
def test_a_guard_before_the_home_page_is_a_problem(beat: Beat) -> None:
    guard = "<html><script>location.reload()</script><p>网站防火墙：您的请求已被拦截</p></html>"
    beat.web.pages["/"] = Page(guard.encode())
    _probe_at(beat.desk, beat.web.base)
    (probe,) = _of(_go(beat.desk), "site")
    assert probe.ok is False


@on_one
def test_a_home_page_that_never_answers_is_a_problem(beat: Beat) -> None:
    beat.web.pages["/"] = Page(beat.web.silence)
    _probe_at(beat.desk, beat.web.base)
    (probe,) = _of(_go(beat.desk), "site")
    assert probe.ok is False


@on_one
def test_the_home_page_is_looked_at_as_visitors_get_it(beat: Beat) -> None:
    _published(beat.desk, "website")
    server = FolderServer(beat.desk.home / "var" / "site")
    server.start()
    _probe_at(beat.desk, server.address)
    found = _go(beat.desk)
    server.stop()
    looked = [(probe.kind, probe.ok) for probe in found.probes if probe.kind != "account"]
    assert looked == [("site", True), ("verify", True), ("drift", True)]


def test_each_account_is_looked_at_once_a_day(desk: Desk) -> None:
    assert {(probe.target, probe.ok) for probe in _of(_go(desk), "account")} == {("weibo", True), ("wechat", True)}
    assert _of(_go(desk), "account") == []


def test_an_account_that_its_platform_refuses_is_a_problem_of_the_round(desk: Desk) -> None:
    desk.strike(Fault("weibo", FaultKind.CODE, "/oauth2/get_token_info", code=21327))
    assert [probe.target for probe in _of(_go(desk), "account") if not probe.ok] == ["weibo"]


def test_an_office_without_a_website_has_no_look_at_one(desk: Desk) -> None:
    desk.without("website", "weibo", "wechat")
    assert _go(desk).probes == ()


# The files of the website


def _site(desk: Desk) -> Path:
    return desk.home / "var" / "site"


def test_a_website_as_it_was_written_is_one_good_look(desk: Desk) -> None:
    _published(desk, "website")
    assert [(probe.ok, probe.target) for probe in _of(_go(desk), "verify")] == [(True, "")]


def test_a_page_that_was_changed_is_found(desk: Desk) -> None:
    _published(desk, "website")
    page = _site(desk) / "index.html"
    page.write_text(page.read_text("utf-8") + "<script>x</script>", "utf-8")
    assert [(probe.target, probe.detail) for probe in _of(_go(desk), "verify")] == [("index.html", "被改动")]


def test_a_page_that_is_lost_is_found(desk: Desk) -> None:
    _published(desk, "website")
    (_site(desk) / "index.html").unlink()
    assert [(probe.target, probe.detail) for probe in _of(_go(desk), "verify")] == [("index.html", "缺失")]


def test_a_page_that_somebody_planted_is_found(desk: Desk) -> None:
    _published(desk, "website")
    (_site(desk) / "casino.html").write_text("x", "utf-8")
    assert [(probe.target, probe.detail) for probe in _of(_go(desk), "verify")] == [("casino.html", "不是本系统所写")]


def test_of_very_many_planted_files_the_first_are_named_and_the_rest_counted(desk: Desk) -> None:
    _published(desk, "website")
    for number in range(50):
        (_site(desk) / f"casino-{number}.html").write_text("x", "utf-8")
    targets = [probe.target for probe in _of(_go(desk), "verify")]
    assert (len(targets), targets[-1]) == (21, "另有 30 个文件")


def test_a_round_keeps_how_the_office_stands(desk: Desk) -> None:
    _go(desk)
    at = desk.now
    desk.wait(timedelta(hours=1))
    assert "website" in (standing_at(desk.workspace, at).channels or {})


@on_both
def test_a_planted_file_whose_name_is_no_text_is_found(desk: Desk) -> None:
    _published(desk, "website")
    Path(os.fsdecode(os.fsencode(_site(desk)) + b"/\xff\xfe.html")).write_text("x", "utf-8")
    assert [probe.ok for probe in _of(_go(desk), "verify")] == [False]


# What channels hold


def test_what_every_channel_holds_is_read_back(desk: Desk) -> None:
    _published(desk, "website", "weibo", "app", "led")
    looked_at = {probe.target.split()[0]: probe.ok for probe in _of(_go(desk), "drift")}
    assert looked_at == dict.fromkeys(("website", "weibo", "app", "led"), True)


def test_a_post_that_somebody_deleted_on_the_platform_is_found(desk: Desk) -> None:
    item = _published(desk, "website")
    page = next(_site(desk).rglob(f"{item}.html"))
    page.unlink()
    assert [probe.detail for probe in _of(_go(desk), "drift")] == ["已不在线"]


def test_a_post_that_was_changed_on_the_platform_is_found(desk: Desk) -> None:
    item = _published(desk, "website")
    page = next(_site(desk).rglob(f"{item}.html"))
    page.write_text(page.read_text("utf-8").replace("恢复通行", "禁止通行"), "utf-8")
    assert [probe.detail for probe in _of(_go(desk), "drift")] == ["与回执不一致"]


def test_what_was_withdrawn_is_no_longer_looked_at(desk: Desk) -> None:
    item = _published(desk, "website")
    receipt = receipts.held(item)[0]
    receipts.mark_removed([receipt.id], receipt.delivery, desk.now)
    assert _of(_go(desk), "drift") == []


def test_only_the_newest_posts_of_a_channel_are_read_back(desk: Desk) -> None:
    newest = drift_limits()["newest"]
    for _ in range(newest + 2):
        desk.approved("app")
    desk.settle()
    assert len(_of(_go(desk), "drift")) == newest


def test_a_mistake_of_one_driver_stops_no_other(desk: Desk) -> None:
    item = _published(desk, "led", "website")
    delivery = desk.delivery(item, "led")
    models.Delivery.objects.filter(id=delivery.id).update(action="no such action")
    looks = {probe.target.split()[0]: (probe.kind, probe.ok) for probe in _go(desk).probes if " " in probe.target}
    assert looks == {"led": ("unread", False), "website": ("drift", True)}


def test_a_platform_that_does_not_answer_now_is_no_drift(desk: Desk) -> None:
    _published(desk, "weibo")
    desk.strike(Fault("weibo", FaultKind.RESET_BEFORE))
    assert [(probe.kind, probe.ok) for probe in _go(desk).probes if " " in probe.target] == [("unread", True)]


def test_a_platform_that_counts_calls_is_not_asked_at_every_round(desk: Desk) -> None:
    """Every five minutes for a day would use up the calls that publishing needs."""
    _published(desk, "weibo")
    looks = 0
    for _ in range(12):
        looks += len(_of(_go(desk), "drift"))
        desk.wait(timedelta(minutes=5))
    assert looks == 1


def test_a_platform_that_counts_calls_is_asked_again_after_half_a_day(desk: Desk) -> None:
    _published(desk, "weibo")
    _go(desk)
    desk.wait(timedelta(hours=6, minutes=1))
    assert _of(_go(desk), "drift") == []
    desk.wait(timedelta(hours=6))
    assert len(_of(_go(desk), "drift")) == 1


def test_what_a_platform_no_longer_shows_is_told_as_unverified_and_costs_no_call(desk: Desk) -> None:
    for number in range(8):
        desk.approved("weibo", content=replace(CONTENT, title=f"样例标题{number}"))
        desk.settle()
    before = _calls()
    looks = [(probe.kind, probe.detail) for probe in _go(desk).probes if " " in probe.target]
    assert looks == [("drift", "")] * 5 + [("unread", "未能核验")] * 3
    assert _calls() - before == 5


def _calls() -> int:
    return sum(models.CallCount.objects.filter(quota="calls_per_day").values_list("used", flat=True))


@on_both
def test_a_channel_with_a_long_name_is_looked_at(desk: Desk) -> None:
    old = desk.home / "channels" / "website.yaml"
    old.rename(old.with_name("website-of-the-whole-county.yaml"))
    desk.reload()
    _published(desk, "website-of-the-whole-county")
    assert [probe.ok for probe in _of(_go(desk), "drift")] == [True]


# The record


def test_every_look_is_recorded(desk: Desk) -> None:
    _published(desk, "website")
    found = _go(desk)
    assert office_records.probes_between(desk.now, desk.now + timedelta(minutes=1)) == found.probes


def test_the_looks_that_found_something_are_the_problems(desk: Desk) -> None:
    _published(desk, "website")
    (_site(desk) / "index.html").unlink()
    assert {probe.kind for probe in _go(desk).problems} == {"site", "verify"}


def test_looks_of_earlier_rounds_are_kept(desk: Desk) -> None:
    _go(desk)
    desk.wait(timedelta(minutes=20))
    _go(desk)
    assert models.Probe.objects.filter(kind="verify").count() == 2
