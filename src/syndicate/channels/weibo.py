"""Weibo: one post per publication, looked for on the timeline when its reply was lost; posts cannot be amended.

Steps of a publication: `prepare` (no call: text, picture and token are there; from now on the post may exist), then
`share`. A retraction destroys every post that is held, one call each.
Notes: `prepared_at` (lower bound of every attempt's time), `left_out:<sha256>`, `reconcile` (the code that said that
such a post exists), `deleted` (post ids).
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta

from syndicate.channels import settings
from syndicate.channels.calls import CallError, NotDone, PlatformError, QuotaSpent, Unanswered
from syndicate.channels.codes import CodeClass, code_class, code_message, outcome_of, without_wait
from syndicate.channels.pages import text_hash
from syndicate.channels.pictures import fit_picture
from syndicate.channels.weibo_client import PLATFORM, TIMELINE, PictureFile, Post, Timeline, WeiboClient
from syndicate.errors import Message, NotFound, SyndicateError
from syndicate.model.account import AccountLook
from syndicate.model.channel import Channel
from syndicate.model.delivery import (
    Absent,
    Accepted,
    Action,
    CannotTell,
    Delivered,
    FindResult,
    Found,
    Job,
    Outcome,
    Proof,
    Receipt,
    Step,
    StepResult,
    TryLater,
)
from syndicate.model.hands import Hands
from syndicate.model.item import FileRole

_PICTURE_BYTES = 5 * 1024 * 1024
_CLOCK_SKEW = timedelta(minutes=5)
"""How far our clock and Weibo's may be apart."""
_SITE = "https://weibo.com"
_LINK = re.compile(r"https?://[!-~]+", re.IGNORECASE)
_LOOKS_ALIKE = 12
"""Characters that two posts share at the beginning when a person must compare them."""

_Answer = tuple[Outcome, Mapping[str, str], str]


class WeiboDriver:
    """One Weibo account."""

    actions = frozenset({Action.PUBLISH, Action.RETRACT})
    careful = True

    def __init__(self, hands: Hands) -> None:
        self._hands = hands

    def next_step(self, job: Job) -> Step:
        """`prepare`, then `share`; or `destroy`."""
        if job.action is Action.RETRACT:
            return Step("destroy", True)
        return Step("share", False) if "prepared_at" in job.notes else Step("prepare", True)

    def perform(self, step: Step, job: Job) -> StepResult:
        """Make the step's call."""
        steps = {"prepare": self._prepare, "share": self._share, "destroy": self._destroy}
        try:
            with closing(self._client(job.channel, job.now)) as client:
                outcome, notes, reply = steps[step.name](client, job)
                return StepResult(outcome, notes, reply=reply)
        except SyndicateError as error:
            return self._failed(step, job, error)

    def find(self, step: Step, job: Job) -> FindResult:
        """Look for the post among the five newest."""
        if step.name != "share":
            return FindResult(CannotTell(Message("channels.no_look", {"step": step.name}), ask_again=False), job.notes)
        try:
            with closing(self._client(job.channel, job.now, looking=True)) as client:
                timeline = client.statuses.user_timeline()
        except SyndicateError as error:
            code, reply = (error.code, error.reply) if isinstance(error, CallError) else ("", "")
            why = code_message(PLATFORM, code) if isinstance(error, PlatformError) else error.message
            return FindResult(CannotTell(why), job.notes, code, reply)
        answer = _judge(timeline, job)
        notes = dict(job.notes)
        if isinstance(answer, Found):
            answer = Found(self._receipt(_ours(timeline, job)[0], job))
        if isinstance(answer, Absent):
            notes["prepared_at"] = job.now.isoformat()
        return FindResult(answer, notes, reply=timeline.reply)

    def read_back(self, receipt: Receipt, job: Job) -> Proof | None:
        """The post's text on the timeline (one of the day's 100 calls); None once five newer ones stand before it."""
        try:
            with closing(self._client(job.channel, job.now)) as client:
                timeline = client.statuses.user_timeline()
        except SyndicateError:
            return None
        for post in timeline.posts:
            if post.id == receipt.remote_id:
                return Proof(text_hash(_comparable(post.text)))
        return Proof(None) if timeline.complete and len(timeline.posts) < TIMELINE else None

    def close(self) -> None:
        """Nothing is kept between calls."""

    def probe(self, channel: Channel, now: datetime) -> AccountLook:
        """Ask what the token is worth; costs none of the day's calls."""
        try:
            with closing(self._client(channel, now)) as client:
                return AccountLook(True, ends_at=now + client.oauth2.get_token_info().expires_in)
        except PlatformError as error:
            return AccountLook(True, error.code)
        except (NotDone, Unanswered):
            return AccountLook(False)

    def _client(self, channel: Channel, now: datetime, *, looking: bool = False) -> WeiboClient:
        stored = self._hands.tokens.get(channel.id)
        if stored and stored.expires_at <= now:
            raise PlatformError("channels.weibo_token_ended", code="token_ended", channel=channel.title)
        if not stored and "access_token" not in channel.secrets:
            raise PlatformError("channels.weibo_not_authorised", code="token_ended", channel=channel.title)
        token = stored.value if stored else settings.secret(channel, self._hands, "access_token")

        def count(path: str) -> None:
            """Only the open interface itself has a quota, not the authorisation."""
            call = path.removeprefix("/2/").removesuffix(".json")
            until = self._hands.calls.take(channel, call, now, looking=looking) if path.startswith("/2/") else None
            if until:
                raise QuotaSpent(PLATFORM, call, until)

        return WeiboClient(
            access_token=token, base_url=channel.base_url, timeout=channel.ladder.timeout, before_call=count
        )

    def _failed(self, step: Step, job: Job, error: SyndicateError) -> StepResult:
        """Where every failed call becomes an outcome."""
        code, reply = (error.code, error.reply) if isinstance(error, CallError) else ("", "")
        outcome = outcome_of(error, step, PLATFORM, job.now)
        notes = dict(job.notes)
        if step.name == "destroy":
            outcome = without_wait(outcome, job.now)
        if step.name == "share":
            notes.pop("reconcile", None)
            if code_class(PLATFORM, code) is CodeClass.RECONCILE:
                notes["reconcile"] = code
            if isinstance(outcome, TryLater):
                # Surely nothing happened, so nothing of ours is older than this.
                notes["prepared_at"] = job.now.isoformat()
        return StepResult(outcome, notes, code, reply)

    def _prepare(self, client: WeiboClient, job: Job) -> _Answer:
        settings.required(job.channel, "rip")
        notes = {**job.notes, "prepared_at": job.now.isoformat()}
        for file in job.rendition.files:
            if file.role == FileRole.IMAGE and self._picture(job, file.sha256) is None:
                notes[f"left_out:{file.sha256}"] = "not_a_picture"
        return Accepted(job.now), notes, ""

    def _share(self, client: WeiboClient, job: Job) -> _Answer:
        wanted = (f.sha256 for f in job.rendition.files if f.role == FileRole.IMAGE)
        sha256 = next((sha for sha in wanted if f"left_out:{sha}" not in job.notes), "")
        picture = self._picture(job, sha256) if sha256 else None
        post = client.statuses.share(_text(job), settings.required(job.channel, "rip"), picture)
        return Delivered(self._receipt(post, job)), job.notes, post.reply

    def _picture(self, job: Job, sha256: str) -> PictureFile | None:
        """The post's picture as Weibo takes it; None when there is none or it is no picture."""
        try:
            data = self._hands.files.read(sha256)
        except NotFound:
            return None
        fitted = fit_picture(data, ("JPEG", "GIF", "PNG"), job.channel.limits.get("image_bytes", _PICTURE_BYTES))
        return PictureFile(f"{sha256[:16]}.{fitted.extension}", fitted.data, fitted.media_type) if fitted else None

    def _destroy(self, client: WeiboClient, job: Job) -> _Answer:
        post_id, reply = _next_deletion(job), ""
        if post_id:
            try:
                reply = client.statuses.destroy(post_id).reply
            except PlatformError as error:
                if code_class(PLATFORM, error.code) is not CodeClass.NOT_FOUND:
                    raise
                reply = error.reply
        notes = {**job.notes, "deleted": " ".join([*job.notes.get("deleted", "").split(), post_id])}
        if _next_deletion(replace(job, notes=notes)):
            return Accepted(job.now), notes, reply
        return Delivered(Receipt(post_id, "", job.now)), notes, reply

    def _receipt(self, post: Post, job: Job) -> Receipt:
        whose = replace(post, uid=post.uid or settings.text(job.channel, "uid"))
        url = whose.address(settings.text(job.channel, "public_url", _SITE)) if whose.uid else ""
        return Receipt(post.id, url, job.now, {"mid": post.mid, "uid": whose.uid})


def _text(job: Job) -> str:
    return job.rendition.fields.get("text", "")


def _next_deletion(job: Job) -> str:
    """The first post still held that the notes do not show as deleted."""
    done = job.notes.get("deleted", "").split()
    return next((receipt.remote_id for receipt in job.held if receipt.remote_id not in done), "")


def _judge(timeline: Timeline, job: Job) -> Found | Absent | CannotTell:
    """Found, or absent where absence is proof: the timeline reaches back to before the first attempt.

    Where the platform itself said that such a post exists, not seeing it proves nothing.
    """
    if _ours(timeline, job):
        return Found(None)
    if "reconcile" in job.notes:
        return CannotTell(code_message(PLATFORM, job.notes["reconcile"]))
    beginning = _comparable(_text(job))[:_LOOKS_ALIKE]
    if any(_comparable(post.text)[:_LOOKS_ALIKE] == beginning for post in timeline.posts if _not_held(post, job)):
        return CannotTell(Message("channels.weibo_similar"), ask_again=False)
    since = datetime.fromisoformat(job.notes["prepared_at"]) - _CLOCK_SKEW
    newer = [post for post in timeline.posts if post.created_at is None or post.created_at >= since]
    if timeline.complete and len(newer) < TIMELINE:
        return Absent()
    return CannotTell(Message("channels.weibo_not_seen"), ask_again=False)


def _ours(timeline: Timeline, job: Job) -> list[Post]:
    """The posts with our text. Links are rewritten by the platform and so not compared."""
    text = _comparable(_text(job))
    return [post for post in timeline.posts if _not_held(post, job) and _comparable(post.text) == text]


def _not_held(post: Post, job: Job) -> bool:
    return all(receipt.remote_id != post.id for receipt in job.held)


def _comparable(text: str) -> str:
    """A text without links, blanks, entities and differences of form."""
    plain = unicodedata.normalize("NFKC", html.unescape(_LINK.sub("", text)))
    return "".join(character for character in plain if character.isprintable() and not character.isspace())
