"""演练办公室: whole configuration, drill accounts only, short ladders, marked as a sample everywhere."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from syndicate.config.load import load
from syndicate.config.secrets import OfficeSecrets
from syndicate.errors import SyndicateError
from syndicate.flow.practice import SAMPLE_ADDRESS, PracticeAddresses, write_practice_office
from syndicate.model.office import Snapshot
from syndicate.sandbox.settings import Settings

ADDRESSES = PracticeAddresses(
    weibo="http://127.0.0.1:1001",
    wechat="http://127.0.0.1:1002",
    app="http://127.0.0.1:1003",
    led="http://127.0.0.1:1004",
    sources="http://127.0.0.1:1005",
    site="http://127.0.0.1:1006",
)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("practice") / "office"
    write_practice_office(home, ADDRESSES, Settings())
    return home


@pytest.fixture(scope="module")
def snapshot(office: Path) -> Snapshot:
    return load(office, OfficeSecrets(office))


def test_it_says_that_it_is_a_sample(snapshot: Snapshot) -> None:
    assert snapshot.office.sample is True


def test_it_speaks_to_drill_servers_only(snapshot: Snapshot) -> None:
    remote = {channel.id: channel.base_url for channel in snapshot.channels.values() if channel.base_url}
    assert set(remote.values()) <= {ADDRESSES.weibo, ADDRESSES.wechat, ADDRESSES.app, ADDRESSES.led}


def test_it_follows_the_sample_sources_where_they_are_served(snapshot: Snapshot) -> None:
    assert all(source.url.startswith(ADDRESSES.sources) for source in snapshot.sources.values())


def test_nothing_in_it_names_the_address_the_package_was_written_with(office: Path) -> None:
    sources = (office / "content" / "sources").glob("*.yaml")
    assert [path.name for path in sources if SAMPLE_ADDRESS in path.read_text("utf-8")] == []


def test_its_sources_may_be_reached_on_loopback(snapshot: Snapshot) -> None:
    assert {allowed for source in snapshot.sources.values() for allowed in source.allow} == {"127.0.0.1:1005"}


def test_its_own_site_is_the_one_that_is_served(snapshot: Snapshot) -> None:
    website = next(channel for channel in snapshot.channels.values() if channel.kind == "website")
    assert (snapshot.office.site_url, website.settings["probe_base_url"]) == (ADDRESSES.site, ADDRESSES.site)


def test_its_ladders_are_short(snapshot: Snapshot) -> None:
    assert all(channel.ladder.give_up <= timedelta(minutes=5) for channel in snapshot.channels.values())


def test_it_has_the_secrets_that_its_channels_name(office: Path, snapshot: Snapshot) -> None:
    names = {name for channel in snapshot.channels.values() for name in channel.secrets.values()}
    assert all(OfficeSecrets(office).get(name) for name in names)


def test_its_secrets_are_read_by_nobody_else(office: Path) -> None:
    modes = {path.stat().st_mode & 0o777 for path in (office / "var" / "secrets").iterdir()}
    assert modes == {0o600}


def test_a_folder_that_is_an_office_already_is_left_alone(office: Path) -> None:
    before = (office / "content" / "office.yaml").read_bytes()
    with pytest.raises(SyndicateError):
        write_practice_office(office, ADDRESSES, Settings())
    assert (office / "content" / "office.yaml").read_bytes() == before
