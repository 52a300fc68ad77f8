"""The repository root is itself a working office."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from syndicate.config.load import load, load_monitor
from syndicate.model.channel import ChannelKind
from syndicate.model.office import Snapshot

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def root_office() -> Snapshot:
    return load(ROOT)


def test_the_root_office_loads_without_mistakes(root_office: Snapshot) -> None:
    assert root_office.columns


def test_the_root_office_says_that_it_is_a_sample(root_office: Snapshot) -> None:
    assert root_office.office.sample


def test_columns_keep_the_order_of_the_file(root_office: Snapshot) -> None:
    assert list(root_office.columns)[:2] == ["news", "reprints"]


def test_loading_only_the_rules_gives_the_same_rules(root_office: Snapshot) -> None:
    assert load_monitor(ROOT) == root_office.monitored


def test_every_channel_outlasts_its_longest_call(root_office: Snapshot) -> None:
    assert all(channel.ladder.lease > channel.ladder.timeout for channel in root_office.channels.values())


def test_the_hash_names_the_same_bytes_again(root_office: Snapshot) -> None:
    assert load(ROOT).hash == root_office.hash


@pytest.mark.parametrize("module", ["jinja2", "django", "requests", "syndicate.config.whole", "syndicate.model.office"])
def test_loading_the_rules_does_not_import(module: str) -> None:
    code = (
        "import sys; from pathlib import Path; from syndicate.config.load import load_monitor;"
        f"load_monitor(Path({str(ROOT)!r})); sys.exit({module!r} in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_there_is_a_kind_rule_for_every_kind() -> None:
    from syndicate.config.channel_kinds import KINDS

    assert set(KINDS) == set(ChannelKind)
