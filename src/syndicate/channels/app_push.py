"""The push notice of an app by JPush v3: an own step after the article, never repeated without the same `cid`.

`GET /v3/push/cid` gives a cid, which is committed in the notes before anything is sent. Repeating it returns the first
result for a day (docs.jiguang.cn, 2025-10), so that the step may be repeated within `CID_LASTS`; afterwards a person
decides. 200 is always success; every refusal has another status and `error.code` (docs.jiguang.cn, HTTP 状态码, 2021-12).
"""

from __future__ import annotations

import base64
from contextlib import closing
from datetime import datetime, timedelta

import httpx

from syndicate.channels import settings
from syndicate.channels.calls import (
    Answer,
    CallError,
    NotDone,
    Unanswered,
    exchange,
    id_text,
    number_text,
    parse_object,
    plain_client,
    reply_text,
    retry_time,
)
from syndicate.channels.codes import outcome_of
from syndicate.errors import Message, SyndicateError
from syndicate.model.delivery import Accepted, Delivered, Job, NeedsPerson, Receipt, Step, StepResult, TryLater
from syndicate.model.hands import Hands

PLATFORM = "jpush"
CID, PUSH = "cid", "push"
CID_LASTS = timedelta(hours=20)
"""A cid holds for a day; the rest is left for a slow call and for clocks that differ."""
_BASE = "https://api.jpush.cn"
_NOBODY = "1011"
"""No device is registered: there is nobody to notify."""
_DAY = 86_400


def next_step(job: Job) -> Step:
    """First the cid, then the notice with it; both may be repeated."""
    return Step(PUSH if CID in job.notes else CID, True)


def perform(step: Step, job: Job, hands: Hands, receipt: Receipt) -> StepResult:
    """Make the step's call. `receipt` is the article's, which the notice completes."""
    if step.name == PUSH and job.now - datetime.fromisoformat(job.notes["cid_at"]) > CID_LASTS:
        return StepResult(NeedsPerson(Message("channels.push_late", {"channel": job.channel.title})), job.notes)
    try:
        key, secret = (settings.secret(job.channel, hands, name) for name in ("push_app_key", "push_master_secret"))
        answer = _call(step, job, (key, secret))
        kept = reply_text(answer.body, (key, secret))
        result = _cid(job, answer) if step.name == CID else _pushed(job, answer, receipt)
    except SyndicateError as error:
        kept = error.reply if isinstance(error, CallError) else ""
        return StepResult(outcome_of(error, step, PLATFORM, job.now), job.notes, reply=kept)
    return StepResult(result.outcome, result.notes, result.code, kept)


def _call(step: Step, job: Job, credentials: tuple[str, str]) -> Answer:
    base = settings.text(job.channel, "push_base_url", _BASE).rstrip("/")
    with closing(plain_client()) as client:
        try:
            if step.name == CID:
                request = client.build_request("GET", f"{base}/v3/push/cid", params={"count": 1, "type": "push"})
            else:
                request = client.build_request("POST", f"{base}/v3/push", json=_notice(job))
        except httpx.InvalidURL:
            raise NotDone("channels.unreachable", platform=PLATFORM, reason="InvalidURL") from None
        pair = base64.b64encode(":".join(credentials).encode()).decode()
        request.headers["Authorization"] = f"Basic {pair}"
        return exchange(client, request, PLATFORM, job.channel.ladder.timeout.total_seconds())


def _notice(job: Job) -> dict[str, object]:
    """The approved title, and the article's number for the app to open."""
    alert = job.rendition.fields.get("title", "")
    shown = {"alert": alert, "extras": {"id": str(job.item)}}
    return {
        "cid": job.notes[CID],
        "platform": "all",
        "audience": "all",
        "notification": {"alert": alert, "android": shown, "ios": shown, "hmos": shown},
        "options": {"time_to_live": _DAY, "apns_production": True},
    }


def _cid(job: Job, answer: Answer) -> StepResult:
    listed = (parse_object(answer.body) or {}).get("cidlist")
    cid = id_text(listed[0]) if isinstance(listed, list) and listed else ""
    if answer.status == 200 and cid:
        return StepResult(Accepted(job.now), {**job.notes, CID: cid, "cid_at": job.now.isoformat()}, "200")
    return _other(job, answer)


def _pushed(job: Job, answer: Answer, receipt: Receipt) -> StepResult:
    message = number_text((parse_object(answer.body) or {}).get("msg_id"))
    if answer.status == 200 and message:
        return StepResult(_with(receipt, message), job.notes, "200")
    if answer.status == 400 and _code(answer) == _NOBODY:
        return StepResult(_with(receipt, "nobody"), job.notes, _NOBODY)
    return _other(job, answer)


def _with(receipt: Receipt, push: str) -> Delivered:
    return Delivered(Receipt(receipt.remote_id, receipt.url, receipt.at, {**receipt.details, "push": push}))


def _other(job: Job, answer: Answer) -> StepResult:
    """What is neither: told to wait, refused (surely nothing was sent, so the cid is given up), or no answer at all."""
    status, code = answer.status, _code(answer)
    if status == 429:
        why = Message("channels.busy", {"platform": PLATFORM, "status": status})
        return StepResult(TryLater(why, retry_time(answer.headers.get("retry-after", ""), job.now)), job.notes, code)
    if 400 <= status < 500 and code:
        values = {"channel": job.channel.title, "status": status, "code": code}
        notes = {name: value for name, value in job.notes.items() if name not in (CID, "cid_at")}
        return StepResult(NeedsPerson(Message("channels.push_refused", values)), notes, code)
    raise Unanswered("channels.strange_reply", platform=PLATFORM, status=status)


def _code(answer: Answer) -> str:
    error = (parse_object(answer.body) or {}).get("error")
    return number_text(error.get("code")) if isinstance(error, dict) else ""
