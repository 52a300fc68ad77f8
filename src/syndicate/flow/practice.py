"""A practice office: the defaults with short ladders, drill accounts and sample sources, marked as a sample everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from syndicate.config.defaults import defaults
from syndicate.config.office_files import is_office, write_office
from syndicate.config.secrets import FOLDER
from syndicate.errors import NotAllowed
from syndicate.sandbox.settings import Settings
from syndicate.site.atomic import write_atomic

LADDERS = "content/samples/ladders.yaml"
_WEIBO_SECRETS = {
    "access_token": "weibo-access-token",
    "app_key": "weibo-app-key",
    "app_secret": "weibo-app-secret",
}
SAMPLE_ADDRESS = "127.0.0.1:8808"
"""Where the sample sources of the package say they are; a practice office follows the server that is really there."""


@dataclass(frozen=True)
class PracticeAddresses:
    """Where the drill servers, the sample sources and the office's own site are, as `http://127.0.0.1:port`."""

    weibo: str
    wechat: str
    app: str
    led: str
    sources: str
    site: str


def write_practice_office(home: Path, addresses: PracticeAddresses, drill: Settings) -> None:
    """Write an office that speaks to drill servers only. Raises as `write_office` does, and for every office there is:
    its accounts and secrets would be replaced by those of the drill.
    """
    if is_office(home):
        raise NotAllowed("config.not_empty", path=str(home), name="content/office.yaml")
    write_office(home)
    write_atomic(home / "content" / "ladders.yaml", (defaults() / LADDERS).read_bytes())
    domain = addresses.site.removeprefix("http://").split(":")[0]
    _change(home / "content" / "office.yaml", {"site_url": addresses.site, "domain": domain, "sample": True})
    for name, base_url in _base_urls(addresses).items():
        _change(home / "channels" / f"{name}.yaml", {"base_url": base_url})
    _change_settings(home / "channels" / "wechat.yaml", {"publishing_delay": "3s", "sweep_every": "2s"})
    _change(home / "channels" / "weibo.yaml", {"secrets": _WEIBO_SECRETS})
    _change_settings(home / "channels" / "website.yaml", {"probe_base_url": addresses.site})
    _write_secrets(home, drill)
    _follow(home, addresses.sources.removeprefix("http://"))


def _base_urls(addresses: PracticeAddresses) -> Mapping[str, str]:
    return {"weibo": addresses.weibo, "wechat": addresses.wechat, "app": addresses.app, "led": addresses.led}


def _change(path: Path, values: Mapping[str, object]) -> None:
    document = yaml.safe_load(path.read_text("utf-8"))
    document.update(values)
    write_atomic(path, yaml.safe_dump(document, allow_unicode=True, sort_keys=False).encode())


def _change_settings(path: Path, values: Mapping[str, object]) -> None:
    document = yaml.safe_load(path.read_text("utf-8"))
    _change(path, {"settings": {**document.get("settings", {}), **values}})


def _write_secrets(home: Path, drill: Settings) -> None:
    """The drill accounts' keys open nothing but a sandbox."""
    values = {
        "weibo-access-token": drill.weibo.access_token,
        "weibo-app-key": drill.weibo.app_key,
        "weibo-app-secret": drill.weibo.app_secret,
        "wechat-app-id": drill.wechat.appid,
        "wechat-app-secret": drill.wechat.secret,
        "app-signing-key": drill.app.webhook_secrets[0],
    }
    for name, value in values.items():
        write_atomic(home / FOLDER / name, value.encode(), 0o600)


def _follow(home: Path, host: str) -> None:
    """Point the sample sources at the server that serves them now."""
    for path in sorted((home / "content" / "sources").glob("*.yaml")):
        text = path.read_text("utf-8").replace(SAMPLE_ADDRESS, host)
        write_atomic(path, text.encode())
