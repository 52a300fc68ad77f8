"""Who the drill accounts are. Nothing here is secret: these names and keys work on a sandbox only."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path


@dataclass(frozen=True)
class WeChatSettings:
    """The drill's official account and how its platform behaves where the real one is unconfirmed."""

    appid: str = "wxsandbox00000000"
    secret: str = "sandbox-wechat-secret"  # noqa: S105 — opens nothing but a sandbox
    account: str = "演练公众号（样例）"
    title_limit: int = 32
    """32 as the current page says; 64 as older pages and the web editor say."""
    publish_delay: timedelta = timedelta(seconds=2)
    """From submit to the end of the publish job, by the sandbox's clock."""
    lists_keep_source_url: bool = True
    """Whether lists asked with no_content=1 still carry content_source_url (unconfirmed)."""


@dataclass(frozen=True)
class WeiboSettings:
    """The drill's Weibo account. Own construction: no recorded samples of the platform exist."""

    app_key: str = "1000000001"
    app_secret: str = "sandbox-weibo-secret"  # noqa: S105 — opens nothing but a sandbox
    access_token: str = "2.00sandboxWeiboToken"  # noqa: S105 — opens nothing but a sandbox
    """A token that is valid from the start, so that a drill needs no authorisation page."""
    uid: str = "7000000001"
    screen_name: str = "演练微博（样例）"
    safe_domains: tuple[str, ...] = ("127.0.0.1", "localhost")
    """Approved domains; a subdomain of one counts as well."""


@dataclass(frozen=True)
class AppSettings:
    """The drill's app backend."""

    webhook_secrets: tuple[str, ...] = ("whsec_c2FuZGJveC13ZWJob29rLXNlY3JldC0wMDAx",)
    """Accepted signing secrets, newest first (two during a rotation)."""
    title: str = "演练客户端（样例）"
    push_app_key: str = "sandbox-push-key"
    push_master_secret: str = "sandbox-push-secret"  # noqa: S105 — opens nothing but a sandbox


@dataclass(frozen=True)
class LedSettings:
    """The drill's LED player: the folder that the office writes."""

    folder: Path | None = None


@dataclass(frozen=True)
class WordPressSettings:
    """The drill's CMS."""

    user: str = "drill-editor"
    password: str = "abcd efgh ijkl mnop qrst uvwx"  # noqa: S105 — opens nothing but a sandbox
    categories: tuple[int, ...] = (1, 3, 5)
    permalink: str = "/{slug}/"
    """How the addresses of posts look."""
    may_publish: bool = True
    """False for a user whose posts wait for somebody else."""


@dataclass(frozen=True)
class Settings:
    """All drill accounts."""

    wechat: WeChatSettings = field(default_factory=WeChatSettings)
    weibo: WeiboSettings = field(default_factory=WeiboSettings)
    app: AppSettings = field(default_factory=AppSettings)
    led: LedSettings = field(default_factory=LedSettings)
    wordpress: WordPressSettings = field(default_factory=WordPressSettings)
