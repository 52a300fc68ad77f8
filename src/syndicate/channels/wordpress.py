"""The bridge to a CMS (WordPress): an item is one post, found by its slug, so that nothing is ever doubled.

Steps: `look` asks what stands there; `media:<sha256>` uploads one file; `create` makes a draft, which nobody sees;
`write` gives the post its whole content and publishes it (an amendment is the same step); `trash` takes it down.
Uploads and drafts are not simply repeated: after an unknown outcome they are looked for by their slug. Nor is `write`,
although it could be: only such a step is left out where the item was withdrawn meanwhile.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from syndicate.channels.calls import CallError, PlatformError, Unanswered
from syndicate.channels.codes import CodeClass, code_class, code_message, outcome_of
from syndicate.channels.pages import allowed_address, text_hash
from syndicate.channels.replacing import replace_files
from syndicate.channels.settings import text
from syndicate.channels.visitor import Visitor
from syndicate.channels.wordpress_client import PLATFORM, WordPressClient, number
from syndicate.errors import Message, SyndicateError
from syndicate.model.channel import Channel, FileReference, Retraction
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
    Proof,
    Receipt,
    Step,
    StepResult,
    TryLater,
)
from syndicate.model.hands import Hands
from syndicate.render.media import extension

_LOOK, _CREATE, _WRITE, _TRASH = Step("look", True), Step("create", False), Step("write", False), Step("trash", True)
_MEDIA = "media:"
_POST = "post"
_NONE = "none"
_NOTICE = b"data-notice"
_TEXT = ".entry-content, .wp-block-post-content"
_VISIBLE = "publish"


class WordPressDriver:
    """One CMS, seen as a user with the rights of an editor."""

    actions = frozenset(Action)
    careful = False

    def __init__(self, channel: Channel, hands: Hands) -> None:
        self._channel = channel
        self._hands = hands
        self._client = WordPressClient(channel, hands)
        self._visitor = Visitor(channel)

    def next_step(self, job: Job) -> Step:
        """Look, bring the files, make a draft where there is no post, then write; or look and take down."""
        post = job.notes.get(_POST)
        if post is None:
            return _LOOK
        if self._trashes(job):
            return _TRASH
        missing = next((file for file in _files(job) if _MEDIA + file.sha256 not in job.notes), None)
        if missing:
            return Step(_MEDIA + missing.sha256, False)
        return _CREATE if post == _NONE and job.action is not Action.RETRACT else _WRITE

    def perform(self, step: Step, job: Job) -> StepResult:
        """Make the step's calls."""
        try:
            return self._perform(step, job)
        except PlatformError as error:
            if code_class(PLATFORM, error.code) is CodeClass.NOT_FOUND and step.name == _WRITE.name:
                # Somebody deleted the post in the CMS since the look.
                notes = {key: value for key, value in job.notes.items() if key != _POST}
                return StepResult(TryLater(code_message(PLATFORM, error.code)), notes, error.code, error.reply)
            return _failed(error, step, job)
        except SyndicateError as error:
            return _failed(error, step, job)

    def find(self, step: Step, job: Job) -> FindResult:
        """A draft or a file by its slug, the written post by what it says; nobody needs to know it of the other steps."""
        try:
            if step.name == _CREATE.name:
                post = self._client.post_by_slug(_slug(job))
                return FindResult(Found(None), _noted(job, post)) if post else FindResult(Absent(), job.notes)
            if step.name == _WRITE.name:
                return self._find_written(job)
            if step.name.startswith(_MEDIA):
                found = self._file_of(step.name.removeprefix(_MEDIA), job)
                return FindResult(Found(None) if found else Absent(), {**job.notes, **found})
        except SyndicateError as error:
            reply, code = (error.reply, error.code) if isinstance(error, CallError) else ("", "")
            why = code_message(PLATFORM, code) if isinstance(error, PlatformError) else error.message
            return FindResult(CannotTell(why), job.notes, code, reply)
        return FindResult(Absent(), job.notes)

    def _find_written(self, job: Job) -> FindResult:
        """Whether the public sees exactly what was written; if not, writing it once more harms nothing."""
        try:
            post = self._client.post(job.notes[_POST])
        except PlatformError as error:
            if code_class(PLATFORM, error.code) is not CodeClass.NOT_FOUND:
                raise
            return FindResult(Absent(), {key: value for key, value in job.notes.items() if key != _POST})
        wanted = self._fields(job)
        same = all(_raw(post, name) == wanted[name] for name in ("title", "content"))
        if post.get("status") != _VISIBLE or not same:
            return FindResult(Absent(), job.notes)
        return FindResult(Found(self._receipt_of(post, job)), job.notes)

    def read_back(self, receipt: Receipt, job: Job) -> Proof | None:
        """The text of the public page; a page that is gone and a withdrawal's notice have none."""
        address = allowed_address(receipt.url, self._channel.base_url, self._public_hosts())
        page = self._visitor.page(address) if address else None
        if page is None:
            return None
        if not page or _NOTICE in page:
            return Proof(None)
        tree = LexborHTMLParser(page)
        found = [node.text() for node in tree.css(text(self._channel, "selector") or _TEXT)] or [
            node.text() for node in tree.css("article, main")
        ]
        return Proof(text_hash(*found)) if found else None

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()
        self._visitor.close()

    def _perform(self, step: Step, job: Job) -> StepResult:
        match step.name:
            case "look":
                return self._look(job)
            case "create":
                return self._create(job)
            case "write":
                return self._write(job)
            case "trash":
                return self._trash(job)
        return self._upload(step.name.removeprefix(_MEDIA), job)

    def _look(self, job: Job) -> StepResult:
        """What of the item stands there already: its post, and its files."""
        post = self._standing(job)
        wrong = self._wrong_address(post, job) if post and not self._trashes(job) else None
        if wrong:
            return StepResult(NeedsPerson(wrong), job.notes)
        notes = _noted(job, post)
        if not self._trashes(job):
            for file in _files(job):
                notes.update(self._file_of(file.sha256, job))
        return StepResult(Accepted(job.now), notes)

    def _standing(self, job: Job) -> Mapping[str, Any] | None:
        """The post by the number of our receipt, as its slug may have been changed in the CMS; else by its slug."""
        for receipt in job.held[:1]:
            try:
                post = self._client.post(receipt.remote_id)
            except PlatformError as error:
                if code_class(PLATFORM, error.code) is not CodeClass.NOT_FOUND:
                    raise
                continue
            if post.get("status") != "trash":
                return post
        return self._client.post_by_slug(_slug(job))

    def _upload(self, sha256: str, job: Job) -> StepResult:
        file = next(one for one in _files(job) if one.sha256 == sha256)
        data = self._hands.files.read(sha256)
        name = f"{_file_slug(sha256, job)}.{extension(file.media_type)}"
        sent = self._client.upload(_file_slug(sha256, job), name, file.media_type, data, _alt(sha256, job))
        return StepResult(Accepted(job.now), {**job.notes, **_file_note(sha256, sent)})

    def _create(self, job: Job) -> StepResult:
        """A draft under our slug. What would be wrong with its address is said before anybody can see it."""
        self._category(job)
        post = self._client.create({"slug": _slug(job), "title": job.rendition.fields["title"], "status": "draft"})
        notes = _noted(job, post)
        given = str(post.get("slug") or post.get("generated_slug") or "")
        if given != _slug(job):
            why = Message("channels.wordpress_slug", {"slug": _slug(job), "given": given})
            return StepResult(NeedsPerson(why), job.notes)
        wrong = self._wrong_address(post, job)
        # Without its note the draft is looked at again, and judged again, when somebody retries.
        return StepResult(NeedsPerson(wrong), job.notes) if wrong else StepResult(Accepted(job.now), notes)

    def _wrong_address(self, post: Mapping[str, Any], job: Job) -> Message | None:
        """Why what is not public yet would stand elsewhere than the other channels say."""
        wanted = text(self._channel, "page_url").replace("{slug}", _slug(job))
        template = str(post.get("permalink_template") or "")
        given = template.replace("%pagename%", _slug(job)).replace("%postname%", _slug(job))
        if not wanted or not template or given == wanted or post.get("status") == _VISIBLE:
            return None
        return Message("channels.wordpress_address", {"given": given[:300], "wanted": wanted, "id": self._channel.id})

    def _write(self, job: Job) -> StepResult:
        """The whole post; then the files that no longer belong to it go."""
        if job.notes[_POST] == _NONE:
            return StepResult(Delivered(_receipt(job, "", "")), job.notes)
        fields = {**self._fields(job), **self._category(job)}
        post = self._client.update(job.notes[_POST], fields)
        status = str(post.get("status"))
        if number(post) != job.notes[_POST] or status != _VISIBLE:
            why = Message("channels.wordpress_status", {"status": status[:40]})
            return StepResult(NeedsPerson(why), job.notes, status[:40])
        self._forget_files(job, _kept(job))
        return StepResult(Delivered(self._receipt_of(post, job)), job.notes)

    @staticmethod
    def _receipt_of(post: Mapping[str, Any], job: Job) -> Receipt:
        return _receipt(job, str(post.get("link") or ""), ",".join(_kept(job)))

    def _fields(self, job: Job) -> dict[str, object]:
        addresses = {file.sha256: _file(job, file.sha256)[1] for file in _files(job)}
        fields = job.rendition.fields
        return {
            "title": fields["title"],
            "content": replace_files(job.rendition.body, addresses),
            "excerpt": fields.get("summary", ""),
            "slug": _slug(job),
            "status": _VISIBLE,
        }

    def _category(self, job: Job) -> dict[str, object]:
        """The post's category. Raises `CallError` for a column that the mapping does not name."""
        categories = self._channel.settings.get("categories")
        if not isinstance(categories, Mapping):
            return {}
        column = job.rendition.fields["column"]
        if column not in categories:
            values = {"channel": self._channel.title, "column": column, "id": self._channel.id}
            raise CallError("channels.wordpress_category", **values)
        return {"categories": [categories[column]]}

    def _trash(self, job: Job) -> StepResult:
        """The post goes to the trash, its files for good. What is gone already is success."""
        post = job.notes[_POST]
        if post != _NONE:
            with _gone_is_success():
                self._client.trash(post)
        self._forget_files(job, [])
        return StepResult(Delivered(_receipt(job, "", "")), job.notes)

    def _forget_files(self, job: Job, kept: list[str]) -> None:
        held = (one for receipt in job.held for one in receipt.details.get("media", "").split(","))
        for media in sorted({one for one in held if one} - set(kept)):
            with _gone_is_success():
                self._client.delete_media(media)

    def _file_of(self, sha256: str, job: Job) -> dict[str, str]:
        """The note of a file that stands there already, else nothing."""
        media = self._client.media_by_slug(_file_slug(sha256, job))
        return _file_note(sha256, media) if media else {}

    def _trashes(self, job: Job) -> bool:
        return job.action is Action.RETRACT and self._channel.settings.get("retract") != Retraction.NOTICE

    def _public_hosts(self) -> tuple[str, ...]:
        return tuple(filter(None, [urlsplit(text(self._channel, "page_url")).netloc]))


@contextmanager
def _gone_is_success() -> Iterator[None]:
    """Taking away what is gone already is no mistake."""
    try:
        yield
    except PlatformError as error:
        if code_class(PLATFORM, error.code) is not CodeClass.NOT_FOUND:
            raise


def _failed(error: SyndicateError, step: Step, job: Job) -> StepResult:
    code, reply = (error.code, error.reply) if isinstance(error, CallError) else ("", "")
    return StepResult(outcome_of(error, step, PLATFORM, job.now), job.notes, code, reply)


def _slug(job: Job) -> str:
    return job.rendition.fields["slug"]


def _file_slug(sha256: str, job: Job) -> str:
    """A file belongs to one item, so that a withdrawal can take it away."""
    return f"{_slug(job)}-{sha256[:24]}"


def _files(job: Job) -> list[FileReference]:
    """The files that go along; a type that is never published is left out."""
    return [file for file in job.rendition.files if extension(file.media_type)]


def _noted(job: Job, post: Mapping[str, Any] | None) -> dict[str, str]:
    return {**job.notes, _POST: number(post) if post else _NONE}


def _file_note(sha256: str, media: Mapping[str, Any]) -> dict[str, str]:
    address = media.get("source_url")
    if not isinstance(address, str) or not address.startswith(("https://", "http://")):
        raise Unanswered("channels.strange_reply", platform=PLATFORM, status=200)
    return {_MEDIA + sha256: json.dumps([number(media), address])}


def _file(job: Job, sha256: str) -> tuple[str, str]:
    """Number and address of a file on the CMS."""
    media, address = json.loads(job.notes[_MEDIA + sha256])
    return media, address


def _kept(job: Job) -> list[str]:
    """Numbers of the files that belong to the post."""
    return [_file(job, file.sha256)[0] for file in _files(job)]


def _raw(post: Mapping[str, Any], name: str) -> str:
    """A text as its editor wrote it; the CMS gives it together with how it is shown."""
    value = post.get(name)
    raw = value.get("raw") if isinstance(value, dict) else None
    return raw if isinstance(raw, str) else ""


def _alt(sha256: str, job: Job) -> str:
    """What the picture's text says to who cannot see it."""
    for node in LexborHTMLParser(job.rendition.body).css(f'img[src="file:{sha256}"]'):
        return (node.attributes.get("alt") or "").strip()
    return ""


def _receipt(job: Job, link: str, media: str) -> Receipt:
    """The post's number and address; of one that is gone those that were held."""
    held = job.held[0] if job.held else None
    post = job.notes[_POST] if job.notes[_POST] != _NONE else (held.remote_id if held else "")
    details = {"slug": _slug(job), **({"media": media} if media else {})}
    return Receipt(post or _slug(job), link or (held.url if held else ""), job.now, details)
