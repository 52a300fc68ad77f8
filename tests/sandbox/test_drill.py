"""The sandbox as a whole: addresses, control, journal, ports, ending."""

from __future__ import annotations

import json
import socket
import threading

import httpx
import pytest

from syndicate.errors import StorageError, UsageError
from syndicate.sandbox.clock import Clock
from syndicate.sandbox.drill import Sandbox
from syndicate.sandbox.effects import Effect, duplicates
from syndicate.sandbox.faults import Fault, FaultKind, FaultPlan
from syndicate.sandbox.settings import Settings, WeiboSettings
from tests.sandbox.samples import NOON, WeChatClient, WeiboClient, status

PLATFORMS = ("weibo", "wechat", "app", "led", "wordpress")


def control(running, platform, action, document):
    return running.http.post(f"{getattr(running.addresses, platform)}/_sandbox/{action}", json=document)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_platform_tells_its_state(running, platform):
    state = running.state(platform)
    assert (state["platform"], state["now"]) == (platform, NOON.isoformat())
    assert (state["visible"], state["effects"], state["duplicates"]) == ([], [], [])
    assert running.sandbox.state(platform)["visible"] == []


def test_every_call_is_counted_whatever_becomes_of_it(weibo, running):
    running.faults(Fault("weibo", FaultKind.HTTP_500, nth=(1,)))
    weibo.share()
    weibo.share()
    assert running.state("weibo")["calls"] == {"/2/statuses/share.json": 2}


def test_the_faults_can_be_replaced_over_http(running, weibo):
    plan = {"faults": [{"platform": "weibo", "kind": "empty_json"}]}
    assert control(running, "wechat", "faults", plan).json() == {"faults": 1}
    assert weibo.share().json() == {}
    control(running, "weibo", "faults", {"faults": []})
    assert weibo.share().json()["idstr"]


def test_a_bad_plan_over_http_names_its_mistakes_and_changes_nothing(running, weibo):
    running.faults(Fault("weibo", FaultKind.EMPTY_JSON))
    reply = control(running, "weibo", "faults", {"faults": [{"platform": "x"}, {"kind": "y"}]})
    assert reply.status_code == 400
    assert len(reply.json()["problems"]) == 4
    assert weibo.share().json() == {}


def test_the_clock_is_shared_and_can_be_advanced_over_http(running):
    assert control(running, "led", "clock", {"seconds": 90}).json() == {"now": "2026-03-05T12:01:30+08:00"}
    assert running.state("wechat")["now"] == "2026-03-05T12:01:30+08:00"


@pytest.mark.parametrize(
    "document", [{}, {"seconds": -1}, {"seconds": "5"}, {"seconds": True}, {"seconds": 10**400}, []]
)
def test_a_clock_that_cannot_be_moved_like_this_stays(running, document):
    assert control(running, "app", "clock", document).status_code == 400
    assert running.clock.now() == NOON


def test_many_steps_cannot_leave_the_calendar(running):
    running.clock.advance(3650 * 86400)
    with pytest.raises(ValueError, match="1"):
        running.clock.advance(1)


def test_a_reset_empties_everything(running, weibo, wechat):
    weibo.share()
    wechat.draft()
    running.clock.advance(5)
    running.faults(Fault("weibo", FaultKind.EMPTY_JSON, nth=(1,)))
    weibo.share()
    assert control(running, "app", "reset", {}).json() == {"now": NOON.isoformat()}
    assert [running.state(name)["effects"] for name in PLATFORMS] == [[]] * len(PLATFORMS)
    assert running.state("weibo")["calls"] == {}
    assert weibo.share(status(2)).json() == {}
    assert wechat.add()["errcode"] == 40001


def test_unknown_control_addresses_are_refused(running):
    assert control(running, "app", "nothing", {}).status_code == 404
    assert running.http.get(f"{running.addresses.app}/_sandbox/reset").status_code == 405


def test_faults_do_not_strike_the_control_addresses(running):
    running.faults(Fault("*", FaultKind.HTTP_500))
    assert running.state("app")["platform"] == "app"


def test_the_journal_holds_every_effect_as_one_line(running, weibo, wechat):
    weibo.share()
    wechat.published()
    lines = [json.loads(line) for line in running.journal.read_text("utf-8").splitlines()]
    assert [(line["platform"], line["kind"]) for line in lines] == [
        ("weibo", "posted"),
        ("wechat", "draft_added"),
        ("wechat", "submitted"),
        ("wechat", "published"),
    ]


def test_stopping_brings_what_is_due_into_the_journal(start):
    running = start(Settings())
    wechat = WeChatClient(running)
    wechat.get_token()
    wechat.submit(wechat.draft())
    running.clock.advance(2)
    running.sandbox.stop()
    assert '"published"' in running.journal.read_text("utf-8")


def test_a_journal_that_cannot_be_opened_is_said(tmp_path):
    with pytest.raises(StorageError, match="流水"):
        Sandbox(FaultPlan(), Clock(lambda: NOON), journal=tmp_path / "no" / "journal").start()


def test_ports_follow_the_base():
    base = free_ports()
    with Sandbox(FaultPlan(), Clock(lambda: NOON), port_base=base) as addresses:
        found = [int(getattr(addresses, name).rpartition(":")[2]) for name in PLATFORMS]
    assert found == [base + number for number in range(len(PLATFORMS))]


def test_a_taken_port_is_named_and_nothing_stays_open():
    base = free_ports()
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", base + 2))
        holder.listen()
        with pytest.raises(UsageError, match=str(base + 2)):
            Sandbox(FaultPlan(), Clock(lambda: NOON), port_base=base).start()
    with Sandbox(FaultPlan(), Clock(lambda: NOON), port_base=base):
        pass


def free_ports():
    """The first of four neighbouring ports that are free now."""
    for base in range(21000, 60000, 7):
        try:
            with socket.socket() as one, socket.socket() as two, socket.socket() as three, socket.socket() as four:
                for number, probe in enumerate((one, two, three, four)):
                    probe.bind(("127.0.0.1", base + number))
        except OSError:
            continue
        return base
    raise AssertionError("no free ports")


def test_stopping_cuts_waiting_clients_and_ends_every_thread(start):
    before = sandbox_threads()
    running = start(Settings(weibo=WeiboSettings(safe_domains=("gov.example",))))
    weibo = WeiboClient(running)
    running.faults(Fault("weibo", FaultKind.TIMEOUT_AFTER_COMMIT, delay=600))
    failures = []

    def ask():
        try:
            weibo.share()
        except httpx.TransportError as failure:
            failures.append(failure)

    client = threading.Thread(target=ask)
    client.start()
    while not running.state("weibo")["effects"]:
        pass
    running.sandbox.stop()
    client.join(5)
    assert len(failures) == 1
    assert sandbox_threads() == before


def sandbox_threads():
    """The threads that serve a platform now."""
    return {thread for thread in threading.enumerate() if thread.name.startswith("sandbox-")}


def test_many_clients_at_once_lose_nothing(running, wechat):
    cover = wechat.cover()

    def work(number):
        for step in range(5):
            wechat.add(wechat.article(title=f"{number}-{step}", thumb_media_id=cover))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    titles = {title for draft in running.state("wechat")["drafts"] for title in draft["titles"]}
    assert len(titles) == 40


def happened(*steps):
    return [Effect("weibo", kind, identity, "", content) for kind, identity, content in steps]


@pytest.mark.parametrize(
    ("steps", "counted"),
    [
        ([("posted", "1", "a"), ("posted", "2", "b")], []),
        ([("posted", "1", "a"), ("posted", "2", "a")], [2]),
        ([("posted", "1", "a"), ("deleted", "1", "a"), ("posted", "2", "a")], []),
        ([("posted", "1", "a"), ("posted", "2", "a"), ("deleted", "2", "a")], [2]),
        ([("stored", "1", "a"), ("replaced", "1", "a"), ("stored", "1", "b"), ("stored", "2", "a")], []),
    ],
)
def test_duplicates_are_what_was_visible_twice_at_the_same_time(steps, counted):
    assert [entry["most_at_once"] for entry in duplicates(happened(*steps))] == counted
