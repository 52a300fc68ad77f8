"""Writes the binary files of the sample sources: a picture, a PDF and a workbook, all invented. Run: python tools/write_samples.py."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from openpyxl import Workbook
from PIL import Image, ImageDraw

_MODIFIED = re.compile(rb">[^<]*</dcterms:modified>")
SITE = Path(__file__).resolve().parent.parent / "content" / "samples" / "site"
CITY = SITE / "city" / "content" / "202603" / "09"
MOMENT = datetime(2026, 3, 9, tzinfo=UTC)
LINES = (
    "示例市农村供水管理办法（演示样例）",
    "第一条　为了加强农村供水管理，制定本办法。",
    "第二条　供水单位应当定期检测水质。",
    "第三条　本办法自2026年4月1日起施行。",
)
WORKS = (("序号", "工程名称", "所在乡镇"), (1, "示例河水厂", "样例镇"), (2, "云山水厂", "云山乡"))


def picture() -> bytes:
    """A river between two fields under a sky."""
    image = Image.new("RGB", (480, 270), "#cfe6f5")
    draw = ImageDraw.Draw(image)
    draw.polygon([(0, 150), (160, 80), (300, 150), (420, 100), (480, 150), (480, 270), (0, 270)], fill="#7fa77a")
    draw.polygon([(210, 150), (260, 150), (360, 270), (120, 270)], fill="#5b93c7")
    data = io.BytesIO()
    image.quantize(16).save(data, "PNG", optimize=True)
    return data.getvalue()


def document() -> bytes:
    """A one-page PDF with a text layer; its Chinese font is one that every reader brings along."""
    shown = "".join(f"<{line.encode('utf-16-be').hex()}> Tj 0 -28 Td " for line in LINES)
    stream = f"BT /F1 14 Tf 72 760 Td {shown}ET".encode()
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [6 0 R] >>",
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /FontDescriptor 7 0 R"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>",
        b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 4 /FontBBox [-25 -254 1000 880]"
        b" /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
    )
    data, places = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size, start = len(objects) + 1, len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
    data += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, start)
    return bytes(data)


def workbook() -> bytes:
    """A list of works; packed anew without the present time, so that every run gives the same bytes."""
    book = Workbook()
    book.properties.creator = "演示样例"
    book.properties.created = MOMENT.replace(tzinfo=None)
    sheet = book.active
    assert sheet is not None, "a new workbook has a sheet"
    sheet.title = "名录"
    for row in WORKS:
        sheet.append(row)
    written, packed = io.BytesIO(), io.BytesIO()
    book.save(written)
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist()):
            content = source.read(name)
            if name == "docProps/core.xml":  # saving stamps it with the present time
                content = _MODIFIED.sub(f">{MOMENT:%Y-%m-%dT%H:%M:%SZ}</dcterms:modified>".encode(), content)
            target.writestr(zipfile.ZipInfo(name, MOMENT.timetuple()[:6]), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def main() -> None:
    """Write all three."""
    CITY.mkdir(parents=True, exist_ok=True)
    (SITE / "images").mkdir(parents=True, exist_ok=True)
    (SITE / "images" / "river.png").write_bytes(picture())
    (CITY / "P020260309001.pdf").write_bytes(document())
    (CITY / "P020260309002.xlsx").write_bytes(workbook())


if __name__ == "__main__":
    main()
