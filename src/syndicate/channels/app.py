"""The app's backend: the whole article by PUT with a revision number, taken back by DELETE, signed and idempotent.

Interface (Standard Webhooks 1.0.0 headers, Idempotency-Key = webhook-id = the delivery's key):
`PUT /articles/{item}` with a JSON object: id, revision, body_html, files and every field of the rendition;
`GET` shows what is held, `DELETE` recalls. Only 2xx with our id is success; 404 and 410 on DELETE mean it is gone.
Steps: `put` or `delete`; neither is simply repeated, the backend can be asked. Where the rendition asks for a push
notice, `cid` and `push` follow (`app_push`).
Notes: `stored` (the revision that the backend holds, while a notice is still to be sent), `cid`, `cid_at`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC

import httpx
from standardwebhooks.webhooks import EmptyWebhookSecretError, Webhook

from syndicate.channels import app_push, settings
from syndicate.channels.calls import (
    Answer,
    CallError,
    NotDone,
    exchange,
    number_text,
    parse_object,
    plain_client,
    reply_text,
    retry_time,
)
from syndicate.channels.codes import outcome_of
from syndicate.channels.pages import text_hash
from syndicate.channels.replacing import replace_files
from syndicate.errors import Message, NotFound, SyndicateError
from syndicate.model.channel import FileReference
from syndicate.model.delivery import (
    Absent,
    Accepted,
    Action,
    CannotTell,
    Delivered,
    FindResult,
    Found,
    Job,
    NeedsPerson,
    Outcome,
    Proof,
    Receipt,
    Refused,
    Step,
    StepResult,
    TryLater,
    Unsure,
)
from syndicate.model.hands import Hands
from syndicate.render.media import extension
from syndicate.site.pages import file_path

PLATFORM = "app"
_GONE = (404, 410)
_STORED, _PUSH = "stored", "push"


@dataclass(frozen=True)
class _Reply:
    status: int
    data: Mapping[str, object]
    text: str
    retry_after: str


class AppDriver:
    """One app backend."""

    actions = frozenset(Action)
    careful = False

    def __init__(self, hands: Hands) -> None:
        self._hands = hands

    def next_step(self, job: Job) -> Step:
        """`put` or `delete`; a notice follows where one is wanted."""
        if _STORED in job.notes and job.action is not Action.RETRACT:
            return app_push.next_step(job)
        return Step("delete" if job.action is Action.RETRACT else "put", False)

    def perform(self, step: Step, job: Job) -> StepResult:
        """PUT or DELETE, or a step of the notice."""
        if step.name in (app_push.CID, app_push.PUSH):
            stored = Receipt(str(job.item), _address(job), job.now, {"revision": job.notes[_STORED]})
            return app_push.perform(step, job, self._hands, stored)
        method, body = ("DELETE", b"") if step.name == "delete" else ("PUT", self._body(job))
        try:
            reply = self._call(method, job, body)
        except SyndicateError as error:
            reply_kept = error.reply if isinstance(error, CallError) else ""
            return StepResult(outcome_of(error, step, PLATFORM, job.now), job.notes, reply=reply_kept)
        outcome, notes = self._outcome(step, job, reply), job.notes
        if isinstance(outcome, Delivered) and _notifies(step, job):
            notes = {**notes, _STORED: outcome.receipt.details["revision"]}
            outcome = Accepted(job.now)
        return StepResult(outcome, notes, str(reply.status), reply.text)

    def find(self, step: Step, job: Job) -> FindResult:
        """GET: the revision that the backend holds."""
        try:
            reply = self._call("GET", job, b"")
        except SyndicateError as error:
            return FindResult(CannotTell(error.message), job.notes)
        answer, notes = self._judge(step, job, reply), job.notes
        if isinstance(answer, Found) and answer.receipt and _notifies(step, job):
            notes = {**notes, _STORED: answer.receipt.details["revision"]}
            answer = Found(None)
        return FindResult(answer, notes, str(reply.status), reply.text)

    def read_back(self, receipt: Receipt, job: Job) -> Proof | None:
        """Title and text that the backend gives out."""
        try:
            reply = self._call("GET", job, b"")
        except SyndicateError:
            return None
        if reply.status in _GONE:
            return Proof(None)
        if not _is_article(reply, job):
            return None
        return Proof(text_hash(str(reply.data.get("title", "")), str(reply.data.get("body_html", ""))))

    def close(self) -> None:
        """Nothing is kept between calls."""

    def _outcome(self, step: Step, job: Job, reply: _Reply) -> Outcome:
        """Where every reply becomes an outcome."""
        status = reply.status
        values = {"status": status}
        if step.name == "delete" and status in _GONE:
            return Delivered(_receipt(job, reply))
        match status:
            case 200 | 201 if _is_article(reply, job):
                return Delivered(_receipt(job, reply))
            case 204:
                return Delivered(_receipt(job, reply))
            case 202:
                # Accepted is not yet held: the look tells.
                return Unsure(Message("channels.app_status", values))
            case 401 | 403:
                return NeedsPerson(Message("channels.app_key", values))
            case 400 | 413 | 422:
                return Refused(Message("channels.app_content", values))
            case 409:
                return self._conflict(job, reply)
            case 408 | 425 | 429:
                return _busy(job, reply)
            case 503 if reply.retry_after:
                return _busy(job, reply)
            case _ if 300 <= status < 500:
                return NeedsPerson(Message("channels.app_status", values))
            case _:
                return Unsure(Message("channels.strange_reply", {"platform": PLATFORM, **values}))

    def _conflict(self, job: Job, reply: _Reply) -> Outcome:
        """409: the first call with this key still runs, or another revision stands there."""
        theirs = number_text(reply.data.get("revision"))
        if not theirs:
            return _busy(job, reply)
        return NeedsPerson(Message("channels.app_newer", {"theirs": theirs, "ours": job.revision}))

    def _judge(self, step: Step, job: Job, reply: _Reply) -> Found | Absent | CannotTell:
        values = {"status": reply.status}
        theirs = number_text(reply.data.get("revision"))
        if reply.status in _GONE:
            return Found(_receipt(job, reply)) if step.name == "delete" else Absent()
        if not _is_article(reply, job) or not theirs:
            return CannotTell(Message("channels.app_status", values))
        if step.name == "delete":
            return Absent()
        if int(theirs) > job.revision:
            newer = Message("channels.app_newer", {"theirs": theirs, "ours": job.revision})
            return CannotTell(newer, ask_again=False)
        return Found(_receipt(job, reply)) if int(theirs) == job.revision else Absent()

    def _call(self, method: str, job: Job, body: bytes) -> _Reply:
        """One signed request. Raises `NotDone`, `Unanswered` (network) or `NotFound` (no usable key)."""
        key = settings.secret(job.channel, self._hands, "signing_key")
        headers = _headers(key, job, body)
        with closing(plain_client()) as client:
            try:
                request = client.build_request(method, _address(job), content=body, headers=headers)
            except httpx.InvalidURL:
                raise NotDone("channels.unreachable", platform=PLATFORM, reason="InvalidURL") from None
            answer = exchange(client, request, PLATFORM, job.channel.ladder.timeout.total_seconds())
        return _read(answer, key)

    def _body(self, job: Job) -> bytes:
        """The same bytes on every attempt: a repeated key with another payload would be refused."""
        rendition = job.rendition
        addresses = {file.sha256: address for file in rendition.files if (address := self._file_address(job, file))}
        document = {
            **{name: value for name, value in rendition.fields.items() if name != _PUSH},
            "id": str(job.item),
            "revision": job.revision,
            "body_html": replace_files(rendition.body, addresses),
            "files": [
                {"name": f.name, "media_type": f.media_type, "role": f.role, "url": addresses[f.sha256]}
                for f in rendition.files
                if f.sha256 in addresses
            ],
        }
        text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return text.encode("utf-8", "replace")

    def _file_address(self, job: Job, file: FileReference) -> str:
        """Where our website serves the file; empty for types that it never serves or without a website of our own."""
        snapshot = self._hands.snapshot
        site_url = "" if snapshot.cms else snapshot.office.site_url
        return f"{site_url}/{file_path(job.item, file)}" if site_url and extension(file.media_type) else ""


def _notifies(step: Step, job: Job) -> bool:
    """Whether a notice follows: only for what readers have not seen, and only where that was approved."""
    return step.name == "put" and job.action is Action.PUBLISH and job.rendition.fields.get(_PUSH) == "yes"


def _headers(key: str, job: Job, body: bytes) -> dict[str, str]:
    """Standard Webhooks headers. The library stamps whatever it gets as UTC, so it gets UTC."""
    name = job.key.replace(".", "-")
    moment = job.now.astimezone(UTC)
    try:
        signature = Webhook(key).sign(name, moment, body.decode())
    except (ValueError, EmptyWebhookSecretError):
        raise NotFound("channels.app_key_form", channel=job.channel.title) from None
    return {
        "Content-Type": "application/json; charset=utf-8",
        "webhook-id": name,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": signature,
        "Idempotency-Key": f'"{name}"',
    }


def _read(answer: Answer, key: str) -> _Reply:
    data = parse_object(answer.body) or {}
    return _Reply(answer.status, data, reply_text(answer.body, (key,)), answer.headers.get("retry-after", ""))


def _address(job: Job) -> str:
    return f"{job.channel.base_url.rstrip('/')}/articles/{job.item}"


def _is_article(reply: _Reply, job: Job) -> bool:
    return reply.status in (200, 201) and number_text(reply.data.get("id")) == str(job.item)


def _receipt(job: Job, reply: _Reply) -> Receipt:
    revision = number_text(reply.data.get("revision")) or str(job.revision)
    return Receipt(str(job.item), _address(job), job.now, {"revision": revision})


def _busy(job: Job, reply: _Reply) -> TryLater:
    why = Message("channels.busy", {"platform": PLATFORM, "status": reply.status})
    return TryLater(why, retry_time(reply.retry_after, job.now))
