"""WeChat official account: pictures, cover, draft, submission, then asking until the platform has published.

Steps of a publication: `images` (one picture per call), `cover`, `draft`, `submit`, `poll`. An amendment deletes the
old article between `draft` and `submit` (published articles cannot be changed); a retraction only deletes.
Notes: `image:<sha256>` address or `left_out:<sha256>` reason, `tries:<sha256>`, `thumb_media_id`, `media_id`,
`deleted` (article ids), `publish_id`, `submitted_at`, `polls`, `submit_unsure_at`, `draft_gone`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta

from syndicate.channels import settings
from syndicate.channels.calls import CallError, PlatformError, Unanswered, id_text
from syndicate.channels.codes import CodeClass, code_class, code_message, outcome_of, without_quota_wait
from syndicate.channels.drawing import draw_cover, find_font
from syndicate.channels.pages import allowed_address, fetch_proof
from syndicate.channels.pictures import Picture, fit_picture
from syndicate.channels.replacing import replace_files
from syndicate.channels.wechat_client import PLATFORM, Account, OfficialAccountClient
from syndicate.channels.wechat_search import NOT_IN_BOX, find_article, find_draft, is_in_box, published_receipt
from syndicate.errors import Message, NotFound, SyndicateError
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
from syndicate.model.item import FileRole

_PICTURE_TRIES = 5
"""A picture that gets no answer so often is left out: one picture never stops an article."""
_PICTURE_BYTES = 1_000_000
_COVER_BYTES = 10_000_000
_PUBLISHING_DELAY = timedelta(minutes=10)
_STATUS_PUBLISHED, _STATUS_RUNNING, _STATUS_FAILED = "0", "1", "3"
_PUBLIC_HOSTS = ("mp.weixin.qq.com",)
_PAGE_PARTS = ("#activity-name", "#js_content")
_GONE = ("该内容已被发布者删除", "此内容因违规无法查看", "此内容被投诉且经审核涉嫌侵权", "内容已删除")
"""What the public page says in place of a deleted article (seen by users; unconfirmed for new pages)."""
_DRAFT_NOTES = ("media_id", "publish_id", "submitted_at", "polls", "submit_unsure_at", "draft_gone")

_Answer = tuple[Outcome, Mapping[str, str]]
_Look = tuple[Found | Absent | CannotTell, Mapping[str, str]]


class WeChatDriver:
    """One official account."""

    actions = frozenset(Action)
    careful = False

    def __init__(self, hands: Hands) -> None:
        self._hands = hands
        self._steps: Mapping[str, Callable[[OfficialAccountClient, Job], _Answer]] = {
            "images": self._image,
            "cover": self._cover,
            "draft": self._draft,
            "delete": self._delete,
            "submit": self._submit,
            "poll": self._poll,
        }

    def next_step(self, job: Job) -> Step:
        """The first thing that the notes do not show as done."""
        notes = job.notes
        if job.action is Action.RETRACT:
            return Step("delete", True)
        if _next_picture(job):
            return Step("images", True)
        if "thumb_media_id" not in notes:
            return Step("cover", True)
        if "media_id" not in notes or "draft_gone" in notes:
            return Step("draft", False)
        if job.action is Action.AMEND and _next_deletion(job):
            return Step("delete", True)
        return Step("poll", True) if "publish_id" in notes else Step("submit", False)

    def perform(self, step: Step, job: Job) -> StepResult:
        """Make the step's call."""
        try:
            with closing(self._client(job)) as client:
                outcome, notes = self._steps[step.name](client, job)
                return StepResult(outcome, notes, reply=client.last_reply)
        except SyndicateError as error:
            return self._failed(step, job, error)

    def find(self, step: Step, job: Job) -> FindResult:
        """Look for the draft or the article."""
        look = {"draft": self._find_draft, "submit": self._find_submission}.get(step.name)
        if look is None:
            return FindResult(CannotTell(Message("channels.no_look", {"step": step.name}), ask_again=False), job.notes)
        try:
            with closing(self._client(job)) as client:
                answer, notes = look(client, job)
                return FindResult(answer, notes, reply=client.last_reply)
        except SyndicateError as error:
            code, reply = (error.code, error.reply) if isinstance(error, CallError) else ("", "")
            why = code_message(PLATFORM, code) if isinstance(error, PlatformError) else error.message
            return FindResult(CannotTell(why), job.notes, code, reply)

    def read_back(self, receipt: Receipt, job: Job) -> Proof | None:
        """Title and text of the public article."""
        url = allowed_address(receipt.url, job.channel.base_url, _PUBLIC_HOSTS)
        return fetch_proof(url, _PAGE_PARTS, _GONE, job.channel.ladder.timeout) if url else None

    def close(self) -> None:
        """Nothing is kept between calls."""

    def _client(self, job: Job) -> OfficialAccountClient:
        channel = job.channel
        app_id = settings.secret(channel, self._hands, "app_id")
        app_secret = settings.secret(channel, self._hands, "app_secret")
        account = Account(channel.id, app_id, app_secret, channel.base_url)
        return OfficialAccountClient(account, self._hands.tokens, job.now, channel.ladder.timeout)

    def _failed(self, step: Step, job: Job, error: SyndicateError) -> StepResult:
        """Where every failed call becomes an outcome."""
        code, reply = (error.code, error.reply) if isinstance(error, CallError) else ("", "")
        outcome = outcome_of(error, step, PLATFORM, job.now)
        notes = dict(job.notes)
        if step.name == "delete":
            outcome = without_quota_wait(outcome, job.now)
        elif code == NOT_IN_BOX and step.name == "submit":
            # The draft may be gone because it is published already.
            outcome = Unsure(code_message(PLATFORM, code))
        elif code == NOT_IN_BOX and step.name == "draft":
            # The cover is gone from the material: upload it again.
            notes.pop("thumb_media_id", None)
            outcome = TryLater(code_message(PLATFORM, code))
        if isinstance(outcome, Unsure) and step.name == "submit":
            notes["submit_unsure_at"] = (job.now + job.channel.ladder.timeout).isoformat()
        return StepResult(outcome, notes, code, reply)

    def _image(self, client: OfficialAccountClient, job: Job) -> _Answer:
        sha256 = _next_picture(job)
        notes = dict(job.notes)
        try:
            data = self._hands.files.read(sha256)
            picture = fit_picture(data, ("JPEG", "PNG"), job.channel.limits.get("image_bytes", _PICTURE_BYTES))
            if picture:
                name = f"{sha256[:16]}.{picture.extension}"
                notes[f"image:{sha256}"] = client.upload_picture(name, picture.data, picture.media_type)
            else:
                notes[f"left_out:{sha256}"] = "not_a_picture"
        except NotFound:
            notes[f"left_out:{sha256}"] = "no_file"
        except PlatformError as error:
            if code_class(PLATFORM, error.code) is not CodeClass.EDIT:
                raise
            notes[f"left_out:{sha256}"] = error.code
        except Unanswered as error:
            tries = int(notes.get(f"tries:{sha256}", "0")) + 1
            notes[f"tries:{sha256}"] = str(tries)
            if tries < _PICTURE_TRIES:
                return TryLater(error.message), notes
            notes[f"left_out:{sha256}"] = "no_answer"
        return Accepted(job.now), notes

    def _cover(self, client: OfficialAccountClient, job: Job) -> _Answer:
        notes = dict(job.notes)
        cover = self._cover_picture(job)
        try:
            media_id = client.add_cover(f"cover.{cover.extension}", cover.data, cover.media_type)
        except PlatformError as error:
            if code_class(PLATFORM, error.code) is not CodeClass.EDIT or "cover_refused" in notes:
                raise
            notes["cover_refused"] = error.code
            return Accepted(job.now), notes
        notes["thumb_media_id"] = media_id
        return Accepted(job.now), notes

    def _cover_picture(self, job: Job) -> Picture:
        """The rendition's cover, else the account's default picture, else a drawn one."""
        most = job.channel.limits.get("cover_bytes", _COVER_BYTES)
        for read in () if "cover_refused" in job.notes else (self._own_cover, self._default_cover):
            data = read(job)
            picture = fit_picture(data, ("JPEG", "PNG", "GIF", "BMP"), most) if data else None
            if picture:
                return picture
        return Picture(draw_cover(job.rendition.fields.get("title", ""), find_font()), "image/png")

    def _own_cover(self, job: Job) -> bytes:
        sha256 = next((file.sha256 for file in job.rendition.files if file.role == "cover"), "")
        try:
            return self._hands.files.read(sha256) if sha256 else b""
        except NotFound:
            return b""

    def _default_cover(self, job: Job) -> bytes:
        relative = settings.text(job.channel, "default_cover")
        try:
            return settings.folder_below(self._hands.home, relative).read_bytes() if relative else b""
        except (OSError, NotFound):
            return b""

    def _draft(self, client: OfficialAccountClient, job: Job) -> _Answer:
        media_id = client.add_draft([_article(job)])
        notes = {key: value for key, value in job.notes.items() if key not in _DRAFT_NOTES}
        return Accepted(job.now), {**notes, "media_id": media_id}

    def _delete(self, client: OfficialAccountClient, job: Job) -> _Answer:
        article_id = _next_deletion(job)
        if article_id:
            try:
                client.delete_article(article_id)
            except PlatformError as error:
                if code_class(PLATFORM, error.code) is not CodeClass.NOT_FOUND:
                    raise
        notes = {**job.notes, "deleted": "\n".join([*_deleted(job), article_id])}
        if job.action is Action.RETRACT and not _next_deletion(replace(job, notes=notes)):
            return Delivered(Receipt(article_id, "", job.now)), notes
        return Accepted(job.now), notes

    def _submit(self, client: OfficialAccountClient, job: Job) -> _Answer:
        publish_id = client.submit(job.notes["media_id"])
        notes = {**job.notes, "publish_id": publish_id, "submitted_at": job.now.isoformat()}
        return Accepted(job.now + job.channel.ladder.poll[0]), notes

    def _poll(self, client: OfficialAccountClient, job: Job) -> _Answer:
        try:
            reply = client.publication(job.notes["publish_id"])
        except PlatformError as error:
            if code_class(PLATFORM, error.code) is not CodeClass.QUOTA_DAY:
                raise
            # Asking is used up for today; the list of what is published has a quota of its own.
            return self._poll_list(client, job)
        status = id_text(reply["publish_status"])
        if status == _STATUS_PUBLISHED:
            receipt = published_receipt(reply, job)
            if receipt is None:
                raise Unanswered("channels.strange_reply", platform=PLATFORM, status=200, reply=client.last_reply)
            return Delivered(receipt), job.notes
        return self._still_waiting(job) if status == _STATUS_RUNNING else _publication_failed(status, job)

    def _poll_list(self, client: OfficialAccountClient, job: Job) -> _Answer:
        receipt = find_article(client, job)
        return (Delivered(receipt), job.notes) if receipt else self._still_waiting(job)

    def _still_waiting(self, job: Job) -> _Answer:
        since = job.notes.get("submitted_at", "")
        if since and job.now - datetime.fromisoformat(since) > job.channel.ladder.give_up:
            return NeedsPerson(Message("channels.publication_stuck", {"channel": job.channel.title})), job.notes
        polls = int(job.notes.get("polls", "0")) + 1
        ladder = job.channel.ladder.poll
        return Accepted(job.now + ladder[min(polls, len(ladder) - 1)]), {**job.notes, "polls": str(polls)}

    def _find_draft(self, client: OfficialAccountClient, job: Job) -> _Look:
        media_id = find_draft(client, job)
        if media_id is None:
            return Absent(), job.notes
        notes = {key: value for key, value in job.notes.items() if key not in _DRAFT_NOTES}
        return Found(None), {**notes, "media_id": media_id}

    def _find_submission(self, client: OfficialAccountClient, job: Job) -> _Look:
        """Never before the platform's publishing delay is over: the draft may only vanish when the job ends."""
        notes = dict(job.notes)
        since = datetime.fromisoformat(notes.setdefault("submit_unsure_at", job.now.isoformat()))
        if job.now - since < settings.duration(job.channel, "publishing_delay", _PUBLISHING_DELAY):
            return CannotTell(Message("channels.publishing_delay", {"channel": job.channel.title})), notes
        if is_in_box(client, notes["media_id"]):
            # The next attempt has a moment of its own.
            del notes["submit_unsure_at"]
            return Absent(), notes
        receipt = find_article(client, job)
        if receipt:
            return Found(receipt), notes
        # Should a person say that nothing was published, the way begins again with a new draft.
        return CannotTell(Message("channels.not_listed", {"channel": job.channel.title})), {
            **notes,
            "draft_gone": "yes",
        }


def _article(job: Job) -> dict[str, object]:
    """The draft's only article: the rendition with the platform's addresses."""
    fields = job.rendition.fields
    addresses = {k.removeprefix("image:"): v for k, v in job.notes.items() if k.startswith("image:")}
    return {
        "article_type": "news",
        "title": fields.get("title", ""),
        "author": fields.get("author", ""),
        "digest": fields.get("digest", ""),
        "content": replace_files(job.rendition.body, addresses),
        "content_source_url": fields.get("content_source_url", ""),
        "thumb_media_id": job.notes["thumb_media_id"],
        "need_open_comment": 1 if job.channel.settings.get("need_open_comment") is True else 0,
        "only_fans_can_comment": 0,
    }


def _next_picture(job: Job) -> str:
    """The first picture that is neither uploaded nor left out; empty when all are settled."""
    shas = (file.sha256 for file in job.rendition.files if file.role == FileRole.IMAGE)
    return next((s for s in shas if f"image:{s}" not in job.notes and f"left_out:{s}" not in job.notes), "")


def _deleted(job: Job) -> list[str]:
    return job.notes.get("deleted", "").split("\n") if job.notes.get("deleted") else []


def _next_deletion(job: Job) -> str:
    """The first article still held that the notes do not show as deleted."""
    done = _deleted(job)
    return next((receipt.remote_id for receipt in job.held if receipt.remote_id not in done), "")


def _publication_failed(status: str, job: Job) -> _Answer:
    """A final status other than published. Where nothing came out, the way begins again with a new draft."""
    code = f"publish_status_{status}"
    why = code_message(PLATFORM, code)
    if code_class(PLATFORM, code) is CodeClass.EDIT:
        return Refused(why), {key: value for key, value in job.notes.items() if key not in _DRAFT_NOTES}
    never_out = status == _STATUS_FAILED
    return NeedsPerson(why), {k: v for k, v in job.notes.items() if not (never_out and k in _DRAFT_NOTES)}
