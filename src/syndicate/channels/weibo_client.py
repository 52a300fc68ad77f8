"""A small client for Weibo's open API on httpx, usable by itself.

    with WeiboClient(access_token="…") as weibo:
        post = weibo.statuses.share("【样例】…… https://www.example.com/1.html", operator_address="203.0.113.7")
        print(post.id, post.address("https://weibo.com"))

`before_call` hears the path of every call before it is made and may raise to prevent it (a budget of calls, say).

Every call raises `NotDone` (surely nothing happened), `Unanswered` (it may have happened) or `PlatformError` (the
platform's `code`; `codes/weibo.tsv` says what each means). Nothing that is raised or returned holds the token.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import TracebackType

import httpx

from syndicate.channels.calls import (
    Answer,
    NotDone,
    PlatformError,
    Unanswered,
    exchange,
    id_text,
    number_text,
    parse_object,
    plain_client,
    reply_text,
)

PLATFORM = "weibo"
TIMELINE = 5
"""user_timeline gives at most this many of the newest posts."""
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class Grant:
    """An access token and how long it lives."""

    access_token: str
    expires_in: timedelta
    uid: str


@dataclass(frozen=True)
class TokenInfo:
    """What the platform knows of a token. `created_at` in seconds since 1970."""

    uid: str
    app_key: str
    scope: str
    created_at: int
    expires_in: timedelta


@dataclass(frozen=True)
class Post:
    """A status object. Links in `text` are rewritten by the platform; `created_at` None when it is unreadable."""

    id: str
    mid: str
    uid: str
    text: str
    created_at: datetime | None
    reply: str = ""
    """The scrubbed reply that held it."""

    def address(self, site: str) -> str:
        """The post's public page below `site`, such as `https://weibo.com`."""
        return f"{site.rstrip('/')}/{self.uid}/{base62(self.mid)}"


@dataclass(frozen=True)
class Timeline:
    """The newest posts, newest first, as far as they are readable; `complete` when every entry was."""

    posts: Sequence[Post]
    complete: bool
    reply: str = ""


@dataclass(frozen=True)
class RateLimits:
    """What is left of the account's calls, and when counting starts anew."""

    user_limit: int
    remaining_user_hits: int
    remaining_ip_hits: int
    reset_in: timedelta


class WeiboClient:
    """One account. May be used from several threads; `timeout` bounds every phase of a call."""

    def __init__(
        self,
        *,
        access_token: str = "",
        app_key: str = "",
        app_secret: str = "",
        base_url: str = "https://api.weibo.com",
        timeout: timedelta = timedelta(seconds=30),
        before_call: Callable[[str], None] = lambda path: None,
    ) -> None:
        self.access_token = access_token
        self.app_key = app_key
        self.app_secret = app_secret
        self._base_url = base_url.rstrip("/")
        self._seconds = timeout.total_seconds()
        self._before_call = before_call
        self._http = plain_client()
        self.oauth2 = OAuth2(self)
        self.statuses = Statuses(self)
        self.account = AccountStatus(self)

    def __enter__(self) -> WeiboClient:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Give connections back."""
        self._http.close()

    def get(self, path: str, parameters: Mapping[str, str]) -> Reply:
        """GET with the token in a header, so that it stands in no address."""
        self._before_call(path)
        return self._call(
            self._http.build_request("GET", self._base_url + path, params=parameters, headers=self._bearer)
        )

    def post(self, path: str, form: Mapping[str, str], picture: PictureFile | None = None) -> Reply:
        """POST a form, as multipart when a picture goes with it."""
        self._before_call(path)
        files = {"pic": (picture.name, picture.data, picture.media_type)} if picture else None
        data = {key: value.encode("utf-8", "replace").decode("utf-8") for key, value in form.items()}
        return self._call(
            self._http.build_request("POST", self._base_url + path, data=data, files=files, headers=self._bearer)
        )

    @property
    def _bearer(self) -> dict[str, str]:
        return {"Authorization": f"OAuth2 {self.access_token}"} if self.access_token else {}

    def _call(self, request: httpx.Request) -> Reply:
        answer = exchange(self._http, request, PLATFORM, self._seconds)
        data = parse_object(answer.body)
        secrets = (self.access_token, self.app_secret, id_text((data or {}).get("access_token")))
        reply = Reply(data or {}, answer.status, reply_text(answer.body, secrets))
        code = number_text(reply.data.get("error_code"))
        if code:
            raise PlatformError("channels.code_unknown", platform=PLATFORM, code=str(int(code)), reply=reply.text)
        if data is None or not 200 <= answer.status < 300:
            raise _without_code(answer, reply)
        return reply


@dataclass(frozen=True)
class Reply:
    """A JSON object that came back without an error code."""

    data: Mapping[str, object]
    status: int
    text: str

    def strange(self) -> Unanswered:
        """The error for a reply that lacks what it must have."""
        return Unanswered("channels.strange_reply", platform=PLATFORM, status=self.status, reply=self.text)


@dataclass(frozen=True)
class PictureFile:
    """A JPEG, GIF or PNG below 5 MB."""

    name: str
    data: bytes
    media_type: str


class OAuth2:
    """Authorisation."""

    def __init__(self, client: WeiboClient) -> None:
        self._client = client

    def authorize_url(self, redirect_uri: str, state: str) -> str:
        """Where a person agrees; the platform sends the browser back to `redirect_uri` with `code` and `state`."""
        client = self._client
        parameters = {"client_id": client.app_key, "redirect_uri": redirect_uri, "response_type": "code"}
        return str(httpx.URL(f"{client._base_url}/oauth2/authorize", params={**parameters, "state": state}))

    def access_token(self, code: str, redirect_uri: str) -> Grant:
        """Exchange a code, once, for a token."""
        client = self._client
        form = {"client_id": client.app_key, "client_secret": client.app_secret, "grant_type": "authorization_code"}
        reply = client.post("/oauth2/access_token", {**form, "code": code, "redirect_uri": redirect_uri})
        value, seconds = id_text(reply.data.get("access_token")), number_text(reply.data.get("expires_in"))
        if not value or not seconds:
            raise reply.strange()
        return Grant(value, _span(seconds), id_text(reply.data.get("uid")))

    def get_token_info(self) -> TokenInfo:
        """What is known of the client's token. The field is `expire_in` in new revisions, `expires_in` in old ones."""
        reply = self._client.post("/oauth2/get_token_info", {"access_token": self._client.access_token})
        data = reply.data
        seconds = number_text(data.get("expire_in", data.get("expires_in")))
        created = number_text(data.get("create_at"))
        if not seconds:
            raise reply.strange()
        return TokenInfo(
            uid=id_text(data.get("uid")),
            app_key=id_text(data.get("appkey")),
            scope=id_text(data.get("scope")),
            created_at=int(created or 0),
            expires_in=_span(seconds),
        )


class Statuses:
    """Posts."""

    def __init__(self, client: WeiboClient) -> None:
        self._client = client

    def share(self, status: str, operator_address: str, picture: PictureFile | None = None) -> Post:
        """Publish a post (not repeatable). `operator_address` is the real IP of the operator, which is required.

        At most 140 汉字, a link under the application's safe domain, no `#话题#`.
        """
        reply = self._client.post("/2/statuses/share.json", {"status": status, "rip": operator_address}, picture)
        return _whole_post(reply)

    def user_timeline(self, count: int = TIMELINE, *, own_application: bool = True) -> Timeline:
        """The account's newest posts, at most five; `own_application` leaves out posts of other applications."""
        parameters = {"count": str(count), "base_app": "1" if own_application else "0"}
        reply = self._client.get("/2/statuses/user_timeline.json", parameters)
        entries = reply.data.get("statuses")
        if not isinstance(entries, list):
            raise reply.strange()
        posts = [_post(entry, "") for entry in entries]
        return Timeline(tuple(post for post in posts if post), None not in posts, reply.text)

    def destroy(self, post_id: str) -> Post:
        """Delete a post; `PlatformError` 20101 when there is none."""
        return _whole_post(self._client.post("/2/statuses/destroy.json", {"id": post_id}))


class AccountStatus:
    """The account."""

    def __init__(self, client: WeiboClient) -> None:
        self._client = client

    def rate_limit_status(self) -> RateLimits:
        """What is left of today's calls."""
        reply = self._client.get("/2/account/rate_limit_status.json", {})
        names = ("user_limit", "remaining_user_hits", "remaining_ip_hits", "reset_time_in_seconds")
        numbers = [number_text(reply.data.get(name)) for name in names]
        if not all(numbers):
            raise reply.strange()
        user_limit, user_hits, ip_hits, _ = (int(number) for number in numbers)
        return RateLimits(user_limit, user_hits, ip_hits, _span(numbers[3]))


def base62(mid: str) -> str:
    """A numeric mid as it stands in addresses: groups of 7 digits from the right, each in base 62, padded to 4."""
    groups = [mid[max(0, end - 7) : end] for end in range(len(mid), 0, -7)][::-1]
    written = [_in_base_62(int(group)) for group in groups]
    return "".join([*written[:1], *(group.rjust(4, "0") for group in written[1:])])


def _in_base_62(number: int) -> str:
    written = _DIGITS[number % 62]
    while number := number // 62:
        written = _DIGITS[number % 62] + written
    return written


def _span(seconds: str) -> timedelta:
    return timedelta(seconds=max(0, min(int(seconds), 100 * 366 * 86400)))


def _whole_post(reply: Reply) -> Post:
    post = _post(reply.data, reply.text)
    if post is None:
        raise reply.strange()
    return post


def _post(data: object, text: str) -> Post | None:
    """A status object as a post; None without a usable id."""
    if not isinstance(data, Mapping):
        return None
    post_id = number_text(data.get("idstr")) or number_text(data.get("id")) or number_text(data.get("mid"))
    if not post_id.isdigit():
        return None
    mid = number_text(data.get("mid"))
    user = data.get("user")
    uid = (number_text(user.get("idstr")) or number_text(user.get("id"))) if isinstance(user, Mapping) else ""
    words = data.get("text")
    return Post(
        id=post_id,
        mid=mid if mid.isdigit() else post_id,
        uid=uid,
        text=words if isinstance(words, str) else "",
        created_at=_moment(data.get("created_at")),
        reply=text,
    )


def _moment(value: object) -> datetime | None:
    """`Wed Oct 24 23:49:17 +0800 2012` as an aware time, whatever the locale."""
    words = value.split() if isinstance(value, str) else []
    if len(words) != 6 or words[1] not in _MONTHS:
        return None
    written = f"{words[5]}-{_MONTHS.index(words[1]) + 1:02}-{words[2]:0>2}T{words[3]}{words[4]}"
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _without_code(answer: Answer, reply: Reply) -> NotDone | Unanswered:
    """An HTTP error, a page or garbage: only 408 and 429 surely changed nothing."""
    if answer.status in (408, 429):
        header = answer.headers.get("retry-after", "")
        return NotDone("channels.busy", platform=PLATFORM, status=answer.status, retry_after=header, reply=reply.text)
    return reply.strange()
