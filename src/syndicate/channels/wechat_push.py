"""The mass message: a bundle of articles pushed to every follower, once, at the account's set hour.

A repeat is harmless: `clientmsgid` names the delivery, and 45065 answers with the message that was sent already.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta

from syndicate.channels import settings
from syndicate.channels.calls import PlatformError, id_text
from syndicate.channels.codes import CodeClass, code_class
from syndicate.channels.wechat_client import PLATFORM, OfficialAccountClient
from syndicate.errors import Message
from syndicate.model.delivery import Accepted, Delivered, Job, NeedsPerson, Outcome, Receipt, TryLater, WaitReason

PUSH_AT = "09:00"
"""When the day's message goes out, unless the account says otherwise."""
TRIED = "push_tried"
"""Note: the message may be out already, so that sending it again costs none of the account's messages."""
SEND = "message/mass/sendall"
_SENDING, _SENT = "SENDING", "SEND_SUCCESS"

_Answer = tuple[Outcome, Mapping[str, str]]


def push(client: OfficialAccountClient, job: Job) -> _Answer:
    """Wait for the hour, then send."""
    at = job.notes.get("push_at") or next_push(job).isoformat()
    notes = {**job.notes, "push_at": at}
    if job.now < datetime.fromisoformat(at):
        why = Message("channels.push_hour", {"channel": job.channel.title})
        return TryLater(why, datetime.fromisoformat(at), WaitReason.WINDOW), notes
    try:
        message_id = client.send_to_all(job.notes["media_id"], job.key)
    except PlatformError as error:
        message_id = id_text(error.message.values.get("message_id"))
        if code_class(PLATFORM, error.code) is not CodeClass.DONE or not message_id:
            raise
    return Accepted(job.now + job.channel.ladder.poll[0]), {**notes, "message_id": message_id}


def push_status(client: OfficialAccountClient, job: Job) -> _Answer:
    """Whether the message has gone out."""
    message_id = job.notes["message_id"]
    status = client.push_status(message_id)
    if status == _SENT:
        return Delivered(Receipt(message_id, "", job.now, {"message_id": message_id})), job.notes
    if status != _SENDING:
        return NeedsPerson(Message("channels.push_failed", {"status": status})), job.notes
    polls = int(job.notes.get("polls", "0")) + 1
    ladder = job.channel.ladder.poll
    return Accepted(job.now + ladder[min(polls, len(ladder) - 1)]), {**job.notes, "polls": str(polls)}


def push_failed(outcome: Outcome, job: Job) -> tuple[Outcome, Mapping[str, str]]:
    """What follows from a push that failed: a used-up day waits for the next one's hour; a repeat is not counted."""
    if isinstance(outcome, TryLater) and outcome.wait is WaitReason.QUOTA and outcome.not_before:
        at = next_push(replace(job, now=outcome.not_before))
        return replace(outcome, not_before=at), {**job.notes, "push_at": at.isoformat()}
    return outcome, {**job.notes, TRIED: "yes"}


def await_push(job: Job) -> Outcome:
    """A single article of an account that pushes: it waits until a bundle takes it along."""
    until = next_push(job) + timedelta(minutes=30)
    return TryLater(Message("channels.waits_for_push", {"channel": job.channel.title}), until, WaitReason.WINDOW)


def next_push(job: Job) -> datetime:
    """The next time at which the account's message of the day goes out."""
    hour = time.fromisoformat(settings.text(job.channel, "push_at", PUSH_AT))
    today = job.now.replace(hour=hour.hour, minute=hour.minute, second=0, microsecond=0)
    return today if job.now <= today else today + timedelta(days=1)
