"""Ingest on real material: feedparser's corpus, State Council documents, saved article pages."""

from __future__ import annotations

import csv
import json
import tarfile
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from tools.expect_extraction import compared

from syndicate.errors import InputError
from syndicate.ingest.article import read_article
from syndicate.ingest.lists import read_list
from syndicate.model.source import Document, ListRules, Row, Source, SourceKind

NOW = datetime(2026, 11, 24, 8, tzinfo=ZoneInfo("Asia/Shanghai"))
FEED = Source("corpus", "样例", SourceKind.FEED, "http://www.example.com/feed.xml", "news", "样例机关", full_text=True)
LIST = replace(FEED, kind=SourceKind.JSON, full_text=False, list_rules=ListRules("", "URL", "TITLE", "DOCRELPUBTIME"))
PAGE = replace(FEED, kind=SourceKind.HTML, full_text=False)
FIELDS = ("索引号", "主题分类", "发文机关", "成文日期", "标题", "发文字号", "发布日期")


def test_the_whole_feed_corpus_is_read_without_one_uncaught_exception(data: Path) -> None:
    refused, rows, began = [], 0, time.monotonic()
    with tarfile.open(data / "feeds" / "feedparser-tests.tar.gz") as corpus:
        names = [member for member in corpus.getmembers() if member.name.endswith((".xml", ".json"))]
        for member in names:
            file = corpus.extractfile(member)
            assert file is not None
            try:
                rows += len(read_list(FEED, Document(FEED.url, file.read(), NOW)))
            except InputError:
                refused.append(member.name)

    assert len(names) == 2_107
    assert rows > 1_000
    assert len(refused) < 15
    assert time.monotonic() - began < 30


def test_every_row_of_the_government_list_is_read(data: Path) -> None:
    body = (data / "pages" / "govcn_list.json").read_bytes()

    rows = read_list(LIST, Document("http://www.gov.cn/list.json", body, NOW))

    stated = [(row["URL"], row["TITLE"], row["DOCRELPUBTIME"]) for row in json.loads(body)]
    assert [(row.url, row.title, f"{row.published_at:%Y-%m-%d}") for row in rows] == stated
    assert len(rows) == 60


def test_all_government_documents_are_read_as_their_sidecars_say(data: Path) -> None:
    wrong = []
    sidecars = sorted((data / "pages" / "govcn").glob("*.json"))
    for sidecar in sidecars:
        stated = json.loads(sidecar.read_text("utf-8"))
        row = Row("k", stated["url"], "")
        content = read_article(LIST, row, Document(row.url, sidecar.with_suffix(".html").read_bytes(), NOW)).content
        got = [content.title, f"{content.published_at:%Y-%m-%d}", *(content.fields.get(name, "") for name in FIELDS)]
        if got != [stated["title"], stated["pub_date"], *(stated["page_fields"][name] for name in FIELDS)]:
            wrong.append(sidecar.name)

    assert (len(sidecars), wrong) == (60, [])


def saved_pages(data: Path) -> list[dict[str, str]]:
    with (data / "pages" / "index.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_saved_page_gives_an_article(data: Path) -> None:
    failed = []
    for page in saved_pages(data):
        document = Document(PAGE.url, (data / "pages" / page["file"]).read_bytes(), NOW)
        try:
            content = read_article(PAGE, Row("k", "http://www.example.com/a.html", page["title"]), document).content
        except InputError:
            failed.append(page["file"])
            continue
        if len(content.body) < 100 or "<script" in content.body or "\x00" in content.body:
            failed.append(page["file"])

    assert failed == []


def test_pages_with_government_meta_tags_give_their_title_time_and_source(data: Path) -> None:
    tagged = [page for page in saved_pages(data) if page["ArticleTitle"]]
    wrong = []
    for page in tagged:
        document = Document(PAGE.url, (data / "pages" / page["file"]).read_bytes(), NOW)
        content = read_article(PAGE, Row("k", "http://www.example.com/a.html", ""), document).content
        stated = (page["ArticleTitle"].strip(), page["PubDate"][:16])
        if (content.title, f"{content.published_at:%Y-%m-%d %H:%M}") != stated:
            wrong.append(page["file"])
        if page["ContentSource"] and content.source_name != page["ContentSource"]:
            wrong.append(page["file"])

    assert (len(tagged), wrong) == (4, [])


def test_one_saved_page_declares_the_wrong_encoding_and_is_read_all_the_same(data: Path) -> None:
    document = Document(PAGE.url, (data / "pages" / "gne" / "people" / "1.html").read_bytes(), NOW)

    extracted = read_article(PAGE, Row("k", "http://www.example.com/a.html", ""), document)

    assert "\ufffd" not in extracted.content.body
    assert "ingest.replaced" not in extracted.warnings


@pytest.mark.parametrize("name", ["merged_cells_page_source.html", "page_source_debug.html"])
def test_a_penalty_table_is_found_whole(data: Path, name: str) -> None:
    document = Document(PAGE.url, (data / "pages" / "nfra" / name).read_bytes(), NOW)

    extracted = read_article(PAGE, Row("k", "http://www.example.com/a.html", ""), document)

    assert "<table" in extracted.content.body
    assert extracted.warnings == ()


def test_97_of_100_fields_of_hand_checked_pages_are_right(data: Path) -> None:
    count, wrong = compared(data / "pages", Path(__file__).with_name("extraction.tsv"))

    assert count >= 30 * 5
    assert len(wrong) <= 0.03 * count, "\n".join(wrong)
