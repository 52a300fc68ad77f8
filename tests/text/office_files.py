"""Office files made on the spot, small and valid, for the readers to read and for tests to break."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def zipped(members: Mapping[str, str | bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def docx(body: str, **further: str) -> bytes:
    document = f'<w:document xmlns:w="{W}" xmlns:mc="urn:mc"><w:body>{body}</w:body></w:document>'
    return zipped({"word/document.xml": document, **{f"word/{name}.xml": text for name, text in further.items()}})


def pdf(*pages: str) -> bytes:
    """A PDF with one line of Latin text per page; an empty page has no text layer."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    kids = []
    for page in pages:
        stream = f"BT /F1 12 Tf 50 700 Td ({page}) Tj ET" if page else "0 0 10 10 re f"
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
        font = "<< /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {len(objects)} 0 R "
            f"/Resources << /Font {font} >> >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    data, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(data))
        data += f"{number} 0 obj\n{content}\nendobj\n".encode()
    start = len(data)
    rows = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    data += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{rows}".encode()
    return data + f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF".encode()


def ofd(*pages: str) -> bytes:
    """An OFD file; every line of a page becomes one text object."""
    o = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    listed = "".join(f'<ofd:Page ID="{n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(pages)))
    members: dict[str, str | bytes] = {
        "OFD.xml": f"<ofd:OFD {o}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {o}><ofd:Pages>{listed}</ofd:Pages></ofd:Document>",
    }
    for number, page in enumerate(pages):
        objects = "".join(
            f'<ofd:TextObject Boundary="10 {10 * row} 100 8" Size="5"><ofd:TextCode>{line}</ofd:TextCode></ofd:TextObject>'
            for row, line in enumerate(page.split("\n"), 1)
            if line
        )
        members[f"Doc_0/Pages/Page_{number}/Content.xml"] = f"<ofd:Page {o}>{objects}</ofd:Page>"
    return zipped(members)


def xls(*rows: tuple[str | float | None, ...], date_column: int = -1) -> bytes:
    """A BIFF8 workbook with one sheet 表1 in a compound file; numbers of `date_column` are formatted as dates."""
    cells = b""
    for row_number, row in enumerate(rows):
        for column, value in enumerate(row):
            head = struct.pack("<HHH", row_number, column, 1 if column == date_column else 0)
            if isinstance(value, str):
                cells += _record(0x204, head + struct.pack("<HB", len(value), 1) + value.encode("utf-16-le"))
            elif value is not None:
                cells += _record(0x203, head + struct.pack("<d", value))
    formats = b"".join(_record(0xE0, struct.pack("<HH16x", 0, number)) for number in (0, 14))
    name = struct.pack("<BB", 2, 1) + "表1".encode("utf-16-le")
    start = (
        _record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 6)) + _record(0x42, struct.pack("<H", 1200)) + formats
    )
    length = len(start) + len(_record(0x85, b"\0" * 6 + name)) + len(_record(0xA, b""))
    book = start + _record(0x85, struct.pack("<IBB", length, 0, 0) + name) + _record(0xA, b"")
    sheet = _record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 6)) + cells + _record(0xA, b"")
    return _compound((book + sheet).ljust(4096, b"\0"))


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _compound(stream: bytes) -> bytes:
    """A compound file with one stream `Workbook` of at least 4,096 bytes."""
    stream += bytes(-len(stream) % 512)
    count = len(stream) // 512
    chain = [*range(3, 2 + count), -2]
    table = struct.pack(f"<{2 + count}i", -3, -2, *chain).ljust(512, b"\xff")
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<IIIIIiIiI", 0, 1, 1, 0, 4096, -2, 0, -2, 0) + struct.pack("<109i", 0, *[-1] * 108)
    folder = _entry("Root Entry", 5, -2, 0, child=1) + _entry("Workbook", 2, 2, len(stream)) + _entry("", 0, 0, 0) * 2
    return head + table + folder + stream


def _entry(name: str, kind: int, start: int, size: int, child: int = -1) -> bytes:
    label = name.encode("utf-16-le")
    length = len(label) + 2 if name else 0
    return label.ljust(64, b"\0") + struct.pack("<HBBiii36xiII", length, kind, 1, -1, -1, child, start, size, 0)
