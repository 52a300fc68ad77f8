"""pdf → the text of every page; pages without a text layer (scans) are named, so that they become a finding."""

from __future__ import annotations

from threading import Lock

from syndicate.errors import InputError, Message
from syndicate.text.formats.blocks import Blocks, Extract

MOST_PAGES = 3_000
_PDFIUM = Lock()
"""PDFium is not made for several threads, not even with several documents."""


def read_pdf(data: bytes, name: str) -> Extract:
    """The text of a pdf file; places are 第 n 页. Raises `InputError` for broken, encrypted and endless files."""
    from pypdfium2 import PdfDocument, PdfiumError

    blocks = Blocks(name)
    textless: list[str] = []
    with _PDFIUM:
        try:
            document = PdfDocument(data)
        except PdfiumError as error:
            key = "text.encrypted" if "assword" in str(error) else "text.broken"
            raise InputError(key, name=name, kind="pdf") from error
        try:
            if len(document) > MOST_PAGES:
                raise InputError("text.too_long", name=name, limit=MOST_PAGES)
            for number in range(len(document)):
                place = Message("text.place_page", {"number": number + 1}).zh
                text = _page_text(document, number)
                if text.strip():
                    blocks.add(text, place)
                else:
                    textless.append(place)
        except PdfiumError as error:
            raise InputError("text.broken", name=name, kind="pdf") from error
        finally:
            document.close()
    return blocks.extract(tuple(textless))


def _page_text(document: object, number: int) -> str:
    page = document[number]  # type: ignore[index]  # pypdfium2 ships no types
    try:
        text_page = page.get_textpage()
        try:
            return str(text_page.get_text_bounded()).replace("\r\n", "\n").replace("\ufffe", "")
        finally:
            text_page.close()
    finally:
        page.close()
