"""How lists and articles are read: the parts that source files and presets share."""

from __future__ import annotations

import re
from datetime import timedelta

from syndicate.config.places import Problems
from syndicate.config.selectors import check_selectors
from syndicate.config.shapes import Choice, Duration, Field, Many, Raw, Record, Table, Text, Whole, note
from syndicate.config.yaml_nodes import MappingNode, Node
from syndicate.model.source import ArticleRules, Asking, ListRules, PageNumbers, Paging, SourceKind

_SELECTOR = Text(longest=500)
_LIST = Record(
    ListRules,
    {
        # The empty path of a JSON list is the document itself.
        "rows": Field(Raw(), required=True),
        "url": Field(_SELECTOR, required=True),
        "title": Field(_SELECTOR, required=True),
        "published": Field(Raw()),
    },
)
_ARTICLE = Record(
    ArticleRules,
    {
        "body": Field(Raw()),
        "title": Field(Raw()),
        "published": Field(Raw()),
        "source_name": Field(Raw()),
        "remove": Field(Many(_SELECTOR)),
        "fields": Field(Table(_SELECTOR)),
    },
)
_PARTS = r"(?:[^{]|\{(?:page|stem|suffix)\})*"
_PAGING = Record(
    Paging,
    {
        "address": Field(Text(rf"{_PARTS}\{{page\}}{_PARTS}", "page_address", 500)),
        "numbers": Field(Choice(PageNumbers)),
        "most": Field(Whole(1, 200)),
    },
)
_ASKING = Record(
    Asking,
    {
        "body": Field(Text(longest=5_000), required=True),
        "content_type": Field(Text(r"[\w.+/-]+(; ?[\w=-]+)?", "word", 100)),
    },
)


class Pattern:
    """A regular expression that is sought in addresses or pages."""

    def read(self, node: Node, problems: Problems) -> str | None:
        """The expression as text."""
        text = Text(longest=500).read(node, problems)
        try:
            re.compile(text or "")
        except re.error as error:
            note(problems, node, "bad_expression", value=(text or "")[:40], reason=error.msg)
            return None
        return text


OFTEN = Duration(least=timedelta(minutes=1))
READING: dict[str, Field] = {
    "kind": Field(Choice(SourceKind), required=True),
    "list": Field(_LIST, into="list_rules"),
    "article": Field(_ARTICLE, into="article_rules"),
    "paging": Field(_PAGING),
    "asking": Field(_ASKING),
    "only": Field(Pattern()),
}
"""The keys that say how a list and its articles are read."""


def check_reading(node: MappingNode, problems: Problems) -> None:
    """Note what one key alone cannot tell; judged also where other keys are wrong."""
    kind, has_list = node.text("kind"), "list" in node.entries
    if kind in (SourceKind.FEED, SourceKind.SITEMAP) and has_list:
        note(problems, node.at("list"), "list_unused")
    if kind in (SourceKind.JSON, SourceKind.HTML) and not has_list:
        note(problems, node.at("kind"), "list_needed", kind=kind)
    if kind == SourceKind.HTML and has_list and not node.text("list", "rows"):
        note(problems, node.at("list", "rows"), "empty_text")
    numbered = node.text("paging", "address") or "{page}" in node.text("asking", "body")
    if "paging" in node.entries and not numbered and node.text("paging", "numbers") != PageNumbers.LINKED:
        note(problems, node.at("paging"), "no_page_number")
    # A JSON list is read by paths, its articles by selectors like all others.
    for key in ("article", "list") if kind == SourceKind.HTML else ("article",):
        if key in node.entries:
            check_selectors(node.at(key), problems)
