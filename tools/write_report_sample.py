"""Writes docs/samples/: the daily report of an invented office as PDF, and its first page as a picture.

    .venv/bin/python tools/write_report_sample.py

Run it after the report has changed, and look at what it wrote. Headings are set like the rest of the text, which the
office's own template does not do: every font more would add 150 kB to the repository.
"""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

import pypdfium2
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
FOLDER = ROOT / "docs" / "samples"
SERIF = re.compile(r"h1, h2, \.office \{ font-family: [^}]*\}")
DOTS = 1.05
"""Pixels per point: a page is 625 pixels wide."""
COLOURS = 24


def page() -> str:
    """The report of the invented day of the tests."""
    from syndicate.inspection.html import to_html
    from tests.inspection.conftest import CONTENT, shipped_index
    from tests.inspection.sample_day import facts
    from tests.inspection.write_golden import report_of

    template = (CONTENT / "templates" / "report" / "daily.html").read_text("utf-8")
    return to_html(report_of(facts(), shipped_index()), SERIF.sub("", template))


def picture(pdf: bytes) -> bytes:
    """The first page as a small PNG."""
    first: Image.Image = pypdfium2.PdfDocument(pdf)[0].render(scale=DOTS).to_pil().convert("RGB")
    target = io.BytesIO()
    first.quantize(COLOURS, dither=Image.Dither.NONE).save(target, "PNG", optimize=True)
    return target.getvalue()


def main() -> None:
    """Both files."""
    from syndicate.flow.printing import make_pdf

    pdf = make_pdf(page())
    FOLDER.mkdir(exist_ok=True)
    for name, data in (("daily-report.pdf", pdf), ("daily-report.png", picture(pdf))):
        (FOLDER / name).write_bytes(data)
        sys.stdout.write(f"{name}: {len(data):,} bytes\n")


if __name__ == "__main__":
    main()
