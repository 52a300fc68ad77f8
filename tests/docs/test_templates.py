from __future__ import annotations

import re
from pathlib import Path

from syndicate.render.templates import check_template

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "howto" / "templates.md").read_text("utf-8")
PARTS = (ROOT / "src" / "syndicate" / "render" / "parts.py").read_text("utf-8")


def test_the_page_lists_exactly_the_values_that_every_channel_template_may_use() -> None:
    words = re.search(r"def words.*?return \{(.*?)\n        \}", PARTS, re.DOTALL)
    assert words is not None
    offered = set(re.findall(r'^            "(\w+)":', words[1], re.MULTILINE)) | {"summary"}
    listed = {
        name for row in re.findall(r"^\| (`[^|]*`) \|", PAGE, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)
    }
    assert listed == offered


def test_the_example_of_the_page_is_a_template() -> None:
    for example in re.findall(r"```jinja\n(.*?)```", PAGE, re.DOTALL):
        assert check_template(example, "example") is None


def test_every_website_template_that_the_page_names_exists() -> None:
    folder = ROOT / "content" / "templates" / "website"
    named = set(re.findall(r"`([\w-]+\.(?:html|css|svg|js))`", PAGE))
    assert named == {file.name for file in folder.iterdir()}
