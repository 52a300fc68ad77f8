"""An account on a CMS: its password travels by https or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from syndicate.config.load import load
from syndicate.config.office_files import write_office
from syndicate.errors import ConfigurationError
from syndicate.model.channel import ChannelKind, Retraction

TEXT = """title: 网站
kind: wordpress
base_url: {base_url}
settings: {{user: editor{settings}}}
secrets: {{application_password: cms-password}}
"""


@pytest.fixture
def office(tmp_path: Path) -> Path:
    write_office(tmp_path)
    return tmp_path


def write(office: Path, base_url: str = "https://cms.example", settings: str = "") -> None:
    text = TEXT.format(base_url=base_url, settings=settings)
    (office / "channels" / "cms.yaml").write_text(text, "utf-8")


def test_an_account_is_read_with_its_categories_and_addresses(office: Path) -> None:
    write(office, settings=", categories: {news: 3}, retract: notice, page_url: 'https://cms.example/a/{slug}.html'")
    channel = load(office).channels["cms"]
    assert channel.kind is ChannelKind.WORDPRESS
    assert channel.settings["categories"] == {"news": 3}
    assert channel.settings["retract"] is Retraction.NOTICE


@pytest.mark.parametrize("address", ["http://127.0.0.1:8604", "http://localhost:8604", "http://[::1]:8604"])
def test_this_very_machine_may_be_asked_without_https(office: Path, address: str) -> None:
    write(office, address)
    assert load(office).channels["cms"].base_url == address


@pytest.mark.parametrize(
    "address", ["http://cms.example", "http://127.0.0.1.example", "http://10.0.0.5", "http://localhost.example:80"]
)
def test_any_other_address_must_be_https(office: Path, address: str) -> None:
    write(office, address)
    with pytest.raises(ConfigurationError) as caught:
        load(office)
    (problem,) = caught.value.problems
    assert problem.message.key == "config.https_needed"
    assert problem.text.startswith("base_url:")


@pytest.mark.parametrize(
    "settings",
    [
        ", page_url: 'https://cms.example/7'",
        ", page_url: 'https://cms.example/{slug}/{slug}'",
        ", page_url: '/{slug}/'",
        ", categories: {nowhere: 3}",
        ", categories: {news: 0}",
        ", retract: hide",
    ],
)
def test_a_mistake_is_named(office: Path, settings: str) -> None:
    write(office, settings=settings)
    with pytest.raises(ConfigurationError) as caught:
        load(office)
    assert len(caught.value.problems) == 1
