"""Targets of a website in `channels/website.yaml`: every mistake by its place, nothing that a shell or ssh could misread."""

from __future__ import annotations

from pathlib import Path

import pytest

from syndicate.config.load import load
from syndicate.config.office_files import write_office
from syndicate.config.secrets import OfficeSecrets
from syndicate.errors import ConfigurationError
from syndicate.model.target import RsyncTarget, S3Target

HEAD = "title: 网站\nkind: website\nsettings:\n  folder: var/site\n  targets:\n"
RSYNC = "    - {kind: rsync, name: front, to: 'web@192.0.2.10:/srv/site', identity: front-key, known_hosts: known_hosts"
S3 = "    - {kind: s3, name: store, endpoint: 'https://s3.example', bucket: site, access_key: store-id, secret_key: store-key"


@pytest.fixture
def office(tmp_path: Path) -> Path:
    write_office(tmp_path)
    return tmp_path


def write(office: Path, *targets: str) -> None:
    (office / "channels" / "website.yaml").write_text(HEAD + "".join(f"{one}}}\n" for one in targets), "utf-8")


def mistakes(office: Path, *targets: str) -> list[str]:
    write(office, *targets)
    with pytest.raises(ConfigurationError) as caught:
        load(office)
    return [problem.message.key.removeprefix("config.") for problem in caught.value.problems]


def test_several_targets_keep_their_order(office: Path) -> None:
    write(office, S3 + ", prefix: a/b, path_style: true", RSYNC + ", port: 2222, time_limit: 2m")
    store, front = load(office).channels["website"].settings["targets"]  # type: ignore[misc]
    assert isinstance(store, S3Target)
    assert isinstance(front, RsyncTarget)
    assert (store.prefix, store.path_style, front.port) == ("a/b", True, 2222)


@pytest.mark.parametrize(
    "place",
    [
        "-oProxyCommand=x@host:/srv",
        "web@-oProxyCommand=x:/srv",
        "web@host:/srv/a b",
        "web@host:/srv/$(id)",
        "web@host:/srv/../../etc",
        "web@host:relative",
        "web@host:/",
        "host:/srv",
        "web@host",
        "web@host::module",
        "/srv/site",
    ],
)
def test_a_place_that_ssh_or_rsync_could_misread_is_refused(office: Path, place: str) -> None:
    assert mistakes(office, RSYNC.replace("web@192.0.2.10:/srv/site", place)) == ["form_ssh_place"]


@pytest.mark.parametrize(
    ("target", "keys"),
    [
        ("    - {kind: ftp", ["not_a_choice"]),
        ("    - {name: x", ["missing_key"]),
        (RSYNC + ", bucket: b", ["unknown_key"]),
        (S3.replace("bucket: site", "bucket: Site_1"), ["form_bucket"]),
        (S3 + ", prefix: /a", ["form_prefix"]),
        (S3 + ", prefix: ../a", ["form_prefix"]),
        (S3 + ", time_limit: 1h", ["out_of_range"]),
        (S3.replace("https://s3.example", "ftp://s3.example"), ["form_base_address"]),
        (RSYNC.replace("identity: front-key", "identity: 'BEGIN KEY'"), ["form_secret_name"]),
        (RSYNC.replace("known_hosts: known_hosts", "known_hosts: ../x"), ["form_relative_path"]),
    ],
)
def test_a_mistake_is_named(office: Path, target: str, keys: list[str]) -> None:
    assert mistakes(office, target) == keys


def test_two_targets_of_one_name_are_refused(office: Path) -> None:
    assert mistakes(office, RSYNC, RSYNC) == ["target_twice"]


def test_a_worker_does_not_start_without_the_secrets_of_its_targets(office: Path) -> None:
    write(office, RSYNC, S3)
    with pytest.raises(ConfigurationError) as caught:
        load(office, OfficeSecrets(office, {}))
    told = str(caught.value)
    assert all(name in told for name in ("front-key", "store-id", "store-key"))
    assert "channels/website.yaml" in told
