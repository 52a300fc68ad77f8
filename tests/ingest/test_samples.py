"""The sample sources that ship with the project, read as the demo reads them."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from syndicate.config.load import load
from syndicate.ingest.article import read_article
from syndicate.ingest.files import media_type
from syndicate.ingest.lists import read_list
from syndicate.model.item import Extracted
from syndicate.model.source import Document, Row, Source
from tests.ingest.conftest import NOW

ROOT = Path(__file__).parents[2]
SITE = ROOT / "content" / "samples" / "site"


@pytest.fixture(scope="module")
def sources() -> dict[str, Source]:
    return {name: source for name, source in load(ROOT).sources.items() if name.startswith("sample-")}


def fetched(url: str) -> Document:
    return Document(url, (SITE / urlsplit(url).path.lstrip("/")).read_bytes(), NOW)


def rows(source: Source) -> tuple[Row, ...]:
    return read_list(source, fetched(source.url))


@pytest.fixture(scope="module")
def articles(sources: dict[str, Source]) -> dict[str, Extracted]:
    found = {}
    for source in sources.values():
        for row in rows(source):
            found[row.url.rpartition("/")[2]] = read_article(source, row, fetched(row.url))
    return found


def test_three_kinds_of_lists_have_ten_dated_rows(sources: dict[str, Source]) -> None:
    counts = {name: len(rows(source)) for name, source in sources.items()}

    assert counts == {"sample-province": 3, "sample-city": 3, "sample-county": 4}
    assert all(row.published_at for source in sources.values() for row in rows(source))


def test_one_article_stands_in_two_lists_under_one_address(sources: dict[str, Source]) -> None:
    province, city = ({row.url for row in rows(sources[f"sample-{name}"])} for name in ("province", "city"))

    assert len(province & city) == 1


def test_every_article_says_that_it_is_a_sample(articles: dict[str, Extracted]) -> None:
    assert len(articles) == 9
    assert all("演示样例" in article.content.body for article in articles.values())


def test_every_article_comes_from_a_listed_unit(articles: dict[str, Extracted], sources: dict[str, Source]) -> None:
    listed = {name for source in sources.values() for name in (source.organ, *source.white_list)}

    assert {article.content.source_name for article in articles.values()} <= listed


def test_the_policy_document_has_its_fields_and_attachments(articles: dict[str, Extracted]) -> None:
    policy = articles["content_2001.html"]

    assert policy.content.fields["发文字号"] == "示政发〔2026〕3号"
    assert policy.content.fields["有效性"] == "有效"
    assert [file.name for file in policy.wanted] == ["农村供水管理办法文本.pdf", "农村供水工程名录.xlsx"]
    assert f"{policy.content.published_at:%H:%M:%S}" == "08:00:15"


def test_every_wanted_file_is_there_and_is_what_it_says(articles: dict[str, Extracted]) -> None:
    wanted = [file for article in articles.values() for file in article.wanted]

    kinds = [media_type(fetched(file.url).body, file.name, file.role) for file in wanted]

    assert len(set(kinds)) == 3


def test_scripts_and_handlers_do_not_come_along(articles: dict[str, Extracted]) -> None:
    body = articles["t20260305_1003.html"].content.body

    assert not any(word in body for word in ("script", "onclick", "onerror", "隐藏", "扫一扫"))


def test_the_sample_table_keeps_its_merged_cells(articles: dict[str, Extracted]) -> None:
    assert 'rowspan="2"' in articles["content_2002.html"].content.body


def test_the_binary_samples_are_what_their_script_writes(tmp_path: Path) -> None:
    from tools import write_samples

    city = write_samples.CITY

    assert (write_samples.SITE / "images" / "river.png").read_bytes().startswith(b"\x89PNG")
    assert (city / "P020260309001.pdf").read_bytes() == write_samples.document()
    assert (city / "P020260309002.xlsx").read_bytes() == write_samples.workbook()


def test_no_row_is_fetched_from_outside_this_machine(sources: dict[str, Source]) -> None:
    addresses = [row.url for source in sources.values() for row in rows(source)]

    assert all(address.startswith("http://127.0.0.1:8808/") for address in addresses)
