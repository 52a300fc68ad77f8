"""A client for a WeChat official account: wechatpy's, with its known defects closed.

What differs from wechatpy 1.8.18: no automatic retry (it recurses without end on token errors); the token comes from
`stable_token` with time-outs and is shared through a vault under a lock; only JSON objects with the expected key count
as success; bytes instead of file handles, UTF-8 instead of \\u escapes; replies are bounded; nothing that is raised
or kept holds the token or the secret; the draft and publish interfaces, which wechatpy does not have.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import requests
import urllib3
from wechatpy.client import WeChatClient
from wechatpy.exceptions import WeChatClientException

from syndicate.channels.calls import (
    REPLY_LIMIT,
    NotDone,
    PlatformError,
    Unanswered,
    id_text,
    number_text,
    parse_object,
    reply_text,
)
from syndicate.model.channel import Token, TokenVault

PLATFORM = "wechat"
STALE_TOKEN = frozenset({"40001", "40014", "42001"})
_MARGIN = timedelta(minutes=1)
"""A token that ends sooner than this is not used any more."""
_CONNECT_SECONDS = 10.0
PAGE = 20
"""Most entries that batchget gives at once."""


@dataclass(frozen=True)
class Account:
    """Which official account, and under which channel id its token is kept."""

    channel: str
    app_id: str
    secret: str
    base_url: str = "https://api.weixin.qq.com"


class BoundedSession(requests.Session):
    """A session without proxies, redirects and idle connections, whose replies are bounded in size and time."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False
        self.headers.update({"Accept-Encoding": "identity", "Connection": "close", "User-Agent": "syndicate"})

    def request(self, method: str | bytes, url: str | bytes, **options: object) -> requests.Response:  # type: ignore[override]
        """Like `requests.Session.request`; `timeout` is in seconds and needed."""
        seconds = options.pop("timeout")
        assert isinstance(seconds, float)
        limits = (min(_CONNECT_SECONDS, seconds), seconds)
        response = super().request(method, url, stream=True, allow_redirects=False, timeout=limits, **options)  # type: ignore[arg-type]
        try:
            body = _read(response, seconds)
        finally:
            response.close()
        # The documented attributes stay usable: requests hands out what is set here.
        response._content = body
        response._content_consumed = True  # type: ignore[attr-defined]
        return response

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Never look at a Location header, which may be garbage."""
        return


def _read(response: requests.Response, seconds: float) -> bytes:
    end = time.monotonic() + seconds
    body = bytearray()
    while chunk := response.raw.read1(65536, decode_content=False):
        body += chunk
        if len(body) > REPLY_LIMIT:
            break
        if time.monotonic() > end:
            raise requests.ReadTimeout("body")
    return bytes(body[:REPLY_LIMIT])


class OfficialAccountClient(WeChatClient):  # type: ignore[misc]
    """Calls for one account at one moment `now` (aware). Make a new one for every step; one belongs to one thread.

    `before_call` hears the name of every call before it is made and may raise to prevent it (a budget of calls).

    Every call raises `NotDone`, `Unanswered` or `PlatformError` (code of the platform's table). `last_reply` is the
    newest reply, scrubbed.
    """

    def __init__(
        self,
        account: Account,
        vault: TokenVault,
        now: datetime,
        timeout: timedelta,
        before_call: Callable[[str], None] = lambda call: None,
    ) -> None:
        super().__init__(account.app_id, account.secret, timeout=timeout.total_seconds(), auto_retry=False)
        self.API_BASE_URL = f"{account.base_url.rstrip('/')}/cgi-bin/"
        self._http = BoundedSession()
        self._account = account
        self._vault = vault
        self._now = now
        self._before_call = before_call
        self._used = ""
        self.last_reply = ""

    def close(self) -> None:
        """Give connections back."""
        self._http.close()

    @property
    def access_token(self) -> str:
        """The token that all processes share; a new one when there is none or it is about to end."""
        stored = self._vault.get(self._account.channel)
        return stored.value if stored and self._usable(stored) else self._renew(refused="")

    def fetch_access_token(self) -> dict[str, object]:
        """Wechatpy's hook: renew the shared token."""
        return {"access_token": self._renew(refused="")}

    def call(self, endpoint: str, payload: Mapping[str, object]) -> dict[str, object]:
        """POST a JSON body; the reply's object. Renews a refused token once."""
        body = json.dumps(payload, ensure_ascii=False).encode("utf-8", "replace")
        return self._with_token(endpoint, data=body, headers={"Content-Type": "application/json; charset=utf-8"})

    def upload(self, endpoint: str, name: str, data: bytes, media_type: str, **parameters: str) -> dict[str, object]:
        """POST one file as multipart; the reply's object. Renews a refused token once."""
        return self._with_token(endpoint, files={"media": (name, data, media_type)}, params=parameters)

    def upload_picture(self, name: str, data: bytes, media_type: str) -> str:
        """Picture for a text (jpg or png below 1 MB); its address."""
        return self._expect(self.upload("media/uploadimg", name, data, media_type), "url")

    def add_cover(self, name: str, data: bytes, media_type: str) -> str:
        """Picture into the permanent material (at most 10 MB); its media id."""
        return self._expect(self.upload("material/add_material", name, data, media_type, type="image"), "media_id")

    def add_draft(self, articles: Sequence[Mapping[str, object]]) -> str:
        """New draft; its media id. Not repeatable: there is no idempotency key."""
        return self._expect(self.call("draft/add", {"articles": list(articles)}), "media_id")

    def update_draft(self, media_id: str, article: Mapping[str, object], index: int = 0) -> None:
        """Replace an article of a draft; `PlatformError` 40007 when the draft is not in the box."""
        reply = self.call("draft/update", {"media_id": media_id, "index": index, "articles": dict(article)})
        self._expect(reply, "errcode")

    def delete_draft(self, media_id: str) -> None:
        """Throw a draft away."""
        self._expect(self.call("draft/delete", {"media_id": media_id}), "errcode")

    def draft(self, media_id: str) -> dict[str, object]:
        """A draft; `PlatformError` 40007 when it is not in the box."""
        return self._with_list(self.call("draft/get", {"media_id": media_id}), "news_item")

    def drafts(self, offset: int, count: int = PAGE) -> dict[str, object]:
        """A page of the draft box, newest first, without texts."""
        return self._with_list(self._page("draft/batchget", offset, count), "item")

    def submit(self, media_id: str) -> str:
        """Hand a draft over for publication; its publish id. Not repeatable."""
        return self._expect(self.call("freepublish/submit", {"media_id": media_id}), "publish_id")

    def publication(self, publish_id: str) -> dict[str, object]:
        """The state of a publication; `publish_status` is a number."""
        reply = self.call("freepublish/get", {"publish_id": publish_id})
        self._expect(reply, "publish_status")
        return reply

    def publications(self, offset: int) -> dict[str, object]:
        """A page of what is published (not mass-sent), newest first, without texts."""
        return self._with_list(self._page("freepublish/batchget", offset), "item")

    def delete_article(self, article_id: str) -> None:
        """Delete the only article of a publication (index 1: 0 would delete all)."""
        reply = self.call("freepublish/delete", {"article_id": article_id, "index": 1})
        self._expect(reply, "errcode")

    def send_to_all(self, media_id: str, client_id: str) -> str:
        """Push a draft to every follower; the message's id. `client_id` (at most 64 bytes) makes repeats harmless."""
        news = {"filter": {"is_to_all": True}, "mpnews": {"media_id": media_id}, "msgtype": "mpnews"}
        reply = self.call("message/mass/sendall", {**news, "send_ignore_reprint": 0, "clientmsgid": client_id})
        return self._expect(reply, "msg_id")

    def push_status(self, message_id: str) -> str:
        """What became of a push: SENDING, SEND_SUCCESS, SEND_FAIL or DELETE."""
        return self._expect(self.call("message/mass/get", {"msg_id": message_id}), "msg_status")

    def delete_push(self, message_id: str, index: int) -> None:
        """Delete the `index`th article of a push, counted from 1; 0 deletes all."""
        self._expect(self.call("message/mass/delete", {"msg_id": message_id, "article_idx": index}), "errcode")

    def _page(self, endpoint: str, offset: int, count: int = PAGE) -> dict[str, object]:
        return self.call(endpoint, {"offset": offset, "count": count, "no_content": 1})

    def _expect(self, reply: Mapping[str, object], key: str) -> str:
        """The text under `key`; without it the reply says nothing (`{}` is no success)."""
        value = id_text(reply.get(key))
        if not value:
            raise Unanswered("channels.strange_reply", reply=self.last_reply, platform=PLATFORM, status=200)
        return value

    def _with_list(self, reply: dict[str, object], key: str) -> dict[str, object]:
        if not isinstance(reply.get(key), list):
            raise Unanswered("channels.strange_reply", reply=self.last_reply, platform=PLATFORM, status=200)
        return reply

    def _with_token(self, endpoint: str, **options: object) -> dict[str, object]:
        try:
            return self._send(endpoint, self.access_token, options)
        except PlatformError as error:
            if error.code not in STALE_TOKEN or not self._used:
                raise
        return self._send(endpoint, self._renew(refused=self._used), options)

    def _send(self, endpoint: str, token: str, options: Mapping[str, object]) -> dict[str, object]:
        self._before_call(endpoint)
        self._used = token
        parameters = options.get("params", {})
        assert isinstance(parameters, Mapping)
        return self._post_once(endpoint, {**options, "params": {**parameters, "access_token": token}})

    def _post_once(self, endpoint: str, arguments: Mapping[str, object]) -> dict[str, object]:
        """One request through wechatpy, its errors translated. Error texts of the libraries hold the token: dropped."""
        self.last_reply = ""
        try:
            reply: dict[str, object] = self.post(endpoint, **arguments)
        except WeChatClientException as error:
            raise self._status_error(error.response) from None
        except (OSError, urllib3.exceptions.HTTPError, UnicodeError) as error:
            kind = NotDone if _never_connected(error) else Unanswered
            key = "channels.unreachable" if kind is NotDone else "channels.no_answer"
            raise kind(key, platform=PLATFORM, reason=type(error).__name__) from None
        return reply

    def _status_error(self, response: requests.Response) -> NotDone | Unanswered:
        """What an HTTP status of 4xx or 5xx means: 408 and 429 are turned away, anything else is doubtful."""
        status = response.status_code
        self._keep(response)
        if status in (408, 429):
            header = response.headers.get("Retry-After", "")
            return NotDone("channels.busy", platform=PLATFORM, status=status, retry_after=header, reply=self.last_reply)
        return Unanswered("channels.strange_reply", platform=PLATFORM, status=status, reply=self.last_reply)

    def _handle_result(
        self,
        res: requests.Response,
        method: str | None = None,
        url: str | None = None,
        result_processor: object = None,
        **arguments: object,
    ) -> dict[str, object]:
        """Wechatpy's hook for every reply with a good status: only an object without an error code passes."""
        self._keep(res)
        reply = parse_object(res.content)
        if reply is None:
            raise Unanswered("channels.strange_reply", platform=PLATFORM, status=res.status_code, reply=self.last_reply)
        code = number_text(reply.get("errcode", 0))
        if code == "":
            raise Unanswered("channels.strange_reply", platform=PLATFORM, status=res.status_code, reply=self.last_reply)
        if int(code) != 0:
            code = str(int(code))
            given = {"message_id": id_text(reply.get("msg_id"))}
            raise PlatformError("channels.code_unknown", platform=PLATFORM, code=code, reply=self.last_reply, **given)
        return reply

    def _keep(self, response: requests.Response) -> None:
        fresh = parse_object(response.content) or {}
        secrets = (self._account.secret, self._used, id_text(fresh.get("access_token")))
        self.last_reply = reply_text(response.content, secrets)

    def _usable(self, token: Token) -> bool:
        return bool(token.value) and token.expires_at - self._now > _MARGIN

    def _renew(self, refused: str) -> str:
        """A token other than the `refused` one: one that somebody else stored meanwhile, else a new one.

        The normal mode hands out the same token until shortly before its end; only when that very token was refused
        is the old one killed (20 times a day, at least 30 s apart).
        """
        with self._vault.lock(self._account.channel):
            stored = self._vault.get(self._account.channel)
            if stored and stored.value != refused and self._usable(stored):
                return stored.value
            token = self._fetch(force=False)
            if token.value == refused:
                self._before_call("stable_token/force")
                token = self._fetch(force=True)
            self._vault.put(self._account.channel, token)
            return token.value

    def _fetch(self, *, force: bool) -> Token:
        """A call to `stable_token`. A strange reply to it is no doubt about anything: `NotDone`."""
        request = {
            "grant_type": "client_credential",
            "appid": self._account.app_id,
            "secret": self._account.secret,
            "force_refresh": force,
        }
        body = json.dumps(request).encode()
        try:
            # Without this parameter wechatpy would add a token, by asking for one.
            reply = self._post_once("stable_token", {"data": body, "params": {"access_token": ""}})
            value, seconds = self._expect(reply, "access_token"), int(self._expect(reply, "expires_in"))
        except (Unanswered, ValueError):
            raise NotDone("channels.no_token", platform=PLATFORM, reply=self.last_reply) from None
        return Token(value, self._now + timedelta(seconds=max(0, min(seconds, 7 * 86400))))


def _never_connected(error: Exception) -> bool:
    """Whether the request surely did not leave: refused, no route, no name, or no connection in time."""
    if isinstance(error, requests.ConnectTimeout):
        return True
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(reason, urllib3.exceptions.NewConnectionError | urllib3.exceptions.ConnectTimeoutError)
