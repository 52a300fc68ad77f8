"""Asking what became of a submitted draft, within the day's quotas.

First the ladder's questions about this one article; then one list for everything that is pending, at most once in
`sweep_every`, and every sixth hour a question again, because the list does not show failures. A callback's hint makes
the next question a direct one. Notes: `polls`, `hinted`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from syndicate.channels import settings
from syndicate.channels.calls import PlatformError, QuotaSpent, Unanswered, id_text
from syndicate.channels.codes import CodeClass, code_class, code_message
from syndicate.channels.wechat_client import PLATFORM, OfficialAccountClient
from syndicate.channels.wechat_memory import Memory
from syndicate.channels.wechat_search import find_article, published_receipt
from syndicate.errors import Message
from syndicate.model.delivery import Accepted, Delivered, Job, NeedsPerson, Outcome, Refused

SWEEP_EVERY = timedelta(minutes=20)
_ASK_EVERY = timedelta(hours=6)
_PUBLISHED, _RUNNING, _FAILED = "0", "1", "3"
DRAFT_NOTES = ("media_id", "publish_id", "submitted_at", "polls", "hinted", "submit_unsure_at", "draft_gone")
"""Notes that belong to one draft."""

_Answer = tuple[Outcome, Mapping[str, str]]


def with_hint(notes: Mapping[str, str]) -> dict[str, str]:
    """The notes after a callback said that something happened: the next look is a direct question."""
    return {**notes, "hinted": "yes"}


def without_draft(notes: Mapping[str, str]) -> dict[str, str]:
    """The notes as before a draft existed."""
    return {key: value for key, value in notes.items() if key not in DRAFT_NOTES}


def poll(client: OfficialAccountClient, job: Job, memory: Memory) -> _Answer:
    """One question, or one look at the list that all share."""
    if not _asks_directly(job):
        return _sweep(client, job, memory)
    job_notes = {key: value for key, value in job.notes.items() if key != "hinted"}
    try:
        reply = client.publication(job.notes["publish_id"])
    except QuotaSpent:
        return _sweep(client, job, memory)
    except PlatformError as error:
        if code_class(PLATFORM, error.code) is not CodeClass.QUOTA_DAY:
            raise
        # Asking is used up for today; the list of what is published has a quota of its own.
        return _sweep(client, job, memory)
    status = id_text(reply["publish_status"])
    if status == _PUBLISHED:
        receipt = published_receipt(reply, job)
        if receipt is None:
            raise Unanswered("channels.strange_reply", platform=PLATFORM, status=200, reply=client.last_reply)
        return Delivered(receipt), job_notes
    return _still_waiting(job, job_notes) if status == _RUNNING else publication_failed(status, job)


def _asks_directly(job: Job) -> bool:
    polls = _polls(job)
    often = max(1, _ASK_EVERY // _sweep_every(job))
    return polls < len(job.channel.ladder.poll) or "hinted" in job.notes or polls % often == 0


def _polls(job: Job) -> int:
    return int(job.notes.get("polls", "0"))


def _sweep_every(job: Job) -> timedelta:
    return settings.duration(job.channel, "sweep_every", SWEEP_EVERY)


def _sweep(client: OfficialAccountClient, job: Job, memory: Memory) -> _Answer:
    # Whoever comes second within half the span reads what the first one was told.
    publications = memory.sweep(job.now - _sweep_every(job) / 2)
    if publications is None:
        publications = client.publications(0)["item"]
        memory.keep_sweep(publications, job.now)
    receipt = find_article(publications, job)
    return (Delivered(receipt), job.notes) if receipt else _still_waiting(job, job.notes)


def _still_waiting(job: Job, notes: Mapping[str, str]) -> _Answer:
    since = notes.get("submitted_at", "")
    if since and job.now - datetime.fromisoformat(since) > job.channel.ladder.give_up:
        return NeedsPerson(Message("channels.publication_stuck", {"channel": job.channel.title})), notes
    polls = _polls(job) + 1
    ladder = job.channel.ladder.poll
    again = job.now + ladder[polls] if polls < len(ladder) else _next_sweep(job)
    return Accepted(again), {**notes, "polls": str(polls)}


def _next_sweep(job: Job) -> datetime:
    """The next common moment, so that everything that is pending shares one list."""
    every = _sweep_every(job)
    midnight = job.now.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + ((job.now - midnight) // every + 1) * every


def publication_failed(status: str, job: Job) -> _Answer:
    """A final status other than published. Where nothing came out, the way begins again with a new draft."""
    code = f"publish_status_{status}"
    why = code_message(PLATFORM, code)
    if code_class(PLATFORM, code) is CodeClass.EDIT:
        return Refused(why), without_draft(job.notes)
    return NeedsPerson(why), without_draft(job.notes) if status == _FAILED else job.notes
