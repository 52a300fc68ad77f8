"""Makes the desk's pictures in docs/images/ from a sample office that really runs, so that they never show what is gone.

    .venv/bin/python tools/make_screenshots.py            # all
    .venv/bin/python tools/make_screenshots.py desk-item  # these

Needs Chromium. `tests/desk/test_manual.py` goes to the same addresses and looks for the same parts of the pages.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "images"
PASSWORD = "样例口令-仅供测试-2026"  # noqa: S105 opens nothing but a sample office
EDITOR, REVIEWER, PUBLISHER, ADMIN, NOBODY = "样例编辑", "样例审核", "样例签发", "样例管理", ""
COLOURS = 128
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--lang=zh-CN"]
CHINESE = {**os.environ, "LANGUAGE": "zh_CN", "LANG": "zh_CN.UTF-8"}
"""The browser's own words (buttons of file fields, dates) as a clerk sees them."""
SCREEN, PHONE = (1366, 768), (390, 844)


@dataclass(frozen=True)
class Shot:
    """One picture: who looks at which page, and what must be there.

    `{title}` in an address stands for the number of the item whose title begins so, `{report}` for the newest report.
    """

    name: str
    person: str
    address: str
    about: str
    """Selector of what must be on the page."""
    opened: str = ""
    """Selector of a `<details>` to be opened first."""
    size: tuple[int, int] = SCREEN


SHOTS: tuple[Shot, ...] = (
    Shot("desk-login", NOBODY, "/login", "input[name=password]"),
    Shot("desk-overview", PUBLISHER, "/", ".attention, main h2"),
    Shot("desk-overview-phone", PUBLISHER, "/", "main h2", size=PHONE),
    Shot("desk-queue", PUBLISHER, "/queue?tab=mine", "table a[href^='/items/']"),
    Shot("desk-write", EDITOR, "/items/{云川县2026年工作要点}/edit", "input[name=title]"),
    Shot("desk-paste", EDITOR, "/items/paste", "input[type=file]"),
    Shot("desk-returned", EDITOR, "/items/{云川县农民工工资}", "form[action$='/submit']"),
    Shot("desk-item", REVIEWER, "/items/{关于做好秋冬季秸秆}", "#findings-title"),
    Shot("desk-item-phone", REVIEWER, "/items/{关于做好秋冬季秸秆}", "#findings-title", size=PHONE),
    Shot("desk-return", REVIEWER, "/items/{关于做好秋冬季秸秆}", "#return-reason", opened="#return-box"),
    Shot("desk-second-level", PUBLISHER, "/items/{云川县举办消防安全}", "#decide-title"),
    Shot(
        "desk-amend",
        PUBLISHER,
        "/items/{云川县图书馆新馆}",
        "form[action$='/amend']",
        opened="details:has(form[action$='/amend'])",
    ),
    Shot(
        "desk-withdraw",
        PUBLISHER,
        "/items/{云川县图书馆新馆}",
        "form[action$='/withdraw']",
        opened="details:has(form[action$='/withdraw'])",
    ),
    Shot("desk-deliveries", PUBLISHER, "/deliveries", "form[action^='/deliveries/']"),
    Shot("desk-channels", PUBLISHER, "/channels", "form[action^='/channels/']"),
    Shot("desk-silence", PUBLISHER, "/silence", "form[action$='/silence/begin']"),
    Shot("desk-sources", PUBLISHER, "/sources", "form[action^='/sources/']"),
    Shot("desk-reprints", PUBLISHER, "/reprints", "input[type=file]"),
    Shot("desk-feedback", REVIEWER, "/feedback", "a[href^='/feedback/']"),
    Shot("desk-feedback-one", REVIEWER, "/feedback/1", "form[action$='/answer']"),
    Shot("desk-reports", PUBLISHER, "/reports", "a[href^='/reports/']"),
    Shot("desk-report", PUBLISHER, "/reports/{report}", "iframe"),
    Shot("desk-account", EDITOR, "/account", "form[action$='/account/password']"),
    Shot("desk-people", ADMIN, "/people", "form[action$='/people/add']"),
)


def resolved(address: str, items: Mapping[str, int], report: str) -> str:
    """An address with the numbers of the sample office. Raises KeyError for an item that is not there."""

    def number(found: re.Match[str]) -> str:
        if found[1] == "report":
            return report
        numbers = [one for title, one in items.items() if title.startswith(found[1])]
        if not numbers:
            raise KeyError(found[1])
        return str(numbers[0])

    return re.sub(r"\{([^}]+)\}", number, address)


@contextmanager
def running(folder: Path) -> Iterator[tuple[str, dict[str, int], str]]:
    """A sample office and its desk; the desk's address, the items by title, the newest report."""
    home = folder / "office"
    subprocess.run([sys.executable, "-m", "tests.desk.demo", str(home)], check=True, cwd=ROOT)  # noqa: S603
    command = [sys.executable, "-m", "tests.desk.serve", "--home", str(home), "--port", "0"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)  # noqa: S603
    assert process.stdout is not None
    try:
        address = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
        assert address is not None, "the desk did not start"
        records = sqlite3.connect(f"file:{home / 'var' / 'syndicate.sqlite3'}?mode=ro", uri=True)
        items = {str(title): int(number) for number, title in records.execute("SELECT id, title FROM records_item")}
        records.close()
        yield address[0], items, max(path.name for path in (home / "var" / "reports").glob("*.html"))
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)


def small(picture: bytes) -> bytes:
    """The picture with a palette, which text and plain areas bear without loss that anybody sees."""
    out = io.BytesIO()
    shown = Image.open(io.BytesIO(picture)).convert("RGB")
    shown.quantize(COLOURS, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def log_in(page: Page, base: str, person: str) -> None:
    """A session for somebody of the sample office."""
    page.goto(f"{base}/login")
    page.fill("input[name=name]", person)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda address: "login" not in address)


def take(browser: Browser, base: str, shot: Shot, address: str) -> bytes:
    """One picture: the window, but nothing below the end of the page's own text."""
    width, height = shot.size
    context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
    page = context.new_page()
    page.set_default_timeout(120_000)
    if shot.person:
        log_in(page, base, shot.person)
    page.goto(base + address)
    page.wait_for_load_state("networkidle")
    if shot.opened:
        page.eval_on_selector(shot.opened, "one => { one.open = true; }")
    page.locator(shot.about).first.wait_for()
    if shot.opened:
        page.locator(shot.opened).first.scroll_into_view_if_needed()
    end = page.evaluate("document.querySelector('main').getBoundingClientRect().bottom")
    picture = page.screenshot(clip={"x": 0, "y": 0, "width": width, "height": min(height, end)})
    context.close()
    return picture


def main() -> None:
    """Make the pictures that are named, or all."""
    wanted = [shot for shot in SHOTS if not sys.argv[1:] or shot.name in sys.argv[1:]]
    program = shutil.which("chromium")
    if program is None:
        sys.exit("Chromium is not installed: apt-get install chromium fonts-noto-cjk")
    with tempfile.TemporaryDirectory(prefix="syndicate-pictures-") as folder, running(Path(folder)) as office:
        base, items, report = office
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS, env=CHINESE)
            for shot in wanted:
                picture = small(take(browser, base, shot, resolved(shot.address, items, report)))
                (FOLDER / f"{shot.name}.png").write_bytes(picture)
                sys.stdout.write(f"{shot.name}.png  {len(picture) // 1000} kB\n")
            browser.close()


if __name__ == "__main__":
    main()
