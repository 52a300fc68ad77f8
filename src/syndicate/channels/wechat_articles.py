"""The articles of a rendition: one, or up to eight of a bundle, with the platform's ids in place of files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from syndicate.channels.replacing import replace_files
from syndicate.model.delivery import Job

CROPS = {"pic_crop_235_1": 2.35, "pic_crop_1_1": 1.0}
"""What lists show of a cover, as draft/add names it: wide for the first article, square for the others."""
BUNDLE = "bundle"
"""Field of a rendition whose body lists several articles: `[{"fields": {…}, "body": "…", …}]`."""


@dataclass(frozen=True)
class Article:
    """One article; `number` counts from 0."""

    number: int
    fields: Mapping[str, str]
    body: str

    @property
    def cover_role(self) -> str:
        """Role of the file that is its cover."""
        return f"cover:{self.number}" if self.number else "cover"

    @property
    def thumb_note(self) -> str:
        """Note under which its cover's media id is kept."""
        return f"thumb_media_id:{self.number}" if self.number else "thumb_media_id"

    def crop_note(self, name: str) -> str:
        """Note under which one of its cover's crops is kept."""
        return f"{name}:{self.number}" if self.number else name


def is_bundle(job: Job) -> bool:
    """Whether the rendition is a bundle for a mass message."""
    return BUNDLE in job.rendition.fields


def articles(job: Job) -> tuple[Article, ...]:
    """The articles in order."""
    if not is_bundle(job):
        return (Article(0, job.rendition.fields, job.rendition.body),)
    listed = json.loads(job.rendition.body)
    return tuple(Article(number, one["fields"], one["body"]) for number, one in enumerate(listed))


def draft_article(article: Article, job: Job) -> dict[str, object]:
    """An article as draft/add takes it."""
    fields = article.fields
    addresses = {k.removeprefix("image:"): v for k, v in job.notes.items() if k.startswith("image:")}
    return {
        "article_type": "news",
        "title": fields.get("title", ""),
        "author": fields.get("author", ""),
        "digest": fields.get("digest", ""),
        "content": replace_files(article.body, addresses),
        "content_source_url": fields.get("content_source_url", ""),
        "thumb_media_id": job.notes[article.thumb_note],
        "need_open_comment": 1 if job.channel.settings.get("need_open_comment") is True else 0,
        "only_fans_can_comment": 0,
        **{name: job.notes[note] for name in CROPS if (note := article.crop_note(name)) in job.notes},
    }
