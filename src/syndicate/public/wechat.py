"""Where WeChat's servers push what has happened: `GET` and `POST /wechat/{channel}`.

GET proves that the address is ours. A POST is checked by signature, read, kept once, and taken as a hint: the delivery
that waits asks the platform itself. Anything else is answered without touching the database. WeChat waits five seconds.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from http import HTTPStatus
from urllib.parse import parse_qs
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from syndicate.channels.wechat_callback import decrypted, encrypted_text, is_signed, pushed_event
from syndicate.config.secrets import OfficeSecrets
from syndicate.errors import InputError, NotFound, SyndicateError
from syndicate.flow.hints import hint
from syndicate.flow.workspace import Workspace
from syndicate.model.channel import Channel, ChannelKind
from syndicate.records.connection import close_connections, database_refusals

PREFIX = "/wechat/"
LARGEST = 65_536
OLDEST = timedelta(hours=1)
"""A signature is good for so long before and after its own time: clocks may be minutes apart."""
_PATH = re.compile(PREFIX + r"([a-z][a-z0-9-]{0,62})")
_LOG = logging.getLogger(__name__)

Answer = tuple[HTTPStatus, bytes]


def callbacks(workspace: Workspace) -> WSGIApplication:
    """The callback address of every official account of the office."""

    def handle(environment: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        try:
            status, body = _answer(workspace, environment)
        except SyndicateError as error:
            _LOG.error("%s", error.message.key)
            status, body = HTTPStatus.SERVICE_UNAVAILABLE, b""
        finally:
            close_connections()
        headers = [("Content-Type", "text/plain; charset=utf-8"), ("X-Content-Type-Options", "nosniff")]
        start(f"{status.value} {status.phrase}", [*headers, ("Content-Length", str(len(body)))])
        return [body]

    return handle


def _answer(workspace: Workspace, environment: WSGIEnvironment) -> Answer:
    found = _PATH.fullmatch(environment.get("PATH_INFO", ""))
    channel = workspace.snapshot.channels.get(found[1]) if found else None
    if channel is None or channel.kind is not ChannelKind.WECHAT or "callback_token" not in channel.secrets:
        return HTTPStatus.NOT_FOUND, b""
    asked = _parameters(environment)
    token = _secret(workspace, channel, "callback_token")
    if not is_signed(token, asked["signature"], asked["timestamp"], asked["nonce"]) or not _is_fresh(workspace, asked):
        return HTTPStatus.FORBIDDEN, b""
    match environment["REQUEST_METHOD"]:
        case "GET":
            return HTTPStatus.OK, asked["echostr"].encode("utf-8", "replace")
        case "POST":
            return _pushed(workspace, channel, token, asked, environment)
        case _:
            return HTTPStatus.METHOD_NOT_ALLOWED, b""


def _pushed(
    workspace: Workspace, channel: Channel, token: str, asked: Mapping[str, str], environment: WSGIEnvironment
) -> Answer:
    body = environment["wsgi.input"].read(LARGEST + 1)
    if len(body) > LARGEST:
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE, b""
    try:
        if "callback_key" in channel.secrets:
            encrypted = encrypted_text(body)
            if not is_signed(token, asked["msg_signature"], asked["timestamp"], asked["nonce"], encrypted):
                return HTTPStatus.FORBIDDEN, b""
            key = _secret(workspace, channel, "callback_key")
            body = decrypted(key, _secret(workspace, channel, "app_id"), encrypted)
        event = pushed_event(body)
    except InputError:
        return HTTPStatus.BAD_REQUEST, b""
    if event:
        with database_refusals():
            hint(workspace, channel.id, event)
    return HTTPStatus.OK, b"success"


def _parameters(environment: WSGIEnvironment) -> Mapping[str, str]:
    try:
        values = parse_qs(environment.get("QUERY_STRING", "")[:2_000], max_num_fields=20)
    except ValueError:
        values = {}
    names = ("signature", "msg_signature", "timestamp", "nonce", "echostr")
    return {name: values.get(name, [""])[0] for name in names}


def _is_fresh(workspace: Workspace, asked: Mapping[str, str]) -> bool:
    written = asked["timestamp"]
    if not (written.isascii() and written.isdigit() and len(written) <= 12):
        return False
    return abs(int(written) - workspace.now().timestamp()) <= OLDEST.total_seconds()


def _secret(workspace: Workspace, channel: Channel, purpose: str) -> str:
    try:
        return OfficeSecrets(workspace.home).get(channel.secrets[purpose])
    except NotFound as error:
        _LOG.error("%s", error.message.zh)
        return ""
