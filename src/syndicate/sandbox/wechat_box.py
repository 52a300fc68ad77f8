"""The draft box of the drill WeChat, and the articles and publish jobs that come out of it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from syndicate.sandbox.catalogue import limits
from syndicate.sandbox.exchange import Refusal, is_integer
from syndicate.sandbox.wechat_content import Article

Document = Mapping[str, Any]


@dataclass
class Draft:
    """One entry of the draft box."""

    media_id: str
    articles: list[Article]
    updated_at: datetime


def read_page(document: Document) -> tuple[int, int, bool]:
    """Offset, count and no_content of a batchget call. Raises `Refusal` 40035."""
    offset, count, no_content = (document.get(name, 0) for name in ("offset", "count", "no_content"))
    if not is_integer(offset) or not is_integer(count) or not is_integer(no_content):
        raise Refusal(40035)
    if offset < 0 or not 1 <= count <= limits()["wechat.batch"] or no_content not in (0, 1):
        raise Refusal(40035)
    return offset, count, bool(no_content)


def text_field(document: Document, name: str, missing: int) -> str:
    """A text field of a request that must not be empty. Raises `Refusal` with the code `missing`."""
    value = document.get(name)
    if not isinstance(value, str) or not value:
        raise Refusal(missing)
    return value


@dataclass
class DraftBox:
    """The drafts. `read` turns a given article into a kept one; `shown` prepares articles for a list."""

    read: Callable[[object, bool], Article]
    preview: Callable[[str], str]
    drafts: dict[str, Draft] = field(default_factory=dict)

    def add(self, document: Document, now: datetime) -> Draft:
        """draft/add."""
        given = document.get("articles")
        if not isinstance(given, list) or not given:
            raise Refusal(44003)
        if len(given) > limits()["wechat.articles"]:
            raise Refusal(45008)
        articles = [self.read(article, len(given) == 1) for article in given]
        draft = Draft(secrets.token_urlsafe(48), articles, now)
        self.drafts[draft.media_id] = draft
        return draft

    def update(self, document: Document, now: datetime) -> Draft:
        """draft/update: replaces one article."""
        draft = self.find(document)
        index = document.get("index", 0)
        if not is_integer(index) or not 0 <= index < len(draft.articles):
            raise Refusal(40035)
        draft.articles[index] = self.read(document.get("articles"), len(draft.articles) == 1)
        draft.updated_at = now
        return draft

    def get(self, document: Document) -> dict[str, object]:
        """draft/get."""
        return {"news_item": self._shown(self.find(document))}

    def delete(self, document: Document) -> Draft:
        """draft/delete."""
        return self.drafts.pop(self.find(document).media_id)

    def find(self, document: Document) -> Draft:
        """The draft that `media_id` names. Raises `Refusal` 40007."""
        draft = self.drafts.get(text_field(document, "media_id", 41006))
        if draft is None:
            raise Refusal(40007)
        return draft

    def batch(self, document: Document, keep_source_url: bool) -> dict[str, object]:
        """draft/batchget: newest first."""
        offset, count, no_content = read_page(document)
        newest = sorted(self.drafts.values(), key=lambda draft: draft.updated_at, reverse=True)
        item: list[dict[str, object]] = [
            {
                "media_id": draft.media_id,
                "content": {"news_item": without_content(self._shown(draft), no_content, keep_source_url)},
                "update_time": int(draft.updated_at.timestamp()),
            }
            for draft in newest[offset : offset + count]
        ]
        return {"total_count": len(newest), "item_count": len(item), "item": item}

    def _shown(self, draft: Draft) -> list[Article]:
        return [article | {"url": self.preview(draft.media_id)} for article in draft.articles]


def without_content(articles: Sequence[Article], no_content: bool, keep_source_url: bool) -> list[Article]:
    """Articles as a list shows them: with no_content the text is left out."""
    hidden = set() if not no_content else {"content"} if keep_source_url else {"content", "content_source_url"}
    return [{name: value for name, value in article.items() if name not in hidden} for article in articles]
