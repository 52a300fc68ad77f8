"""The drill Weibo. Own construction after the official wiki pages: no recorded samples of the platform exist."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from html import escape
from threading import RLock
from urllib.parse import parse_qsl

from syndicate.sandbox.catalogue import endpoints, error_codes, limits
from syndicate.sandbox.clock import Clock
from syndicate.sandbox.effects import Effects, Journal
from syndicate.sandbox.exchange import Refusal, Reply, Request, html_reply, json_reply
from syndicate.sandbox.faults import FaultKind
from syndicate.sandbox.images import picture_kind
from syndicate.sandbox.multipart import read_multipart
from syndicate.sandbox.quota import DAY, Counters
from syndicate.sandbox.settings import WeiboSettings
from syndicate.sandbox.weibo_access import Access
from syndicate.sandbox.weibo_posts import SYNC_LAG_CODE, Post, Posts

_NOTICE = "演练平台页面（样例），并非微博"
_CALLS = "calls"


class Weibo:
    """One account on one platform."""

    name = "weibo"

    def __init__(self, settings: WeiboSettings, clock: Clock, journal: Journal | None) -> None:
        self.address = ""
        self._settings = settings
        self._clock = clock
        self._effects = Effects(self.name, journal)
        self._lock = RLock()
        self._start()

    def _start(self) -> None:
        self._access = Access(self._settings, self._clock.now())
        self._posts = Posts(self._settings, self._effects)
        self._daily = Counters(DAY)

    def endpoint(self, method: str, path: str) -> str:
        """The row of `endpoints.tsv`."""
        return path if path in endpoints(self.name) or path.count("/") != 2 else "/{uid}/{mid}"

    def handle(self, request: Request) -> Reply:
        """Answer one request."""
        with self._lock:
            self._posts.address = self.address
            try:
                return self._answer(request)
            except Refusal as refusal:
                return self._refuse(refusal, request)

    def refuse(self, code: int, request: Request) -> Reply:
        """`{"error","error_code","request"}` with the HTTP status of the code."""
        with self._lock:
            self._posts.address = self.address
            return self._refuse(Refusal(code), request)

    def state(self) -> dict[str, object]:
        """What the public reads, and every effect ever."""
        with self._lock:
            self._posts.address = self.address
            return {"visible": self._posts.visible()} | self._effects.report()

    def reset(self) -> None:
        """A new, empty account; only the token of the settings is valid."""
        with self._lock:
            self._effects.reset(self._clock.now())
            self._start()

    def _answer(self, request: Request) -> Reply:
        endpoint = endpoints(self.name).get(request.path)
        if endpoint is None:
            return self._page(request)
        if request.method not in endpoint.methods:
            raise Refusal(10021)
        now = self._clock.now()
        form, pictures = _read_form(request)
        if request.path == "/oauth2/authorize":
            return self._access.authorize(request.query, now)
        if request.path == "/oauth2/access_token":
            return json_reply(self._access.exchange({**request.query, **form}, now))
        if request.path == "/oauth2/get_token_info":
            return json_reply(self._access.describe(form, now))
        token = _token(request, form)
        if request.path == "/oauth2/revokeoauth2":
            return json_reply(self._access.revoke(token, now))
        self._access.check(token, now)
        if endpoint.per_day and not self._daily.spend(_CALLS, limits()["weibo.calls_per_day"], now):
            raise Refusal(10023)
        match request.path:
            case "/2/statuses/share.json":
                return json_reply(self._posts.share(form, pictures, now, _lags(request)))
            case "/2/statuses/destroy.json":
                return json_reply(self._posts.destroy(form, now))
            case "/2/statuses/user_timeline.json":
                return json_reply(self._posts.timeline(request.query, now))
        return json_reply(self._rate_limits())

    def _rate_limits(self) -> dict[str, object]:
        now = self._clock.now()
        tomorrow = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        most, used = limits()["weibo.calls_per_day"], self._daily.used(_CALLS, now)
        posts, posted = limits()["weibo.posts_per_hour"], self._posts.per_hour.used("share", now)
        per_ip = limits()["weibo.calls_per_hour_ip"]
        share = {"api": "/statuses/share", "limit": posts, "limit_time_unit": "HOURS", "remaining_hits": posts - posted}
        return {
            "ip_limit": per_ip,
            "limit_time_unit": "DAYS",
            "remaining_ip_hits": per_ip - used,
            "remaining_user_hits": most - used,
            "reset_time": tomorrow.strftime("%Y-%m-%d %H:%M:%S"),
            "reset_time_in_seconds": int((tomorrow - now).total_seconds()),
            "user_limit": most,
            "api_rate_limits": [share],
        }

    def _refuse(self, refusal: Refusal, request: Request) -> Reply:
        known = error_codes(self.name)[refusal.code]
        text = known.text.format(detail=refusal.detail)
        reply = {"error": text, "error_code": refusal.code, "request": request.path}
        return json_reply(reply | refusal.more, known.status)

    def _page(self, request: Request) -> Reply:
        if request.method != "GET" or request.path.count("/") != 2:
            raise Refusal(10020)
        if request.path.startswith("/picture/"):
            post = self._posts.posts.get(request.path.removeprefix("/picture/"))
            if post is None or post.deleted or post.picture is None:
                return Reply(404)
            kind = picture_kind(post.picture)
            return Reply(200, post.picture, f"image/{kind}", {"X-Content-Type-Options": "nosniff"})
        post = self._posts.at_address(request.path)
        return _gone() if post is None or post.deleted else _shown(post, self._settings.screen_name)


def _shown(post: Post, screen_name: str) -> Reply:
    picture = f'<p><img src="/picture/{post.mid}" alt=""></p>' if post.picture is not None else ""
    return html_reply(
        f'<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>{escape(screen_name)}的微博</title></head>'
        f"<body><p>{_NOTICE}</p><h1>{escape(screen_name)}</h1><p><time>{post.posted_at:%Y-%m-%d %H:%M}</time></p>"
        f'<div class="weibo-text">{escape(post.status)}</div>{picture}</body></html>'
    )


def _gone() -> Reply:
    text = "抱歉，此微博已被作者删除或不存在"
    head = f'<head><meta charset="utf-8"><title>{text}</title></head>'
    return html_reply(f'<!DOCTYPE html><html lang="zh-CN">{head}<body><p>{_NOTICE}</p><p>{text}</p></body></html>', 404)


def _lags(request: Request) -> bool:
    fault = request.fault
    return fault is not None and fault.kind is FaultKind.CODE and fault.code == SYNC_LAG_CODE


def _token(request: Request, form: Mapping[str, str]) -> str:
    """From the form, the address or `Authorization: OAuth2 …`."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    given = form.get("access_token") or request.query.get("access_token", "")
    return given or (value.strip() if scheme == "OAuth2" else "")


def _read_form(request: Request) -> tuple[dict[str, str], list[bytes]]:
    """The fields and pictures of a POST. Raises `Refusal`: 20007 for a broken form, 10007 for another media type."""
    if request.method != "POST" or not request.body:
        return {}, []
    if request.content_type == "application/x-www-form-urlencoded":
        return _urlencoded(request.body), []
    if request.content_type != "multipart/form-data":
        raise Refusal(10007, "content type")
    try:
        parts = read_multipart(request.body, request.headers["content-type"])
        fields = {part.name: part.content.decode("utf-8") for part in parts if part.file_name is None}
    except ValueError:
        raise Refusal(20007) from None
    return fields, [part.content for part in parts if part.name == "pic" and part.file_name is not None]


def _urlencoded(body: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=50)
    except ValueError:
        raise Refusal(10008) from None
    if any(name == "pic" for name, _ in pairs):
        raise Refusal(20007)
    return dict(pairs)
