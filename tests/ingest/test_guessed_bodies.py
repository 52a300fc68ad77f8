"""Bodies that no selector names: the page's own element is found through what the extractors agree on."""

from __future__ import annotations

import pytest

from tests.ingest.reading import LONG, TEXT, page, read

DOUBT = "ingest.doubtful_extraction"
HEAD = "<h1>标签里的标题</h1><p>2026-11-23 08:30　样例来源</p>"


def guessed(inner: str, around: str = "") -> str:
    """The body of an article in an element that no table knows, with something around it."""
    return read(page(f'{HEAD}<div class="left"><div class="abc">{inner}</div>{around}</div>')).content.body


def test_what_stands_around_the_element_is_no_text() -> None:
    body = guessed(LONG, f"<div class=note><p>特别声明：本文由样例单位上传并发布，{TEXT}</p></div><div>我要跟帖</div>")
    assert ("第6段" in body, "特别声明" in body, "跟帖" in body) == (True, False, False)


def test_comments_with_more_sentences_than_the_article_are_no_text() -> None:
    said = "网友：好，真好，很好，非常好，好得很，实在是好，比以前好，样样都好，处处都好，天天都好！"
    comments = f'<ul><li><div class="comment-txt">{said * 3}</div></li></ul>'
    body = read(page(f'{HEAD}<div class="abc">{LONG}</div><div class="pl">{comments}</div>')).content.body
    assert ("第6段" in body, "网友" in body) == (True, False)


def test_pictures_and_tables_that_an_extractor_would_drop_stay() -> None:
    body = guessed(
        f"<p><img src='1.png'></p>{LONG}<table><tr><td rowspan=2>甲</td><td>1</td></tr><tr><td>2</td></tr></table>"
    )
    assert ("<img" in body, 'rowspan="2"' in body) == (True, True)


def test_unit_and_date_behind_the_element_belong_to_the_text() -> None:
    body = guessed(LONG, "<div>云川县人民政府</div>\n<div>2026年11月23日</div><div>分享到微信</div>")
    assert body.endswith("<p>云川县人民政府</p><p>2026年11月23日</p>")


@pytest.mark.parametrize("behind", ["<div>分享到微信</div>", "<div>上一篇</div><div>下一篇</div>", "<div><a href='/'>2026年11月23日</a></div>"])  # fmt: skip
def test_short_lines_without_a_date_behind_the_element_are_none(behind: str) -> None:
    assert guessed(LONG, behind).endswith("具体要求。</p>")


@pytest.mark.parametrize(
    "label",
    [
        "<div class=sponsor>图集</div>",
        "<div class=sponsor><b>专题</b></div>",
        "<div class=sponsor><a href='#'>【纠错】</a></div>",
    ],
)
def test_labels_at_the_ends_that_no_extractor_takes_for_text_are_left_out(label: str) -> None:
    body = guessed(f"{label}{LONG}{label}")
    assert body.startswith("<p>第1段")
    assert body.endswith("具体要求。</p>")


def test_a_date_at_the_end_of_the_element_stays() -> None:
    assert "2026年11月23日" in guessed(f"{LONG}<div>2026年11月23日</div>")


def test_paragraphs_in_boxes_of_their_own_are_all_taken() -> None:
    boxes = "".join(f"<div><p>第{n}段：{TEXT}会议还提出了第{n}项样例要求。</p></div>" for n in range(1, 7))
    body = guessed(boxes)
    assert all(f"第{n}段" in body for n in range(1, 7))


def test_an_element_that_holds_less_than_nearly_all_is_doubtful() -> None:
    more = "".join(f"<p>另有一段{TEXT}此外，第{n}个样例单位还将继续推进各项工作，确保年底完成。</p>" for n in "123")
    inner = f'<div class="abc">{LONG}{LONG}</div><div class="abc">{more}</div>'
    assert DOUBT in read(page(f'{HEAD}<div class="left">{inner}</div>')).warnings


def test_an_element_that_holds_all_is_not_doubtful() -> None:
    assert DOUBT not in read(page(f'{HEAD}<div class="abc">{LONG}</div>')).warnings


@pytest.mark.parametrize("bar", ["<div><a href='1_1.html'>【1】</a><a href='1_2.html'>【2】</a><a href='1_3.html'>【3】</a></div>", "<p>1 <a href='1_2.html'>2</a></p>"])  # fmt: skip
def test_a_bar_that_only_counts_its_pages_is_no_text(bar: str) -> None:
    assert guessed(LONG + bar).endswith("具体要求。</p>")


@pytest.mark.parametrize("line", ["<p><a href='2.html'>3</a></p>", "<p><a href='2.html'>2026</a> 2027</p>", "<p>3 <a href='2.html'>1</a></p>"])  # fmt: skip
def test_a_line_of_other_numbers_with_a_link_stays(line: str) -> None:
    assert not guessed(LONG + line).endswith("具体要求。</p>")
