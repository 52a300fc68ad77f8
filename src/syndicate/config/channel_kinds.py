"""What the settings, limits and secrets of each kind of channel may be. What they mean: docs/howto/add-a-channel-account.md."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from importlib.metadata import entry_points
from ipaddress import ip_address

from syndicate.config.display_hours import DISPLAY_HOURS
from syndicate.config.patterns import BASE_ADDRESS, HOST, IDENTIFIER, IDENTIFIER_FORM, NAME, POST_ADDRESS, RELATIVE_PATH
from syndicate.config.places import Problems
from syndicate.config.shapes import Choice, Duration, Field, Many, Table, Text, Whole, YesNo, note
from syndicate.config.website_targets import WebsiteTargets
from syndicate.config.yaml_nodes import Node
from syndicate.model.channel import DRIVER_GROUP, ChannelKind, Retraction, WeChatMode
from syndicate.model.push import PushRule
from syndicate.model.quota import quota_names
from syndicate.render.limits import default_limits

_PIXELS = Whole(16, 10_000)
_CLOCK = Text(r"([01]\d|2[0-3]):[0-5]\d", "clock")


class _InternetAddress:
    """An IPv4 or IPv6 address."""

    def read(self, node: Node, problems: Problems) -> str | None:
        """The address as written."""
        value = Text(longest=45).read(node, problems)
        if value is None:
            return None
        try:
            ip_address(value)
        except ValueError:
            note(problems, node, "form_internet_address", value=value)
            return None
        return value


class InstalledDriver:
    """The name of a driver that an installed package offers: an entry point of the group `syndicate.channels`."""

    def read(self, node: Node, problems: Problems) -> str | None:
        """The name as written, when a package offers it."""
        value = NAME.read(node, problems)
        if value is not None and not entry_points(group=DRIVER_GROUP, name=value):
            note(problems, node, "no_such_driver", name=value)
            return None
        return value


@dataclass(frozen=True)
class KindRules:
    """What one kind of channel may and must say; `secrets` are purposes that are needed, `optional_secrets` may be."""

    settings: Mapping[str, Field] = field(default_factory=dict)
    limits: tuple[str, ...] = ()
    """Limits of the driver, whole numbers; those of the rendition come from the renderer's own table."""
    secrets: tuple[str, ...] = ()
    optional_secrets: tuple[str, ...] = ()
    remote: bool = False
    """True where `base_url` must say which server speaks the platform's interface."""


KINDS: Mapping[ChannelKind, KindRules] = {
    ChannelKind.WEBSITE: KindRules(
        settings={
            "folder": Field(RELATIVE_PATH, required=True),
            "probe_base_url": Field(BASE_ADDRESS),
            "memorial": Field(YesNo()),
            "search_url": Field(BASE_ADDRESS),
            "consultation_url": Field(BASE_ADDRESS),
            "services_url": Field(BASE_ADDRESS),
            "feedback_url": Field(BASE_ADDRESS),
            "find_error_script": Field(BASE_ADDRESS),
            "organ_mark_script": Field(BASE_ADDRESS),
            "targets": Field(WebsiteTargets()),
        },
    ),
    ChannelKind.WORDPRESS: KindRules(
        settings={
            "user": Field(Text(longest=60), required=True),
            "page_url": Field(POST_ADDRESS),
            "categories": Field(Table(Whole(1), IDENTIFIER, IDENTIFIER_FORM)),
            "retract": Field(Choice(Retraction)),
            "selector": Field(Text(longest=200)),
        },
        secrets=("application_password",),
        remote=True,
    ),
    ChannelKind.WEIBO: KindRules(
        settings={
            "rip": Field(_InternetAddress(), required=True),
            "uid": Field(Text(r"\d{1,20}", "digits")),
            "public_url": Field(BASE_ADDRESS),
            "warn_before": Field(Duration(most=timedelta(days=365))),
            "safe_domains": Field(Many(HOST, least=1)),
        },
        optional_secrets=("access_token", "app_key", "app_secret"),
        remote=True,
    ),
    ChannelKind.WECHAT: KindRules(
        settings={
            "publishing_delay": Field(Duration(most=timedelta(days=1)), required=True),
            "default_cover": Field(RELATIVE_PATH),
            "need_open_comment": Field(YesNo()),
            "mode": Field(Choice(WeChatMode)),
            "sweep_every": Field(Duration(least=timedelta(milliseconds=1), most=timedelta(days=1))),
            "push_at": Field(_CLOCK),
        },
        limits=("cover_bytes",),
        secrets=("app_id", "app_secret"),
        optional_secrets=("callback_token", "callback_key"),
        remote=True,
    ),
    ChannelKind.APP: KindRules(
        settings={"push": Field(Choice(PushRule)), "push_base_url": Field(BASE_ADDRESS)},
        secrets=("signing_key",),
        optional_secrets=("push_app_key", "push_master_secret"),
        remote=True,
    ),
    ChannelKind.LED: KindRules(
        settings={
            "folder": Field(RELATIVE_PATH, required=True),
            "width": Field(_PIXELS, required=True),
            "height": Field(_PIXELS, required=True),
            "seconds": Field(Whole(1, 3_600)),
            "expires_after": Field(Duration(least=timedelta(minutes=1))),
            "stale_after": Field(Duration(least=timedelta(minutes=1))),
            "display_hours": Field(DISPLAY_HOURS),
            "player": Field(_InternetAddress()),
        },
        limits=("items",),
    ),
    ChannelKind.MANUAL: KindRules(),
    ChannelKind.EXTENSION: KindRules(
        settings={
            "driver": Field(InstalledDriver(), required=True),
            "options": Field(Table(Text(longest=500), IDENTIFIER, IDENTIFIER_FORM)),
        },
        optional_secrets=("token", "user", "password"),
        remote=True,
    ),
}


def limit_names(kind: ChannelKind) -> tuple[str, ...]:
    """The limits that a channel of this kind may set: those of its rendition, its driver and its quotas."""
    rendered = sorted(name for of_kind, name in default_limits() if of_kind == kind)
    return (*rendered, *KINDS[kind].limits, *quota_names(kind))
