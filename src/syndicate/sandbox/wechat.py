"""The drill WeChat: tokens, material, drafts, publishing and mass sending, as the official pages describe them."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from threading import RLock
from typing import Any

from syndicate.sandbox.catalogue import endpoints, error_codes, limits
from syndicate.sandbox.clock import Clock
from syndicate.sandbox.effects import Effects, Journal
from syndicate.sandbox.exchange import Refusal, Reply, Request, json_reply, read_object
from syndicate.sandbox.faults import FaultKind
from syndicate.sandbox.quota import DAY, MONTH, Counters
from syndicate.sandbox.settings import WeChatSettings
from syndicate.sandbox.wechat_box import DraftBox
from syndicate.sandbox.wechat_content import Article, read_article
from syndicate.sandbox.wechat_media import Media
from syndicate.sandbox.wechat_pages import article_page, gone_page
from syndicate.sandbox.wechat_publishing import PUBLISHED, MassSending, Press
from syndicate.sandbox.wechat_tokens import Tokens

_ESCAPED = re.compile(rb"(?<!\\)(?:\\\\)*\\u[0-9a-fA-F]{4}")
_PUBLIC = ("/s/", "/preview/", "/mmbiz/")
_OK: dict[str, object] = {"errcode": 0, "errmsg": "ok"}


class WeChat:
    """One official account on one platform."""

    name = "wechat"

    def __init__(self, settings: WeChatSettings, clock: Clock, journal: Journal | None) -> None:
        self.address = ""
        self._settings = settings
        self._clock = clock
        self._effects = Effects(self.name, journal)
        self._lock = RLock()
        self._start()

    def _start(self) -> None:
        self._tokens = Tokens(self._settings)
        self._media = Media()
        self._box = DraftBox(self._read_article, lambda media_id: f"{self.address}/preview/{media_id}")
        self._press = Press(
            self._box, self._effects, self._settings.publish_delay, self._settings.lists_keep_source_url
        )
        self._mass = MassSending(self._press)
        self._daily = Counters(DAY)
        self._monthly = Counters(MONTH)
        self._calls: dict[str, Callable[[dict[str, Any], Request], dict[str, object]]] = {
            "/cgi-bin/draft/add": self._add_draft,
            "/cgi-bin/draft/get": lambda document, _: self._box.get(document),
            "/cgi-bin/draft/delete": self._delete_draft,
            "/cgi-bin/draft/update": self._update_draft,
            "/cgi-bin/draft/batchget": lambda d, _: self._box.batch(d, self._settings.lists_keep_source_url),
            "/cgi-bin/freepublish/submit": self._submit,
            "/cgi-bin/freepublish/get": lambda document, _: self._press.get(document),
            "/cgi-bin/freepublish/delete": self._delete_article,
            "/cgi-bin/freepublish/getarticle": lambda document, _: self._press.get_article(document),
            "/cgi-bin/freepublish/batchget": lambda document, _: self._press.batch(document),
            "/cgi-bin/message/mass/sendall": lambda document, _: self._mass.send_all(document, self._clock.now()),
            "/cgi-bin/message/mass/get": lambda document, _: self._mass.get(document),
            "/cgi-bin/message/mass/delete": self._delete_mass,
            "/cgi-bin/openapi/quota/get": self._quota,
            "/cgi-bin/clear_quota": self._clear_quota,
        }

    def endpoint(self, method: str, path: str) -> str:
        """The row of `endpoints.tsv`; public pages carry an id in their address."""
        return next((f"{prefix}{{id}}" for prefix in _PUBLIC if path.startswith(prefix)), path)

    def handle(self, request: Request) -> Reply:
        """Answer one request; jobs that are due end first."""
        with self._lock:
            self._press.address = self.address
            self._press.settle(self._clock.now())
            if request.path.startswith(_PUBLIC):
                return self._page(request)
            try:
                return json_reply(self._answer(request))
            except Refusal as refusal:
                return self._refuse(refusal, request)

    def refuse(self, code: int, request: Request) -> Reply:
        """`{"errcode","errmsg"}` with the platform's words, a hint where it gives one, and a request id."""
        return self._refuse(Refusal(code), request)

    def state(self) -> dict[str, object]:
        """What the public reads, the drafts that lie in the box, and every effect ever."""
        with self._lock:
            self._press.address = self.address
            self._press.settle(self._clock.now())
            drafts = [
                {"media_id": draft.media_id, "titles": [article["title"] for article in draft.articles]}
                for draft in self._box.drafts.values()
            ]
            return {"visible": self._press.visible(), "drafts": drafts} | self._effects.report()

    def reset(self) -> None:
        """A new, empty account; tokens given out before are worth nothing."""
        with self._lock:
            self._effects.reset(self._clock.now())
            self._start()

    def _answer(self, request: Request) -> dict[str, object]:
        endpoint = endpoints(self.name).get(request.path)
        if endpoint is None:
            raise Refusal(40066)
        if request.method not in endpoint.methods:
            raise Refusal(43001 if endpoint.methods == ("GET",) else 43002)
        now = self._clock.now()
        if request.path not in ("/cgi-bin/token", "/cgi-bin/stable_token"):
            self._tokens.check(request.query.get("access_token"), now)
        if not self._daily.spend(request.path, endpoint.per_day, now):
            raise Refusal(45009)
        match request.path:
            case "/cgi-bin/token":
                return self._tokens.issue_plain(request.query, now)
            case "/cgi-bin/stable_token":
                return self._tokens.issue_stable(_document(request), now)
            case "/cgi-bin/draft/count":
                return {"total_count": len(self._box.drafts)}
            case "/cgi-bin/material/add_material":
                return self._media.add_material(request, self.address)
            case "/cgi-bin/media/uploadimg":
                return self._media.upload_image(request, self.address)
        return self._calls[request.path](_document(request), request)

    def _read_article(self, given: object, single: bool) -> Article:
        media = self._media
        return read_article(given, self._settings.title_limit, single, media.pictures, media.permanent)

    def _add_draft(self, document: dict[str, Any], request: Request) -> dict[str, object]:
        draft = self._box.add(document, self._clock.now())
        titles = [article["title"] for article in draft.articles]
        self._effects.add("draft_added", draft.media_id, draft.updated_at, titles=titles)
        return {"media_id": draft.media_id}

    def _update_draft(self, document: dict[str, Any], request: Request) -> dict[str, object]:
        draft = self._box.update(document, self._clock.now())
        self._effects.add("draft_updated", draft.media_id, draft.updated_at)
        return _OK

    def _delete_draft(self, document: dict[str, Any], request: Request) -> dict[str, object]:
        self._effects.add("draft_deleted", self._box.delete(document).media_id, self._clock.now())
        return _OK

    def _submit(self, document: dict[str, Any], request: Request) -> dict[str, object]:
        fault = request.fault
        chosen = fault.status if fault is not None and fault.kind is FaultKind.PUBLISH_STATUS else PUBLISHED
        return self._press.submit(document, self._clock.now(), chosen)

    def _delete_article(self, document: dict[str, Any], request: Request) -> dict[str, object]:
        self._press.delete(document, self._clock.now())
        return _OK

    def _delete_mass(self, document: dict[str, Any], request: Request) -> dict[str, object]:
        self._mass.delete(document, self._clock.now())
        return _OK

    def _quota(self, document: dict[str, Any], request: Request) -> dict[str, object]:
        endpoint = endpoints(self.name).get(str(document.get("cgi_path", "")))
        if endpoint is None or not endpoint.per_day:
            raise Refusal(76021)
        used = self._daily.used(endpoint.path, self._clock.now())
        quota = {"daily_limit": endpoint.per_day, "used": used, "remain": endpoint.per_day - used}
        return _OK | {"quota": quota}

    def _clear_quota(self, document: dict[str, Any], request: Request) -> dict[str, object]:
        if document.get("appid") != self._settings.appid:
            raise Refusal(40013)
        if not self._monthly.spend("clear", limits()["wechat.clear_quota_per_month"], self._clock.now()):
            raise Refusal(48006)
        self._daily.clear()
        return _OK

    def _refuse(self, refusal: Refusal, request: Request) -> Reply:
        known = error_codes(self.name)[refusal.code]
        hint = f" hint: [{secrets.token_hex(6)}]" if known.hint else ""
        request_id = "-".join(secrets.token_hex(4) for _ in range(3))
        message = f"{known.text.format(address=request.client)}{hint} rid: {request_id}"
        return json_reply({"errcode": refusal.code, "errmsg": message} | refusal.more, known.status)

    def _page(self, request: Request) -> Reply:
        if request.method != "GET":
            return Reply(405)
        _, kind, identity = request.path.split("/", 2)
        if kind == "mmbiz":
            picture = self._media.show(f"{self.address}/mmbiz/{identity}?wx_fmt={request.query.get('wx_fmt', '')}")
            return picture or Reply(404)
        if kind == "preview":
            draft = self._box.drafts.get(identity)
            url = f"{self.address}{request.path}"
            return article_page(draft.articles[0], self._settings.account, None, url) if draft else gone_page("")
        page = self._press.pages.get(identity)
        if page is None or page.gone:
            return gone_page(page.gone if page else "")
        return article_page(page.article, self._settings.account, page.published_at, self._press.url(page))


def _document(request: Request) -> dict[str, Any]:
    """The JSON object of a call. Raises `Refusal`: 44002 empty, 40033 with \\uXXXX escapes, 47001 anything else."""
    if not request.body:
        raise Refusal(44002)
    if _ESCAPED.search(request.body):
        raise Refusal(40033)
    document = read_object(request.body)
    if document is None:
        raise Refusal(47001)
    return document
