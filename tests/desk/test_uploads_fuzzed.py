"""Whatever somebody uploads, under whatever name: it is taken or refused with a reason, and never a server error."""

from __future__ import annotations

import io
import os
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.desk.conftest import LogIn
from tests.desk.office import EDITOR, PNG

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "40"))
"""Per test; a longer run by hand sets more."""
BOUNDED = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
STEMS = st.text(max_size=30) | st.sampled_from(["../../etc/passwd", "con", ".", "a\r\nSet-Cookie: x=1", "样例", "=1+1"])
ENDINGS = st.sampled_from(
    ["", ".docx", ".doc", ".xlsx", ".pdf", ".png", ".jpg", ".gif", ".html", ".svg", ".zip", ".ofd"]
)
names = st.builds("{}{}".format, STEMS, ENDINGS)

pieces = st.sampled_from(
    ["<p>", "</p>", "<table>", "<td rowspan=99999>", "<img src=x onerror=alert(1)>", "<script>", "</script>", "字", "&#0;",
     "<svg/onload=1>", "<!--", "-->", "<a href='javascript:1'>", "\x00", "\ud7ff", "<o:p>", "<![if !supportLists]>"]
)  # fmt: skip
markups = st.lists(pieces, max_size=30).map("".join) | st.text(max_size=200)


def archive(parts: dict[str, bytes]) -> bytes:
    """A zip with these parts, as Word, Excel and OFD files are."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written:
        for name, body in parts.items():
            written.writestr(name, body)
    return out.getvalue()


PARTS = st.sampled_from(
    [
        "[Content_Types].xml",
        "word/document.xml",
        "xl/workbook.xml",
        "_rels/.rels",
        "OFD.xml",
        "../x",
        "Doc_0/Document.xml",
    ]
)
BYTES = st.binary(max_size=200) | st.sampled_from(
    [b"", b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><x>&a;</x>", b"<w:document/>", b"%PDF-1.7\n%%EOF"]
)
contents = st.one_of(
    BYTES,
    st.dictionaries(PARTS, BYTES, max_size=4).map(archive),
    st.builds(lambda cut, more: PNG[:cut] + more, st.integers(0, len(PNG)), st.binary(max_size=20)),
    st.builds(lambda head, tail: head + tail, st.sampled_from([b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"GIF89a"]), BYTES),
)


def test_a_file_of_the_form_is_taken_or_refused_with_a_reason(log_in: LogIn) -> None:
    editor = log_in(EDITOR)

    @seed(2026)
    @BOUNDED
    @given(names, contents, st.sampled_from(["image", "attachment", "样例"]))
    def one(name: str, content: bytes, role: str) -> None:
        sent = SimpleUploadedFile("x", content)
        sent.name = name or "x"
        answer = editor.post("/writing/files", {"role": role, "file": sent})
        assert answer.status_code == 200
        assert len(answer.json()["files"]) + len(answer.json()["problems"]) <= 1

    one()


def test_a_pasted_file_becomes_a_draft_or_a_form_with_a_reason(log_in: LogIn) -> None:
    editor = log_in(EDITOR)

    @seed(2026)
    @BOUNDED
    @given(names, contents)
    def one(name: str, content: bytes) -> None:
        sent = SimpleUploadedFile("x", content)
        sent.name = name or "x"
        answer = editor.post("/items/paste", {"title": "样例标题", "column": "news", "file": sent})
        assert answer.status_code < 500

    one()


def test_pasted_text_becomes_a_draft_or_a_form_with_a_reason(log_in: LogIn) -> None:
    editor = log_in(EDITOR)

    @seed(2026)
    @BOUNDED
    @given(markups)
    def one(markup: str) -> None:
        assert editor.post("/items/paste", {"title": "样例标题", "column": "news", "body": markup}).status_code < 500

    one()


def test_markup_of_the_clipboard_is_cleaned_or_refused(log_in: LogIn) -> None:
    editor = log_in(EDITOR)

    @seed(2026)
    @BOUNDED
    @given(markups)
    def one(markup: str) -> None:
        answer = editor.post("/writing/clipboard", {"markup": markup})
        assert answer.status_code < 500
        assert "<script" not in answer.json().get("html", "")

    one()
