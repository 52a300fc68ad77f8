"""Pictures and covers of an official account, brought there before the draft."""

from __future__ import annotations

from collections.abc import Mapping

from syndicate.channels import settings
from syndicate.channels.calls import PlatformError, Unanswered
from syndicate.channels.codes import CodeClass, code_class
from syndicate.channels.drawing import draw_cover, find_font
from syndicate.channels.pictures import Picture, fit_picture, middle_crop
from syndicate.channels.wechat_articles import CROPS, Article, articles
from syndicate.channels.wechat_client import PLATFORM, OfficialAccountClient
from syndicate.channels.wechat_memory import Memory
from syndicate.errors import NotFound
from syndicate.model.delivery import Accepted, Job, Outcome, TryLater
from syndicate.model.hands import Hands
from syndicate.model.item import FileRole

_TRIES = 5
"""A picture that gets no answer so often is left out: one picture never stops an article."""
_PICTURE_BYTES = 1_000_000
_COVER_BYTES = 10_000_000

_Answer = tuple[Outcome, Mapping[str, str]]


def next_picture(job: Job) -> str:
    """The first picture that is neither uploaded nor left out; empty when all are settled."""
    shas = (file.sha256 for file in job.rendition.files if file.role == FileRole.IMAGE)
    return next((s for s in shas if f"image:{s}" not in job.notes and f"left_out:{s}" not in job.notes), "")


def next_cover(job: Job) -> Article | None:
    """The first article whose cover is not there yet."""
    return next((article for article in articles(job) if article.thumb_note not in job.notes), None)


def upload_picture(client: OfficialAccountClient, job: Job, hands: Hands, memory: Memory) -> _Answer:
    """One picture of the text; the same bytes are uploaded once for all articles of the account."""
    sha256 = next_picture(job)
    notes = dict(job.notes)
    known = memory.picture(sha256)
    if known:
        return Accepted(job.now), {**notes, f"image:{sha256}": known}
    try:
        data = hands.files.read(sha256)
        picture = fit_picture(data, ("JPEG", "PNG"), job.channel.limits.get("image_bytes", _PICTURE_BYTES))
        if picture:
            name = f"{sha256[:16]}.{picture.extension}"
            address = client.upload_picture(name, picture.data, picture.media_type)
            memory.keep_picture(sha256, address, job.now)
            notes[f"image:{sha256}"] = address
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
        if tries < _TRIES:
            return TryLater(error.message), notes
        notes[f"left_out:{sha256}"] = "no_answer"
    return Accepted(job.now), notes


def upload_cover(client: OfficialAccountClient, job: Job, hands: Hands) -> _Answer:
    """One cover into the permanent material; anew for every delivery, because it tells our draft from others."""
    article = next_cover(job)
    if article is None:
        return Accepted(job.now), job.notes
    notes, refused = dict(job.notes), article.thumb_note.replace("thumb_media_id", "cover_refused")
    cover = _cover_picture(job, article, hands, drawn=refused in notes)
    try:
        notes[article.thumb_note] = client.add_cover(f"cover.{cover.extension}", cover.data, cover.media_type)
        for name, ratio in CROPS.items():
            notes[article.crop_note(name)] = "_".join(f"{edge:.6f}" for edge in middle_crop(cover.data, ratio))
    except PlatformError as error:
        if code_class(PLATFORM, error.code) is not CodeClass.EDIT or refused in notes:
            raise
        notes[refused] = error.code
    return Accepted(job.now), notes


def _cover_picture(job: Job, article: Article, hands: Hands, *, drawn: bool) -> Picture:
    """The rendition's cover, else the account's default picture, else a drawn one."""
    most = job.channel.limits.get("cover_bytes", _COVER_BYTES)
    if not drawn:
        for data in (_own_cover(job, article, hands), _default_cover(job, hands)):
            picture = fit_picture(data, ("JPEG", "PNG", "GIF", "BMP"), most) if data else None
            if picture:
                return picture
    return Picture(draw_cover(article.fields.get("title", ""), find_font()), "image/png")


def _own_cover(job: Job, article: Article, hands: Hands) -> bytes:
    sha256 = next((file.sha256 for file in job.rendition.files if file.role == article.cover_role), "")
    try:
        return hands.files.read(sha256) if sha256 else b""
    except NotFound:
        return b""


def _default_cover(job: Job, hands: Hands) -> bytes:
    relative = settings.text(job.channel, "default_cover")
    try:
        return settings.folder_below(hands.home, relative).read_bytes() if relative else b""
    except (OSError, NotFound):
        return b""
