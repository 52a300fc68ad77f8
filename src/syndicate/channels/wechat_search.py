"""Looking for our own draft or article on an official account after a reply was lost.

What identifies it: the title, the address of our page (`content_source_url`) and above all the cover's media id, which
is uploaded anew for every delivery and so never belongs to an earlier revision of the same item.
"""

from __future__ import annotations

from collections.abc import Mapping

from syndicate.channels.calls import PlatformError, id_text
from syndicate.channels.wechat_client import PAGE, OfficialAccountClient
from syndicate.model.delivery import Job, Receipt

_DRAFT_PAGES = 5
"""Pages of 20 drafts that are searched; ours is among the newest."""
NOT_IN_BOX = "40007"


def is_in_box(client: OfficialAccountClient, media_id: str) -> bool:
    """Whether a draft is still in the box. Raises what the call raises, except for 40007."""
    try:
        client.draft(media_id)
    except PlatformError as error:
        if error.code == NOT_IN_BOX:
            return False
        raise
    return True


def find_draft(client: OfficialAccountClient, job: Job) -> str | None:
    """The media id of the draft that this delivery added, or None."""
    for page in range(_DRAFT_PAGES):
        reply = client.drafts(page * PAGE)
        entries = _mappings(reply["item"])
        for entry in entries:
            media_id = id_text(entry.get("media_id"))
            if not media_id:
                continue
            ours = _is_ours(_article(entry.get("content")), job)
            # Whether lists asked without texts carry the address is unconfirmed; the draft itself does.
            if ours if ours is not None else _is_ours(_article(client.draft(media_id)), job):
                return media_id
        if len(entries) < PAGE:
            break
    return None


def find_article(publications: object, job: Job) -> Receipt | None:
    """The receipt of the article that this delivery published among the newest `publications`, or None."""
    known = {receipt.remote_id for receipt in job.held}
    for entry in _mappings(publications):
        article_id = id_text(entry.get("article_id"))
        article = _article(entry.get("content"))
        if article_id and article_id not in known and not article.get("is_deleted") and _is_ours(article, job):
            return _receipt(article_id, article.get("url"), job)
    return None


def published_receipt(reply: Mapping[str, object], job: Job) -> Receipt | None:
    """The receipt in a freepublish/get reply with status 0; None when it names no article."""
    article_id = id_text(reply.get("article_id"))
    detail = reply.get("article_detail")
    items = _mappings(detail.get("item")) if isinstance(detail, Mapping) else []
    url = items[0].get("article_url") if items else None
    return _receipt(article_id, url, job) if article_id else None


def _receipt(article_id: str, url: object, job: Job) -> Receipt:
    address = id_text(url)
    details = {key: job.notes[key] for key in ("publish_id", "media_id", "thumb_media_id") if key in job.notes}
    return Receipt(article_id, address if address.startswith(("http://", "https://")) else "", job.now, details)


def _is_ours(article: Mapping[str, object], job: Job) -> bool | None:
    """Whether an article is this delivery's; None when its title fits and nothing else is known of it."""
    fields = job.rendition.fields
    if str(article.get("title", "")).strip() != fields.get("title", "").strip():
        return False
    wanted = {"content_source_url": fields.get("content_source_url"), "thumb_media_id": job.notes.get("thumb_media_id")}
    pairs = [(article.get(key), value) for key, value in wanted.items() if article.get(key) and value]
    return all(seen == value for seen, value in pairs) if pairs else None


def _article(content: object) -> Mapping[str, object]:
    """The first article of a draft or publication; empty when there is none."""
    articles = _mappings(content.get("news_item")) if isinstance(content, Mapping) else []
    return articles[0] if articles else {}


def _mappings(value: object) -> list[Mapping[str, object]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []
