"""The English of the desk: every text has one, none is left over, and what is compiled is what is written."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import polib
import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("translations", ROOT / "tools" / "translations.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def catalogue(**texts: str) -> polib.POFile:
    made = polib.POFile()
    made.extend(polib.POEntry(msgid=msgid, msgstr=text) for msgid, text in texts.items())
    return made


def test_every_text_has_english_and_the_compiled_file_is_current(tool: ModuleType) -> None:
    written = polib.pofile(str(tool.CATALOGUE), wrapwidth=120)
    assert tool.faults(written, tool.msgids(), tool.CATALOGUE.with_suffix(".mo")) == []


def test_no_chinese_stands_in_a_page_outside_a_translation(tool: ModuleType) -> None:
    """The frames show what the public will see, which is Chinese in every language of the desk."""
    pages = (path for path in (tool.DESK / "templates").rglob("*.html") if path.parent.name != "frames")
    assert {
        str(path): tool.untranslated(path.read_text("utf-8"))
        for path in pages
        if tool.untranslated(path.read_text("utf-8"))
    } == {}


@pytest.mark.parametrize(
    ("template", "msgids"),
    [
        ('{% translate "退回" %}', ["退回"]),
        ("{% blocktranslate with n=one.name %}稿件 {{ n }}{% endblocktranslate %}", ["稿件 %(n)s"]),
        ("{% blocktranslate trimmed %}\n  甲\n  乙\n{% endblocktranslate %}", ["甲 乙"]),
        ('{{ one|default:_("（无）") }}', ["（无）"]),
        ('{% translate "60%" %}', ["60%%"]),
        ("{% blocktranslate %}60%{% endblocktranslate %}", ["60%%"]),
    ],
)
def test_texts_are_spelt_as_django_looks_them_up(tool: ModuleType, template: str, msgids: list[str]) -> None:
    assert list(tool.of_template(template)) == msgids


def test_texts_of_modules_are_found(tool: ModuleType) -> None:
    text = 'gettext("甲").format(x=1); _("乙"); other("丙"); gettext(name)'
    assert sorted(tool.of_python(text)) == sorted(["甲", "乙"])


def test_what_is_missing_unused_or_has_other_slots_is_told(tool: ModuleType, tmp_path: Path) -> None:
    made = catalogue(**{"甲": "A", "旧": "old", "稿件 {number}": "item {nummer}"})
    compiled = tmp_path / "django.mo"
    compiled.write_bytes(made.to_binary())
    wanted = {"甲": ["a"], "稿件 {number}": ["a"], "新": ["b.html"]}
    assert [fault.split(":")[0] for fault in tool.faults(made, wanted, compiled)] == [
        "without English",
        "used nowhere",
        "other slots",
    ]


def test_a_stale_compiled_file_is_told(tool: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "django.mo").write_bytes(catalogue(甲="B").to_binary())
    assert len(tool.faults(catalogue(甲="A"), {"甲": ["a"]}, tmp_path / "django.mo")) == 1
