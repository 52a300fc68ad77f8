"""WeChat official account: pictures, covers, draft, submission, then asking until the platform has published.

Steps of a publication: `images` (one picture per call), `cover`, `draft`, `submit`, `poll`. An amendment deletes the
old article between `draft` and `submit` (published articles cannot be changed); a retraction only deletes. An account
without the right to publish (`mode: draft`) ends with `hand_over`: a person publishes the draft. A bundle goes to
all followers with `push` and `push_status`; where the account says `mode: push`, single articles wait for one. An item's draft that was never submitted is changed, not doubled.
Notes: `image:<sha256>` address or `left_out:<sha256>` reason, `tries:<sha256>`, `thumb_media_id`, `pic_crop_*`, `cover_refused`,
`deleted` (article ids), the draft's own (`wechat_polling.DRAFT_NOTES`), `push_at`, `push_tried`, `message_id`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from syndicate.channels import settings
from syndicate.channels.calls import CallError, NotDone, PlatformError, QuotaSpent, Unanswered
from syndicate.channels.codes import CodeClass, code_class, code_message, outcome_of, without_wait
from syndicate.channels.pages import allowed_address, fetch_proof
from syndicate.channels.wechat_articles import articles, draft_article, is_bundle
from syndicate.channels.wechat_client import PLATFORM, Account, OfficialAccountClient
from syndicate.channels.wechat_memory import Memory
from syndicate.channels.wechat_polling import poll, without_draft
from syndicate.channels.wechat_push import SEND, TRIED, await_push, push, push_failed, push_status
from syndicate.channels.wechat_search import NOT_IN_BOX, find_article, find_draft, is_in_box
from syndicate.channels.wechat_uploads import next_cover, next_picture, upload_cover, upload_picture
from syndicate.errors import Message, SyndicateError
from syndicate.model.account import AccountLook
from syndicate.model.channel import Channel, WeChatMode
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
    Step,
    StepResult,
    TryLater,
    Unsure,
)
from syndicate.model.hands import Hands

_PUBLISHING_DELAY = timedelta(minutes=10)
_PUBLIC_HOSTS = ("mp.weixin.qq.com",)
_PAGE_PARTS = ("#activity-name", "#js_content")
_GONE = ("该内容已被发布者删除", "此内容因违规无法查看", "此内容被投诉且经审核涉嫌侵权", "内容已删除")
"""What the public page says in place of a deleted article (seen by users; unconfirmed for new pages)."""

_Answer = tuple[Outcome, Mapping[str, str]]
_Look = tuple[Found | Absent | CannotTell, Mapping[str, str]]


@dataclass(frozen=True)
class _Account:
    """One account at one moment: its client and what is remembered of it."""

    client: OfficialAccountClient
    memory: Memory


class WeChatDriver:
    """One official account."""

    actions = frozenset(Action)
    careful = False

    def __init__(self, hands: Hands) -> None:
        self._hands = hands
        self._steps: Mapping[str, Callable[[_Account, Job], _Answer]] = {
            "images": lambda account, job: upload_picture(account.client, job, hands, account.memory),
            "cover": lambda account, job: upload_cover(account.client, job, hands),
            "draft": self._draft,
            "delete": self._delete,
            "submit": self._submit,
            "poll": lambda account, job: poll(account.client, job, account.memory),
            "hand_over": self._hand_over,
            "await_push": lambda account, job: (await_push(job), job.notes),
            "push": lambda account, job: push(account.client, job),
            "push_status": lambda account, job: push_status(account.client, job),
        }

    def next_step(self, job: Job) -> Step:
        """The first thing that the notes do not show as done."""
        notes = job.notes
        if job.action is Action.RETRACT:
            return Step("delete", True)
        if job.channel.settings.get("mode") is WeChatMode.PUSH and not is_bundle(job):
            return Step("delete" if job.action is Action.AMEND and _next_deletion(job) else "await_push", True)
        if next_picture(job):
            return Step("images", True)
        if next_cover(job):
            return Step("cover", True)
        if "media_id" not in notes or "draft_gone" in notes:
            return Step("draft", False)
        if is_bundle(job):
            return Step("push_status" if "message_id" in notes else "push", True)
        if job.channel.settings.get("mode") is WeChatMode.DRAFT:
            return Step("hand_over", True)
        if job.action is Action.AMEND and _next_deletion(job):
            return Step("delete", True)
        return Step("poll", True) if "publish_id" in notes else Step("submit", False)

    def perform(self, step: Step, job: Job) -> StepResult:
        """Make the step's call."""
        try:
            account = self._account(job.channel, job.now, uncounted=SEND if TRIED in job.notes else "")
            with closing(account.client) as client:
                outcome, notes = self._steps[step.name](account, job)
                return StepResult(outcome, notes, reply=client.last_reply)
        except SyndicateError as error:
            return self._failed(step, job, error)

    def find(self, step: Step, job: Job) -> FindResult:
        """Look for the draft or the article."""
        look = {"draft": self._find_draft, "submit": self._find_submission}.get(step.name)
        if look is None:
            return FindResult(CannotTell(Message("channels.no_look", {"step": step.name}), ask_again=False), job.notes)
        try:
            account = self._account(job.channel, job.now, looking=True)
            with closing(account.client) as client:
                answer, notes = look(account, job)
                return FindResult(answer, notes, reply=client.last_reply)
        except SyndicateError as error:
            code, reply = (error.code, error.reply) if isinstance(error, CallError) else ("", "")
            why = code_message(PLATFORM, code) if isinstance(error, PlatformError) else error.message
            return FindResult(CannotTell(why), job.notes, code, reply)

    def probe(self, channel: Channel, now: datetime) -> AccountLook:
        """Look into the draft box: a call that changes nothing and whose quota is large."""
        try:
            with closing(self._account(channel, now).client) as client:
                client.drafts(0, count=1)
                return AccountLook(True)
        except PlatformError as error:
            return AccountLook(True, error.code)
        except (NotDone, Unanswered):
            return AccountLook(False)

    def read_back(self, receipt: Receipt, job: Job) -> Proof | None:
        """Title and text of the public article."""
        url = allowed_address(receipt.url, job.channel.base_url, _PUBLIC_HOSTS)
        return fetch_proof(url, _PAGE_PARTS, _GONE, job.channel.ladder.timeout) if url else None

    def close(self) -> None:
        """Nothing is kept between calls."""

    def _account(self, channel: Channel, now: datetime, *, looking: bool = False, uncounted: str = "") -> _Account:
        app_id = settings.secret(channel, self._hands, "app_id")
        app_secret = settings.secret(channel, self._hands, "app_secret")

        def count(call: str) -> None:
            until = None if call == uncounted else self._hands.calls.take(channel, call, now, looking=looking)
            if until:
                raise QuotaSpent(PLATFORM, call, until)

        account = Account(channel.id, app_id, app_secret, channel.base_url)
        client = OfficialAccountClient(account, self._hands.tokens, now, channel.ladder.timeout, count)
        return _Account(client, Memory(self._hands.memory, channel.id, app_id, channel.base_url))

    def _failed(self, step: Step, job: Job, error: SyndicateError) -> StepResult:
        """Where every failed call becomes an outcome."""
        code, reply = (error.code, error.reply) if isinstance(error, CallError) else ("", "")
        outcome = outcome_of(error, step, PLATFORM, job.now)
        notes: Mapping[str, str] = dict(job.notes)
        if step.name == "delete":
            outcome = without_wait(outcome, job.now)
        elif code == NOT_IN_BOX and step.name == "submit":
            # The draft may be gone because it is published already.
            outcome = Unsure(code_message(PLATFORM, code))
        elif code == NOT_IN_BOX and step.name == "draft":
            # A cover is gone from the material: upload them again.
            notes = {key: value for key, value in notes.items() if not key.startswith("thumb_media_id")}
            outcome = TryLater(code_message(PLATFORM, code))
        elif step.name == "push":
            outcome, notes = push_failed(outcome, job)
        if isinstance(outcome, Unsure) and step.name == "submit":
            notes = {**notes, "submit_unsure_at": (job.now + job.channel.ladder.timeout).isoformat()}
        return StepResult(outcome, notes, code, reply)

    def _draft(self, account: _Account, job: Job) -> _Answer:
        """The item's draft that still lies in the box is changed; otherwise a new one is added."""
        drafts = [draft_article(article, job) for article in articles(job)]
        known = account.memory.draft(job.item) if len(drafts) == 1 else ""
        media_id = known if known and _changed(account.client, known, drafts[0]) else account.client.add_draft(drafts)
        account.memory.keep_draft(job.item, media_id, job.now)
        return Accepted(job.now), {**without_draft(job.notes), "media_id": media_id}

    def _delete(self, account: _Account, job: Job) -> _Answer:
        """The item's draft and the next article that the channel still holds."""
        draft = account.memory.draft(job.item) if job.action is Action.RETRACT else ""
        if draft:
            vanished = not _thrown_away(account.client, draft)
            account.memory.keep_draft(job.item, "", job.now)
            if vanished and job.channel.settings.get("mode") is WeChatMode.DRAFT and not job.held:
                # Somebody may have published it by hand and not said so.
                return NeedsPerson(Message("channels.wechat_draft_vanished", {"channel": job.channel.title})), job.notes
        receipt = _next_deletion(job)
        if receipt and receipt.remote_id.startswith(("http://", "https://")):
            # Somebody published it by hand: there is no id to delete it by.
            return NeedsPerson(Message("channels.wechat_delete_by_hand", {"address": receipt.remote_id})), job.notes
        if receipt:
            _delete_article(account.client, receipt)
        gone = receipt.remote_id if receipt else ""
        notes = {**job.notes, "deleted": "\n".join([*_deleted(job), gone])}
        if job.action is Action.RETRACT and not _next_deletion(replace(job, notes=notes)):
            return Delivered(Receipt(gone, "", job.now)), notes
        return Accepted(job.now), notes

    def _submit(self, account: _Account, job: Job) -> _Answer:
        publish_id = account.client.submit(job.notes["media_id"])
        account.memory.keep_draft(job.item, "", job.now)
        notes = {**job.notes, "publish_id": publish_id, "submitted_at": job.now.isoformat()}
        return Accepted(job.now + job.channel.ladder.poll[0]), notes

    def _hand_over(self, account: _Account, job: Job) -> _Answer:
        """A person's task: the draft is there. Should it have been thrown away, it is made again."""
        if not is_in_box(account.client, job.notes["media_id"]):
            return Accepted(job.now), {**job.notes, "draft_gone": "yes"}
        told = {"channel": job.channel.title, "title": job.rendition.fields.get("title", "")}
        return NeedsPerson(Message("channels.wechat_draft_ready", told), nothing_out=True), job.notes

    def _find_draft(self, account: _Account, job: Job) -> _Look:
        media_id = find_draft(account.client, job)
        if media_id is None:
            return Absent(), job.notes
        account.memory.keep_draft(job.item, media_id, job.now)
        return Found(None), {**without_draft(job.notes), "media_id": media_id}

    def _find_submission(self, account: _Account, job: Job) -> _Look:
        """Never before the platform's publishing delay is over: the draft may only vanish when the job ends."""
        notes = dict(job.notes)
        since = datetime.fromisoformat(notes.setdefault("submit_unsure_at", job.now.isoformat()))
        if job.now - since < settings.duration(job.channel, "publishing_delay", _PUBLISHING_DELAY):
            return CannotTell(Message("channels.publishing_delay", {"channel": job.channel.title})), notes
        if is_in_box(account.client, notes["media_id"]):
            # The next attempt has a moment of its own.
            del notes["submit_unsure_at"]
            return Absent(), notes
        receipt = find_article(account.client.publications(0)["item"], job)
        if receipt:
            return Found(receipt), notes
        # Should a person say that nothing was published, the way begins again with a new draft.
        return CannotTell(Message("channels.not_listed", {"channel": job.channel.title})), {
            **notes,
            "draft_gone": "yes",
        }


def _changed(client: OfficialAccountClient, media_id: str, article: Mapping[str, object]) -> bool:
    """Whether a draft could be changed; False when it is no longer in the box."""
    try:
        client.update_draft(media_id, article)
    except PlatformError as error:
        if error.code != NOT_IN_BOX:
            raise
        return False
    return True


def _thrown_away(client: OfficialAccountClient, media_id: str) -> bool:
    """Delete a draft; False when it was not in the box any more."""
    try:
        client.delete_draft(media_id)
    except PlatformError as error:
        if error.code != NOT_IN_BOX:
            raise
        return False
    return True


def _delete_article(client: OfficialAccountClient, receipt: Receipt) -> None:
    """Delete one article; one that is not there any more counts as deleted."""
    try:
        if "message_id" in receipt.details:
            client.delete_push(receipt.details["message_id"], int(receipt.details.get("index", "0")))
        else:
            client.delete_article(receipt.remote_id)
    except PlatformError as error:
        if code_class(PLATFORM, error.code) is not CodeClass.NOT_FOUND:
            raise


def _deleted(job: Job) -> list[str]:
    return job.notes.get("deleted", "").split("\n") if job.notes.get("deleted") else []


def _next_deletion(job: Job) -> Receipt | None:
    """The first article still held that the notes do not show as deleted."""
    done = _deleted(job)
    return next((receipt for receipt in job.held if receipt.remote_id not in done), None)
