"""The LED player: what it shows, what it keeps, what it serves."""

from __future__ import annotations

import json

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from syndicate.sandbox.clock import Clock
from syndicate.sandbox.drill import Sandbox
from syndicate.sandbox.faults import FaultPlan
from tests.sandbox.samples import NOON


def item(number=1, **fields):
    entry = {"id": str(number), "title": f"样例{number}", "text": "样例文字", "image": None, "seconds": 10}
    return entry | {"not_before": None, "expires_at": None} | fields


def write(running, seq, *items, **fields):
    document = {"schema": 1, "seq": seq, "generated_at": "2026-03-05T12:00:00+08:00", "items": list(items)} | fields
    (running.folder / "playlist.json").write_text(json.dumps(document, ensure_ascii=False), "utf-8")


def acknowledged(running):
    reply = running.http.get(f"{running.addresses.led}/acknowledgement", params={"seq": "1"})
    assert reply.status_code == 200
    return reply.json()


def get(running, path, **headers):
    return running.http.get(f"{running.addresses.led}{path}", headers=headers)


def test_the_acknowledgement_says_what_is_playing(running):
    write(running, 4, item(1), item(2))
    assert acknowledged(running) == {"seq": 4, "showing": ["1", "2"], "at": "2026-03-05T12:00:00+08:00"}


def test_a_player_without_playlist_shows_nothing(running):
    assert acknowledged(running)["seq"] == 0
    assert running.state("led")["trouble"] == "playlist away"


def test_a_new_playlist_replaces_the_old_at_once(running):
    write(running, 1, item(1))
    acknowledged(running)
    write(running, 2, item(2))
    assert acknowledged(running)["showing"] == ["2"]


def test_while_something_urgent_is_due_nothing_else_is_shown(running):
    write(running, 1, item(1), item(2, urgent=True, expires_at="2026-03-05T12:30:00+08:00"))
    assert acknowledged(running)["showing"] == ["2"]
    running.http.post(f"{running.addresses.led}/_sandbox/clock", json={"seconds": 1801})
    assert acknowledged(running)["showing"] == ["1"]


BROKEN = [
    "",
    "{",
    "[]",
    '{"seq": 2, "items": []}',
    '{"schema": 1, "seq": -1, "items": []}',
    '{"schema": 1, "seq": 2, "items": {}}',
    '{"schema": 1, "seq": 2, "items": [5]}',
    '{"schema": 1, "seq": 2, "items": [{"id": "1"}]}',
]


@pytest.mark.parametrize("text", BROKEN)
def test_a_broken_playlist_leaves_the_last_good_copy(running, text):
    write(running, 1, item(1))
    acknowledged(running)
    (running.folder / "playlist.json").write_text(text, "utf-8")
    assert (acknowledged(running)["seq"], acknowledged(running)["showing"]) == (1, ["1"])
    assert running.state("led")["trouble"] == "playlist broken"


@pytest.mark.parametrize("moment", ["tomorrow", "2026-03-05T12:00:00", 5])
def test_an_item_with_an_unclear_time_makes_the_playlist_broken(running, moment):
    write(running, 1, item(1, expires_at=moment))
    assert acknowledged(running)["seq"] == 0


def test_two_items_with_one_id_make_the_playlist_broken(running):
    write(running, 1, item(1), item(1))
    assert acknowledged(running)["seq"] == 0


def test_a_removed_playlist_leaves_the_last_good_copy(running):
    write(running, 1, item(1))
    acknowledged(running)
    (running.folder / "playlist.json").unlink()
    assert acknowledged(running)["showing"] == ["1"]


def test_expired_items_go_off_by_the_sandbox_s_clock(running):
    write(running, 1, item(1, expires_at="2026-03-05T13:00:00+08:00"))
    running.clock.advance(3599)
    assert acknowledged(running)["showing"] == ["1"]
    running.clock.advance(1)
    assert acknowledged(running)["showing"] == []


def test_items_wait_for_their_time(running):
    write(running, 1, item(1, not_before="2026-03-05T05:00:00+00:00"))
    assert acknowledged(running)["showing"] == []
    running.clock.advance(3600)
    assert acknowledged(running)["showing"] == ["1"]


def test_every_change_on_the_screen_is_an_effect(running):
    write(running, 1, item(1))
    acknowledged(running)
    write(running, 2, item(1, text="改后文字"))
    acknowledged(running)
    write(running, 3)
    kinds = [effect["kind"] for effect in running.state("led")["effects"]]
    assert kinds == ["shown", "hidden", "shown", "hidden"]


def test_the_folder_is_served(running):
    (running.folder / "index.html").write_text("<p>样例</p>", "utf-8")
    (running.folder / "ticker.gbk.txt").write_bytes("样例".encode("gbk"))
    (running.folder / "slides").mkdir()
    (running.folder / "slides" / "1.png").write_bytes(b"png")
    assert get(running, "/").text == "<p>样例</p>"
    assert get(running, "/ticker.gbk.txt").headers["content-type"] == "text/plain"
    assert get(running, "/slides/1.png").headers["content-type"] == "image/png"


def test_files_have_an_etag(running):
    write(running, 1)
    tag = get(running, "/playlist.json").headers["etag"]
    assert get(running, "/playlist.json", **{"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize(
    "path",
    ["/../secret.txt", "/%2e%2e/secret.txt", "/slides/..%2f..%2fsecret.txt", "/.hidden.txt", "/a%00.txt", "/x.py"],
)
def test_nothing_else_is_served(running, path):
    (running.folder.parent / "secret.txt").write_text("secret")
    (running.folder / ".hidden.txt").write_text("secret")
    (running.folder / "x.py").write_text("secret")
    assert get(running, path).status_code == 404


def test_links_out_of_the_folder_are_not_followed(running):
    (running.folder.parent / "secret.txt").write_text("secret")
    (running.folder / "link.txt").symlink_to(running.folder.parent / "secret.txt")
    assert get(running, "/link.txt").status_code == 404


def test_the_player_is_read_only(running):
    assert running.http.put(f"{running.addresses.led}/playlist.json", content=b"{}").status_code == 405
    assert list(running.folder.iterdir()) == []


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    items=st.lists(st.fixed_dictionaries({"id": _JSON, "title": _JSON, "text": _JSON, "expires_at": _JSON}), max_size=2)
)
def test_any_playlist_gets_an_answer(running, items):
    write(running, 1, *items)
    assert "showing" in acknowledged(running)


def test_a_player_without_a_folder_shows_nothing_and_serves_nothing():
    with Sandbox(FaultPlan(), Clock(lambda: NOON)) as addresses, httpx.Client(trust_env=False) as http:
        assert http.get(f"{addresses.led}/acknowledgement").json()["showing"] == []
        assert http.get(f"{addresses.led}/playlist.json").status_code == 404


def test_a_file_that_is_too_large_or_a_folder_is_not_served(running):
    with (running.folder / "large.png").open("wb") as file:
        file.truncate(21 * 1024 * 1024)
    (running.folder / "folder.txt").mkdir()
    assert [get(running, path).status_code for path in ("/large.png", "/folder.txt")] == [404, 404]
