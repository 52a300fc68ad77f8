"""Proof of a target as the public reads it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from syndicate.channels.calls import NotDone
from syndicate.channels.target_web import wrong_on_the_web
from syndicate.channels.targets import open_target
from syndicate.errors import NotFound
from syndicate.model.target import S3Target
from tests.channels.mirrored_site import PAGES, Site
from tests.channels.office import Desk
from tests.channels.rogue import RogueServer
from tests.channels.ssh_server import LACKING, can_serve, ssh_server
from tests.conftest import lack


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = Site(tmp_path / "site")
    site.publish(PAGES)
    return site


@pytest.fixture
def target(tmp_path: Path) -> Iterator[S3Target]:
    """A target whose public address shows the folder `public`."""
    (tmp_path / "public").mkdir()
    handler = partial(_Quiet, directory=str(tmp_path / "public"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_address[1]}"
        yield S3Target("store", address, "b", "a", "s", time_limit=timedelta(seconds=5), probe_base_url=address)
        server.shutdown()


def test_what_the_public_does_not_get_as_sent_or_still_gets_is_wrong(
    site: Site, target: S3Target, tmp_path: Path
) -> None:
    public = tmp_path / "public"
    (public / "index.html").write_text(PAGES["index.html"])
    (public / "rss.xml").write_text("old")
    (public / "old.html").write_text("old")
    wrong = wrong_on_the_web(target, site.root, ["index.html", "rss.xml", "news/index.html"], ["old.html", "gone.html"])
    assert wrong == ["rss.xml", "news/index.html", "old.html"]


@pytest.mark.parametrize("status", [301, 403, 500])
def test_any_other_answer_proves_nothing(site: Site, target: S3Target, rogue: RogueServer, status: int) -> None:
    rogue.answer(status, b"")
    asked = replace(target, probe_base_url=rogue.address)
    assert wrong_on_the_web(asked, site.root, ["index.html"], ["gone.html"]) == ["index.html", "gone.html"]


def test_an_address_that_does_not_answer_is_named(site: Site, target: S3Target) -> None:
    with pytest.raises(NotDone, match=r"http://127\.0\.0\.1:1/index\.html") as caught:
        wrong_on_the_web(replace(target, probe_base_url="http://127.0.0.1:1"), site.root, ["index.html"], [])
    assert "probe_base_url" in caught.value.message.action_zh


def test_a_target_by_rsync_is_opened_with_its_secret_and_proved_at_its_public_address(
    site: Site, target: S3Target, tmp_path: Path
) -> None:
    if not can_serve():
        lack(LACKING)
    (tmp_path / "sshd").mkdir()
    with ssh_server(tmp_path / "sshd") as server:
        desk = Desk(tmp_path)
        (tmp_path / "known_hosts").write_text(server.known_hosts)
        front = server.target(tmp_path / "public", probe_base_url=target.probe_base_url)
        with pytest.raises(NotFound), open_target(front, desk.hands):
            pass
        desk.secrets.values["main-key"] = server.key
        with open_target(front, desk.hands) as hand:
            assert site.mirror(hand)
            assert hand.names() == set(PAGES)
        with open_target(replace(front, probe_base_url="http://127.0.0.1:1"), desk.hands) as hand:
            site.publish({"index.html": "<h1>新</h1>"})
            with pytest.raises(NotDone):
                site.mirror(hand)
