"""The posts of the drill Weibo account: the rules of statuses/share, the timeline and deletion."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from syndicate.model.hashing import digest
from syndicate.sandbox.catalogue import limits
from syndicate.sandbox.effects import Effects
from syndicate.sandbox.exchange import Refusal
from syndicate.sandbox.images import picture_kind
from syndicate.sandbox.quota import HOUR, Counters
from syndicate.sandbox.settings import WeiboSettings
from syndicate.sandbox.weibo_text import address_of, has_safe_link, has_topic, shorten_links, status_length

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_FIRST_MID = 5_100_000_000_000_001
_MID_STEP = 7_654_321
SYNC_LAG_CODE = 20032
"""Published, but the reply has no id and the timeline lags."""


@dataclass
class Post:
    """One post; `listed_at` is when the timeline begins to show it."""

    mid: str
    status: str
    picture: bytes | None
    posted_at: datetime
    listed_at: datetime
    deleted: bool = False


@dataclass
class Posts:
    """All posts of the account. The caller holds the platform's lock."""

    settings: WeiboSettings
    effects: Effects
    address: str = ""
    posts: dict[str, Post] = field(default_factory=dict)
    per_hour: Counters = field(default_factory=lambda: Counters(HOUR))

    def share(self, form: Mapping[str, str], pictures: list[bytes], now: datetime, lags: bool) -> dict[str, object]:
        """statuses/share. `lags` lets the timeline show the post only after the platform's lag."""
        status = _checked_status(form, self.settings)
        picture = _checked_picture(pictures)
        since = now - timedelta(seconds=limits()["weibo.repeat_seconds"])
        if any(post.status == status and post.posted_at > since and not post.deleted for post in self.posts.values()):
            raise Refusal(20019)
        if not self.per_hour.spend("share", limits()["weibo.posts_per_hour"], now):
            raise Refusal(20016)
        mid = str(_FIRST_MID + _MID_STEP * len(self.posts))
        listed_at = now + timedelta(seconds=limits()["weibo.sync_lag_seconds"]) if lags else now
        self.posts[mid] = Post(mid, status, picture, now, listed_at)
        self.effects.add("posted", mid, now, _content_hash(self.posts[mid]), text=status)
        return self.shown(self.posts[mid])

    def timeline(self, query: Mapping[str, str], now: datetime) -> dict[str, object]:
        """statuses/user_timeline: at most the five newest, whatever `count` says."""
        count, page = _number(query, "count", 20, 100), _number(query, "page", 1, 1000)
        since, most = _number(query, "since_id", 0, 10**18), _number(query, "max_id", 0, 10**18)
        if query.get("uid", self.settings.uid) != self.settings.uid:
            raise Refusal(21335)
        listed = [post for post in reversed(self.posts.values()) if not post.deleted and post.listed_at <= now]
        newest = listed[: limits()["weibo.timeline"]]
        wanted = [post for post in newest if int(post.mid) > since and (not most or int(post.mid) <= most)]
        statuses = [self.shown(post) for post in wanted[(page - 1) * count : page * count]]
        return {"statuses": statuses, "previous_cursor": 0, "next_cursor": 0, "total_number": len(listed)}

    def destroy(self, form: Mapping[str, str], now: datetime) -> dict[str, object]:
        """statuses/destroy: 20101 for a post that is not there."""
        if not form.get("id"):
            raise Refusal(10016, "id")
        post = self.posts.get(form["id"])
        if post is None or post.deleted:
            raise Refusal(20101)
        post.deleted = True
        self.effects.add("deleted", post.mid, now, _content_hash(post))
        return self.shown(post)

    def visible(self) -> list[dict[str, object]]:
        """What the public can read now."""
        return [
            {
                "id": post.mid,
                "url": f"{self.address}/{self.settings.uid}/{address_of(post.mid)}",
                "text": post.status,
                "picture": post.picture is not None,
                "posted_at": post.posted_at.isoformat(),
            }
            for post in self.posts.values()
            if not post.deleted
        ]

    def at_address(self, path: str) -> Post | None:
        """The post whose permalink is `/<uid>/<mid in base 62>` (the plain mid works too)."""
        _, uid, written = path.split("/", 2)
        if uid != self.settings.uid:
            return None
        return next((post for post in self.posts.values() if written in (post.mid, address_of(post.mid))), None)

    def shown(self, post: Post) -> dict[str, object]:
        """The status object of a reply; links in the text are t.cn addresses."""
        user = {"id": int(self.settings.uid), "idstr": self.settings.uid, "screen_name": self.settings.screen_name}
        status: dict[str, object] = {
            "created_at": _written(post.posted_at),
            "id": int(post.mid),
            "mid": post.mid,
            "idstr": post.mid,
            "text": shorten_links(post.status),
            "source": "演练应用（样例）",
            "favorited": False,
            "truncated": False,
            "reposts_count": 0,
            "comments_count": 0,
            "user": user,
        }
        if post.picture is not None:
            url = f"{self.address}/picture/{post.mid}"
            status |= {"thumbnail_pic": url, "bmiddle_pic": url, "original_pic": url}
        return status


def _checked_status(form: Mapping[str, str], settings: WeiboSettings) -> str:
    if not form.get("rip"):
        raise Refusal(10016, "rip")
    try:
        ipaddress.ip_address(form["rip"])
    except ValueError:
        raise Refusal(10017, "rip") from None
    if "status" not in form:
        raise Refusal(10016, "status")
    status = form["status"].strip()
    if not status:
        raise Refusal(20008)
    if status_length(status) > limits()["weibo.status"]:
        raise Refusal(20012)
    if has_topic(status):
        raise Refusal(10017, "status must not contain #topic#")
    if not settings.safe_domains:
        raise Refusal(10017, "appkey not bind domain!")
    if not has_safe_link(status, settings.safe_domains):
        raise Refusal(10017, "text not find domain!")
    return status


def _checked_picture(pictures: list[bytes]) -> bytes | None:
    if not pictures:
        return None
    if len(pictures) > 1:
        raise Refusal(10008)
    if picture_kind(pictures[0]) not in ("jpeg", "gif", "png"):
        raise Refusal(20005)
    if len(pictures[0]) >= limits()["weibo.picture_bytes"]:
        raise Refusal(20006)
    return pictures[0]


def _number(query: Mapping[str, str], name: str, default: int, most: int) -> int:
    text = query.get(name, str(default))
    if not (text.isascii() and text.isdigit()) or len(text) > 18 or int(text) > most:
        raise Refusal(10017, name)
    return int(text)


def _content_hash(post: Post) -> str:
    return digest(post.status)


def _written(at: datetime) -> str:
    """`Wed Oct 24 23:49:17 +0800 2012`, independent of the locale."""
    return f"{_DAYS[at.weekday()]} {_MONTHS[at.month - 1]} {at:%d %H:%M:%S %z %Y}"
