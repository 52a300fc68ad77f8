"""Publishing on the drill WeChat: jobs that end later, articles with addresses, deletion, mass sending."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from syndicate.model.hashing import digest
from syndicate.sandbox.catalogue import limits
from syndicate.sandbox.effects import Effects
from syndicate.sandbox.exchange import Refusal, is_integer
from syndicate.sandbox.quota import DAY, Counters
from syndicate.sandbox.wechat_box import Document, Draft, DraftBox, read_page, text_field, without_content
from syndicate.sandbox.wechat_content import Article

PUBLISHED, RUNNING, ORIGINALITY, FAILED, REJECTED, DELETED_AFTER, BLOCKED_AFTER = range(7)
"""publish_status of freepublish/get."""


@dataclass
class Page:
    """One article at one public address; `gone` says why the public no longer sees it."""

    id: str
    article: Article
    published_at: datetime
    gone: str = ""


@dataclass
class Publication:
    """One published draft: an article id and its pages in order."""

    article_id: str
    pages: list[Page]
    published_at: datetime


@dataclass
class Job:
    """One publish job, from submit to its end."""

    publish_id: str
    draft: Draft
    articles: list[Article]
    due: datetime
    final: int
    status: int = RUNNING
    article_id: str = ""


@dataclass
class Press:
    """Jobs, publications and pages. The caller holds the platform's lock and settles before every use."""

    box: DraftBox
    effects: Effects
    delay: timedelta
    keep_source_url: bool
    address: str = ""
    jobs: dict[str, Job] = field(default_factory=dict)
    publications: dict[str, Publication] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)

    def submit(self, document: Document, now: datetime, final: int) -> dict[str, object]:
        """freepublish/submit: accepted only. Submitting a draft again while its job runs starts a second job."""
        draft = self.box.find(document)
        publish_id = str(2_247_483_650 + len(self.jobs))
        self.jobs[publish_id] = Job(publish_id, draft, [dict(a) for a in draft.articles], now + self.delay, final)
        self.effects.add("submitted", publish_id, now, media_id=draft.media_id)
        data_id = str(3_000_000_000 + len(self.jobs))
        return {"errcode": 0, "errmsg": "ok", "publish_id": publish_id, "msg_data_id": data_id}

    def settle(self, now: datetime) -> None:
        """End every job that is due. The draft leaves the box only now, and only when something was published."""
        for job in self.jobs.values():
            if job.status != RUNNING or job.final == RUNNING or job.due > now:
                continue
            job.status = job.final
            if job.final in (ORIGINALITY, FAILED, REJECTED):
                self.effects.add("publish_failed", job.publish_id, job.due, status=job.final)
                continue
            self.box.drafts.pop(job.draft.media_id, None)
            publication = self.publish(job.articles, job.due, "published")
            self.publications[publication.article_id] = publication
            job.article_id = publication.article_id
            if job.final in (DELETED_AFTER, BLOCKED_AFTER):
                self._remove(publication.pages, "deleted" if job.final == DELETED_AFTER else "blocked", job.due)

    def publish(self, articles: list[Article], at: datetime, effect: str) -> Publication:
        """Give every article its public address."""
        publication = Publication(secrets.token_urlsafe(48), [], at)
        for article in articles:
            page = Page(secrets.token_urlsafe(16), article, at)
            publication.pages.append(page)
            self.pages[page.id] = page
            source = article["content_source_url"]
            self.effects.add(effect, page.id, at, content_hash(article), title=article["title"], source_url=source)
        return publication

    def get(self, document: Document) -> dict[str, object]:
        """freepublish/get. The publish id may be text or a number."""
        given = document.get("publish_id")
        job = self.jobs.get(str(given)) if isinstance(given, str) or is_integer(given) else None
        if job is None:
            raise Refusal(53502)
        reply: dict[str, object] = {"publish_id": job.publish_id, "publish_status": job.status}
        if job.article_id:
            pages = self.publications[job.article_id].pages
            item = [{"idx": number, "article_url": self.url(page)} for number, page in enumerate(pages, 1)]
            reply |= {"article_id": job.article_id, "article_detail": {"count": len(item), "item": item}}
        failed = job.status in (ORIGINALITY, REJECTED)
        return reply | {"fail_idx": list(range(1, len(job.articles) + 1)) if failed else []}

    def get_article(self, document: Document) -> dict[str, object]:
        """freepublish/getarticle."""
        return {"news_item": self._shown(self._find(document))}

    def delete(self, document: Document, now: datetime) -> None:
        """freepublish/delete: index 0 or absent deletes all articles, n only the nth."""
        publication = self._find(document)
        index = document.get("index", 0)
        if not is_integer(index) or not 0 <= index <= len(publication.pages):
            raise Refusal(40035)
        chosen = publication.pages if index == 0 else [publication.pages[index - 1]]
        if all(page.gone for page in chosen):
            raise Refusal(53600)
        self._remove(chosen, "deleted", now)

    def batch(self, document: Document) -> dict[str, object]:
        """freepublish/batchget: newest first, deleted ones included, mass-sent ones not."""
        offset, count, no_content = read_page(document)
        newest = list(reversed(self.publications.values()))
        item: list[dict[str, object]] = [
            {
                "article_id": publication.article_id,
                "content": {
                    "news_item": without_content(self._shown(publication), no_content, self.keep_source_url),
                },
                "update_time": int(publication.published_at.timestamp()),
            }
            for publication in newest[offset : offset + count]
        ]
        return {"total_count": len(newest), "item_count": len(item), "item": item}

    def visible(self) -> list[dict[str, object]]:
        """What the public can read now."""
        return [
            {
                "id": page.id,
                "url": self.url(page),
                "title": page.article["title"],
                "content": page.article["content"],
                "source_url": page.article["content_source_url"],
                "published_at": page.published_at.isoformat(),
            }
            for page in self.pages.values()
            if not page.gone
        ]

    def url(self, page: Page) -> str:
        """The public address of a page."""
        return f"{self.address}/s/{page.id}"

    def remove(self, page: Page, now: datetime) -> None:
        """Take one page down."""
        self._remove([page], "deleted", now)

    def _remove(self, pages: list[Page], why: str, at: datetime) -> None:
        for page in pages:
            if not page.gone:
                page.gone = why
                self.effects.add(why, page.id, at, content_hash(page.article))

    def _find(self, document: Document) -> Publication:
        publication = self.publications.get(text_field(document, "article_id", 53600))
        if publication is None:
            raise Refusal(53600)
        return publication

    def _shown(self, publication: Publication) -> list[Article]:
        return [page.article | {"url": self.url(page), "is_deleted": bool(page.gone)} for page in publication.pages]


@dataclass
class MassSending:
    """message/mass: one push a day to the followers, protected against repeats by clientmsgid."""

    press: Press
    sent: dict[str, list[Page]] = field(default_factory=dict)
    by_client_id: dict[str, str] = field(default_factory=dict)
    per_day: Counters = field(default_factory=lambda: Counters(DAY))

    def send_all(self, document: Document, now: datetime) -> dict[str, object]:
        """message/mass/sendall. A repeated clientmsgid is refused with 45065 and the id of the first message."""
        _check_filter(document.get("filter"))
        if document.get("msgtype") != "mpnews":
            raise Refusal(40008)
        news = document.get("mpnews")
        draft = self.press.box.find(news if isinstance(news, dict) else {})
        client_id = document.get("clientmsgid", "")
        if not isinstance(client_id, str) or len(client_id.encode("utf-8")) > limits()["wechat.clientmsgid_bytes"]:
            raise Refusal(40035)
        if client_id in self.by_client_id:
            raise Refusal(45065, msg_id=int(self.by_client_id[client_id]))
        if not self.per_day.spend("mass", limits()["wechat.mass_per_day"], now):
            raise Refusal(45028)
        message_id = str(1_000_000_001 + len(self.sent))
        self.sent[message_id] = self.press.publish([dict(a) for a in draft.articles], now, "mass_sent").pages
        if client_id:
            self.by_client_id[client_id] = message_id
        data_id = 206_000_000 + len(self.sent)
        message = "send job submission success"
        return {"errcode": 0, "errmsg": message, "msg_id": int(message_id), "msg_data_id": data_id}

    def get(self, document: Document) -> dict[str, object]:
        """message/mass/get."""
        message_id, pages = self._find(document)
        status = "DELETE" if all(page.gone for page in pages) else "SEND_SUCCESS"
        return {"msg_id": int(message_id), "msg_status": status}

    def delete(self, document: Document, now: datetime) -> None:
        """message/mass/delete: `article_idx` 0 or absent deletes all."""
        _, pages = self._find(document)
        index = document.get("article_idx", 0)
        if not is_integer(index) or not 0 <= index <= len(pages):
            raise Refusal(40035)
        for page in pages if index == 0 else [pages[index - 1]]:
            self.press.remove(page, now)

    def _find(self, document: Document) -> tuple[str, list[Page]]:
        given = document.get("msg_id")
        message_id = str(given) if isinstance(given, str) or is_integer(given) else ""
        if message_id not in self.sent:
            raise Refusal(40060)
        return message_id, self.sent[message_id]


def _check_filter(given: object) -> None:
    chosen: Mapping[str, Any] = given if isinstance(given, dict) else {}
    if chosen.get("is_to_all") is not True and not is_integer(chosen.get("tag_id")):
        raise Refusal(40035)


def content_hash(article: Article) -> str:
    """What makes two articles the same for a reader: title, text and the link to the original."""
    return digest([article["title"], article["content"], article["content_source_url"]])
