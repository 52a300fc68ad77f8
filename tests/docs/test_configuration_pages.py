"""The configuration pages are true: their files load, and nothing that can be set is missing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from syndicate.config.channel_kinds import KINDS, limit_names
from syndicate.config.load import load
from syndicate.config.office_files import write_office
from syndicate.config.sources import SOURCE_KEYS
from syndicate.model.channel import ChannelKind

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = (
    "quickstart.md",
    "howto/follow-a-source.md",
    "howto/add-a-channel-account.md",
    "howto/website-targets.md",
    "howto/wordpress.md",
    "howto/keep-accounts-working.md",
)
FILE = re.compile(r"```yaml\n# (\S+)\n(.*?)```", re.DOTALL)


def page(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


def example_files(name: str) -> list[tuple[str, str]]:
    return FILE.findall(page(name))


@pytest.mark.parametrize("name", PAGES)
def test_every_example_file_loads_in_a_new_office(name: str, tmp_path: Path) -> None:
    write_office(tmp_path)
    for path, text in example_files(name):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    assert load(tmp_path)


@pytest.mark.parametrize("name", PAGES)
def test_every_yaml_block_names_its_file(name: str) -> None:
    assert len(example_files(name)) == page(name).count("```yaml")


@pytest.mark.parametrize("name", [name for name in PAGES if name.startswith("howto/")])
def test_a_howto_stays_short(name: str) -> None:
    assert len(page(name).splitlines()) <= 80


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_the_table_lists_all_that_a_kind_of_channel_takes(kind: ChannelKind) -> None:
    row = next(line for line in page("howto/add-a-channel-account.md").splitlines() if line.startswith(f"| `{kind}`"))
    rules = KINDS[kind]
    secrets = (*rules.secrets, *rules.optional_secrets)
    assert set(re.findall(r"`([a-z_]+)`", row)) == {kind, *rules.settings, *limit_names(kind), *secrets}


def test_the_source_page_shows_every_key_of_a_source() -> None:
    text = page("howto/follow-a-source.md")
    # A file's name is the source's name, so the page does not offer to write it again.
    assert {key for key in SOURCE_KEYS if f"{key}:" not in text} == {"name"}
