"""What WeChat makes of an article: field limits, foreign pictures and scripts removed, the digest filled in."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from html import escape
from html.parser import HTMLParser
from typing import Any

from syndicate.sandbox.catalogue import limits
from syndicate.sandbox.exchange import Refusal, is_integer

_TEXT_FIELDS = ("title", "author", "digest", "content", "content_source_url", "thumb_media_id")
_SWITCHES = ("show_cover_pic", "need_open_comment", "only_fans_can_comment")
_DROPPED = frozenset({"script", "style", "iframe", "object", "embed", "form"})
_VOID = frozenset({"img", "br", "hr", "input", "meta", "link", "embed", "source", "wbr", "col"})
Article = dict[str, Any]
"""One `news_item` of a reply: the fields of the request as the platform keeps them."""


def read_article(
    given: object, title_limit: int, single: bool, pictures: Collection[str], media: Collection[str]
) -> Article:
    """Check one article of a draft and return it as kept. Raises `Refusal` with the code of the first broken rule.

    `pictures` are the addresses that this platform gave out, `media` the permanent picture ids.
    """
    if not isinstance(given, dict):
        raise Refusal(47001)
    article = {name: given.get(name, "") for name in _TEXT_FIELDS}
    if not all(isinstance(value, str) for value in article.values()):
        raise Refusal(47001)
    kind = given.get("article_type", "news")
    if kind not in ("news", "newspic"):
        raise Refusal(40035)
    article |= {name: _switch(given.get(name, 1 if name == "show_cover_pic" else 0)) for name in _SWITCHES}
    _check_lengths(article, title_limit, single)
    if kind == "newspic":
        article |= {"article_type": kind, "image_info": _image_info(given.get("image_info"), media)}
    else:
        if article["thumb_media_id"] not in media:
            raise Refusal(40007)
        article["content"] = keep_own(article["content"], pictures.__contains__)
    if not article["digest"] and single:
        article["digest"] = plain_text(article["content"])[: limits()["wechat.digest_from_text"]]
    return article


def _check_lengths(article: Mapping[str, Any], title_limit: int, single: bool) -> None:
    content: str = article["content"]
    source_bytes = len(article["content_source_url"].encode("utf-8", "replace"))
    rules: tuple[tuple[bool, int], ...] = (
        (not article["title"].strip(), 40227),
        (len(article["title"]) > title_limit, 45003),
        (len(article["author"]) > limits()["wechat.author"], 45110),
        (single and len(article["digest"]) > limits()["wechat.digest"], 45004),
        (not content.strip(), 44004),
        (len(content) >= limits()["wechat.content_characters"], 45002),
        (len(content.encode("utf-8", "replace")) >= limits()["wechat.content_bytes"], 45002),
        (source_bytes > limits()["wechat.source_url_bytes"], 45005),
    )
    for broken, code in rules:
        if broken:
            raise Refusal(code)


def _switch(value: object) -> int:
    if not is_integer(value) or value not in (0, 1):
        raise Refusal(40035)
    return value


def _image_info(given: object, media: Collection[str]) -> dict[str, object]:
    pictures = given.get("image_list") if isinstance(given, dict) else None
    if not isinstance(pictures, list) or not pictures:
        raise Refusal(40035)
    ids = [picture.get("image_media_id") if isinstance(picture, dict) else None for picture in pictures]
    if not all(isinstance(identity, str) and identity in media for identity in ids):
        raise Refusal(40007)
    return {"image_list": [{"image_media_id": identity} for identity in ids]}


class _Keeper(HTMLParser):
    """Writes markup again as it came, without scripts and without pictures from elsewhere."""

    def __init__(self, is_own: Callable[[str], bool]) -> None:
        super().__init__(convert_charrefs=False)
        self._is_own = is_own
        self._skipping = ""
        self.kept: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._skipping:
            return
        if tag in _DROPPED:
            self._skipping = "" if tag in _VOID else tag
            return
        if tag == "img" and not self._is_own(dict(attrs).get("src") or ""):
            return
        clean = [(name, value) for name, value in attrs if not _runs_code(name, value)]
        written = self.get_starttag_text() or ""
        if len(clean) != len(attrs):
            inner = "".join(f' {name}="{escape(value or "")}"' for name, value in clean)
            written = f"<{tag}{inner}>"
        self.kept.append(written)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _DROPPED:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self._skipping:
            self._skipping = "" if tag == self._skipping else self._skipping
        elif tag not in _DROPPED:
            self.kept.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self._skipping:
            self.kept.append(data)
            self.text.append(data)

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")


def _runs_code(name: str, value: str | None) -> bool:
    compact = "".join((value or "").split()).lower()
    return name.startswith("on") or compact.startswith(("javascript:", "vbscript:"))


def _read(markup: str, is_own: Callable[[str], bool]) -> _Keeper:
    keeper = _Keeper(is_own)
    keeper.feed(markup)
    keeper.close()
    return keeper


def keep_own(markup: str, is_own: Callable[[str], bool]) -> str:
    """The markup without scripts, handlers and every `<img>` whose address is not one of the platform's own."""
    return "".join(_read(markup, is_own).kept)


def plain_text(markup: str) -> str:
    """The text of some markup, blanks joined."""
    return " ".join("".join(_read(markup, lambda _: False).text).split())
