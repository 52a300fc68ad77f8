"""Channel 渠道 and rendition 渠道稿: one account, and what it shall carry for one revision."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Protocol
from urllib.parse import urlsplit

from syndicate.model.finding import Finding
from syndicate.model.hashing import digest


class ChannelKind(StrEnum):
    """Which driver speaks to the account."""

    WEBSITE = "website"
    WORDPRESS = "wordpress"
    WEIBO = "weibo"
    WECHAT = "wechat"
    APP = "app"
    LED = "led"
    MANUAL = "manual"
    EXTENSION = "extension"
    """A driver of somebody else's package, found by its entry point."""


DRIVER_GROUP = "syndicate.channels"
"""The group of entry points under which packages offer drivers for the kind `extension`."""

SITES = frozenset({ChannelKind.WEBSITE, ChannelKind.WORDPRESS})
"""Kinds of channels that are websites."""


class Retraction(StrEnum):
    """What becomes of a withdrawn post on a CMS."""

    TRASH = "trash"
    """It goes to the CMS's trash; its address answers 404."""
    NOTICE = "notice"
    """The office's notice stands in its place."""


class WeChatMode(StrEnum):
    """How far an official account may go by interface."""

    PUBLISH = "publish"
    DRAFT = "draft"
    """No right to publish: a person publishes the drafts in the platform's console."""
    PUSH = "push"
    """Articles go out in the one mass message of the day; until a bundle takes them they wait."""


@dataclass(frozen=True)
class Ladder:
    """The waiting times of a channel. Production defaults live in YAML; demo and crash-test offices carry short ones."""

    retry: tuple[timedelta, ...]
    """Waits after the 1st, 2nd … failed attempt; the last one repeats."""
    give_up: timedelta
    """After this time since the first attempt a person takes over."""
    read_back: tuple[timedelta, ...]
    """Waits between looks at a channel whose outcome is unknown; afterwards a person takes over."""
    poll: tuple[timedelta, ...]
    """Waits between questions to a channel that works asynchronously; the last one repeats."""
    lease: timedelta
    """How long a worker owns a delivery without a heartbeat; longer than the longest call."""
    website_wait: timedelta
    """How long a channel whose text links to our page waits for the website before a person decides."""
    timeout: timedelta
    """Limit of a single call to the platform."""
    jitter: float = 0.1
    """Share by which every retry wait is spread, up and down."""


@dataclass(frozen=True)
class Window:
    """A part of the day in which a channel publishes, from `start` to before `end`; across midnight where `end` is earlier."""

    start: time
    end: time


@dataclass(frozen=True)
class Channel:
    """One account; one YAML file in `channels/`. `settings` and `limits` are those of its kind, already validated."""

    id: str
    kind: ChannelKind
    title: str
    ladder: Ladder
    base_url: str = ""
    settings: Mapping[str, object] = field(default_factory=dict)
    limits: Mapping[str, int] = field(default_factory=dict)
    template: str = ""
    """Jinja2 text of the channel's template; what it may use is documented in docs/howto/templates.md."""
    columns: tuple[str, ...] = ()
    """Columns it carries; empty means all."""
    secrets: Mapping[str, str] = field(default_factory=dict)
    """Purpose → name of the secret. Never the value."""
    concurrency: int = 1
    needs_website: bool = False
    """True where its text links to our page, so that it waits for the website's receipt."""
    windows: tuple[Window, ...] = ()
    """When it publishes; empty means at any time. Urgent items and taking down do not wait for it."""


@dataclass(frozen=True)
class FileReference:
    """A file that a rendition refers to by content hash."""

    sha256: str
    name: str
    media_type: str
    role: str


@dataclass(frozen=True)
class Rendition:
    """What one channel shall carry for one revision. Its hash is what is approved.

    A driver may only replace `file:<sha256>` by the platform's ids and addresses and add credentials.
    """

    channel: str
    fields: Mapping[str, str]
    body: str
    files: tuple[FileReference, ...] = ()

    @property
    def hash(self) -> str:
        """SHA-256 over channel, fields, body and files."""
        files = [[f.sha256, f.name, f.media_type, f.role] for f in self.files]
        return digest({"channel": self.channel, "fields": dict(self.fields), "body": self.body, "files": files})


@dataclass(frozen=True)
class Rendered:
    """A rendition and what is wrong with it for its channel (limits, missing link, lost picture)."""

    rendition: Rendition
    findings: tuple[Finding, ...] = ()


def is_safe_for_passwords(address: str) -> bool:
    """Whether a password may travel to an address: by https, or within this very machine."""
    parts = urlsplit(address)
    return parts.scheme == "https" or parts.hostname in ("127.0.0.1", "localhost", "::1")


class Secrets(Protocol):
    """Where secret values come from. `get` raises `NotFound` naming the secret, never showing one."""

    def get(self, name: str) -> str:
        """The value of a secret by its name."""
        ...


@dataclass(frozen=True)
class Token:
    """A platform's access token and when it ends."""

    value: str
    expires_at: datetime


class TokenVault(Protocol):
    """Platform tokens, encrypted at rest, one writer at a time over all threads and processes."""

    def get(self, channel: str) -> Token | None:
        """The stored token, or None."""
        ...

    def put(self, channel: str, token: Token) -> None:
        """Store a token; an empty value never replaces one."""
        ...

    def lock(self, channel: str) -> AbstractContextManager[None]:
        """Held while a new token is fetched, so that no two processes invalidate each other's."""
        ...


class FileReader(Protocol):
    """Files by content hash. Raises `NotFound` for an unknown hash; may be used from several threads."""

    def read(self, sha256: str) -> bytes:
        """The bytes with that hash."""
        ...
