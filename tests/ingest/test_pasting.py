"""What people paste: Word and HTML."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from syndicate.errors import InputError
from syndicate.ingest.pasting import read_paste


def saved(document: object) -> bytes:
    out = io.BytesIO()
    document.save(out)  # type: ignore[attr-defined]
    return out.getvalue()


def word(*paragraphs: str) -> bytes:
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    return saved(document)


def test_paragraphs_of_a_word_file_are_paragraphs() -> None:
    assert read_paste(word("第一段 <样例>", "", "第二段"), "a.docx").body == "<p>第一段 &lt;样例&gt;</p><p>第二段</p>"


def test_headings_bold_text_and_alignment_stay() -> None:
    document = docx.Document()
    document.add_heading("样例标题", 1)
    paragraph = document.add_paragraph()
    paragraph.add_run("重点").bold = True
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    body = read_paste(saved(document), "a.docx").body
    assert "<h2>样例标题</h2>" in body
    assert '<p style="text-align: center"><strong>重点</strong></p>' in body.replace(
        "text-align:center", "text-align: center"
    )


def test_merged_cells_stay_merged() -> None:
    document = docx.Document()
    table = document.add_table(3, 3)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "宽"
    table.cell(1, 2).merge(table.cell(2, 2)).text = "高"
    body = read_paste(saved(document), "a.docx").body
    assert '<td colspan="2"><p>宽</p></td>' in body
    assert '<td rowspan="2"><p>高</p></td>' in body
    assert body.count("<td") == 7


def test_pictures_come_along_by_hash() -> None:
    document = docx.Document()
    picture = io.BytesIO()
    Image.new("RGB", (2, 2)).save(picture, "PNG")
    document.add_picture(picture)
    pasted = read_paste(saved(document), "a.docx")
    ((attachment, data),) = pasted.pictures
    assert (attachment.media_type, attachment.size) == ("image/png", len(data))
    assert f'src="file:{attachment.sha256}"' in pasted.body


def test_html_of_word_is_cleaned() -> None:
    html = "<html><head><style>p{}</style></head><body><o:p></o:p><p class=MsoNormal onclick='x()'>正文</p><script>x</script></body></html>"
    assert read_paste(html.encode("gb18030"), "a.htm").body == "<p>正文</p>"


def test_plain_text_becomes_paragraphs() -> None:
    assert read_paste("第一段\n\n第二段".encode(), "a.txt").body == "<p>第一段</p><p>第二段</p>"


def test_a_picture_inside_pasted_html_is_missed_aloud() -> None:
    pasted = read_paste("<p>正文<img src='data:image/png;base64,AA'></p>".encode(), "a.html")
    assert pasted.warnings == ("ingest.inline_image_dropped",)


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "text.old_word"),
        (b"PK\x03\x04", "text.broken"),
        (b"MZ\x00\x00", "text.unknown_kind"),
        (b"", "item.no_text"),
        (b"<p> </p>", "item.no_text"),
        (word(), "item.no_text"),
    ],
)
def test_what_cannot_be_pasted_is_an_error(data: bytes, key: str) -> None:
    with pytest.raises(InputError) as raised:
        read_paste(data, "a")
    assert raised.value.message.key == key


@given(st.binary(max_size=300))
def test_any_bytes_give_a_body_or_an_input_error(data: bytes) -> None:
    for whole in (data, b"PK\x03\x04" + data):
        try:
            read_paste(whole, "a")
        except InputError:
            continue


def test_links_of_a_word_file_lead_where_they_did_and_breaks_stay() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("见")
    target = document.part.relate_to("https://a.example/1.html", "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink", is_external=True)  # fmt: skip
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), target)
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "原文"
    run.append(text)
    link.append(run)
    paragraph._p.append(link)
    paragraph.add_run().add_break()
    paragraph.add_run("第二行\t完")
    assert (
        read_paste(saved(document), "a.docx").body
        == '<p>见<a href="https://a.example/1.html">原文</a><br>第二行\u3000完</p>'
    )


def test_a_picture_of_a_kind_that_may_not_be_published_is_missed_aloud() -> None:
    document = docx.Document()
    picture = io.BytesIO()
    Image.new("RGB", (2, 2)).save(picture, "TIFF")
    document.add_picture(picture)
    document.add_paragraph("正文")
    pasted = read_paste(saved(document), "a.docx")
    assert (pasted.pictures, pasted.warnings) == ((), ("ingest.inline_image_dropped",))


def test_an_office_file_that_is_no_word_file_is_refused() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(InputError) as raised:
        read_paste(packed.getvalue(), "a.zip")
    assert raised.value.message.key == "text.unknown_kind"
