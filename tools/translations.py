"""The English catalogue of the desk's pages: collects what must have an English text, and compiles what has one.

Chinese is the msgid. Run it after a text of a page has changed; it needs no GNU gettext:

    .venv/bin/python tools/translations.py            msgids into the .po, compiled into the .mo; prints what lacks English
    .venv/bin/python tools/translations.py --check    changes nothing; exit 1 when something is missing, unused or stale
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import polib
from django.template.base import DebugLexer, TokenType
from django.utils.translation import trim_whitespace
from django.utils.translation.template import block_re, constant_re, endblock_re, inline_re

DESK = Path(__file__).resolve().parents[1] / "src" / "syndicate" / "desk"
CATALOGUE = DESK / "locale" / "en" / "LC_MESSAGES" / "django.po"
FUNCTIONS = {"gettext", "gettext_lazy", "gettext_noop", "_"}
HAN = re.compile("[\u4e00-\u9fff]+")
LANGUAGE_NAME = re.compile(r">中文<|刚刚 来自 政务发布")
"""The switch names each language in that language; the card shows Weibo's own words."""
SLOT = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")


def of_python(text: str) -> Iterator[str]:
    """The msgids of a module: the constant arguments of gettext and its kin."""
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id not in FUNCTIONS:
            continue
        first = node.args[0] if node.args else None
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            yield first.value


def of_template(text: str) -> Iterator[str]:
    """The msgids of a template: translate, blocktranslate and `_("…")`, spelt as Django looks them up."""
    block: list[str] | None = None
    trimmed = False
    for token in DebugLexer(text).tokenize():
        if block is not None:
            if token.token_type is TokenType.BLOCK and endblock_re.match(token.contents):
                yield trim_whitespace("".join(block)) if trimmed else "".join(block)
                block = None
            elif token.token_type is TokenType.VAR:
                block.append(f"%({token.contents})s")
            else:
                block.append(token.contents.replace("%", "%%"))
            continue
        # Inside a tag, too, Django doubles percent signs before it looks a text up.
        yield from (found[1:-1].replace("%", "%%") for found in constant_re.findall(token.contents))
        if token.token_type is TokenType.BLOCK:
            if inline := inline_re.match(token.contents):
                yield inline[1][1:-1].replace("%", "%%")
            elif block_re.match(token.contents):
                block, trimmed = [], "trimmed" in token.contents.split()


def untranslated(text: str) -> list[str]:
    """Chinese words that stand in a template outside every translation."""
    found, inside = [], False
    for token in DebugLexer(text).tokenize():
        if token.token_type is TokenType.BLOCK and block_re.match(token.contents):
            inside = True
        elif token.token_type is TokenType.BLOCK and endblock_re.match(token.contents):
            inside = False
        elif token.token_type is TokenType.TEXT and not inside:
            found += HAN.findall(LANGUAGE_NAME.sub("", token.contents))
    return found


def msgids() -> dict[str, list[str]]:
    """Every msgid of the desk with the files it stands in, in a stable order."""
    found: dict[str, list[str]] = {}
    readers = {".py": of_python, ".html": of_template, ".txt": of_template}
    for path in sorted(path for path in DESK.rglob("*") if path.suffix in readers and "vendor" not in path.parts):
        for msgid in readers[path.suffix](path.read_text("utf-8")):
            places = found.setdefault(msgid, [])
            name = path.relative_to(DESK).as_posix()
            if name not in places:
                places.append(name)
    return found


def renewed(before: polib.POFile, wanted: dict[str, list[str]]) -> polib.POFile:
    """The catalogue with exactly these msgids, keeping the English that is there."""
    english = {entry.msgid: entry.msgstr for entry in before}
    catalogue = polib.POFile(wrapwidth=120)
    catalogue.metadata = {"Language": "en", "MIME-Version": "1.0", "Content-Type": "text/plain; charset=UTF-8"}
    for msgid, places in wanted.items():
        entry = polib.POEntry(msgid=msgid, msgstr=english.get(msgid, ""), occurrences=[(place, "") for place in places])
        if "%(" in msgid:
            entry.flags.append("python-format")
        catalogue.append(entry)
    return catalogue


def faults(catalogue: polib.POFile, wanted: dict[str, list[str]], compiled: Path) -> list[str]:
    """What is wrong with a catalogue, one line each."""
    english = {entry.msgid: entry.msgstr for entry in catalogue}
    found = [f"without English: {msgid}  ({', '.join(wanted[msgid])})" for msgid in wanted if not english.get(msgid)]
    found += [f"used nowhere: {msgid}" for msgid in english if msgid not in wanted]
    found += [
        f"other slots: {msgid} -> {text}"
        for msgid, text in english.items()
        if text and sorted(SLOT.findall(msgid)) != sorted(SLOT.findall(text))
    ]
    if not compiled.is_file() or compiled.read_bytes() != catalogue.to_binary():
        found.append(f"{compiled.name} is not made from {CATALOGUE.name}")
    return found


def main() -> int:
    """Renew and compile, or only look."""
    wanted, compiled = msgids(), CATALOGUE.with_suffix(".mo")
    catalogue = polib.pofile(str(CATALOGUE), wrapwidth=120) if CATALOGUE.is_file() else polib.POFile(wrapwidth=120)
    if "--check" not in sys.argv:
        catalogue = renewed(catalogue, wanted)
        CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
        CATALOGUE.write_text(str(catalogue) + "\n", "utf-8")
        catalogue = polib.pofile(str(CATALOGUE), wrapwidth=120)
        compiled.write_bytes(catalogue.to_binary())
    found = faults(catalogue, wanted, compiled)
    sys.stdout.write("\n".join([*found, f"{len(wanted)} texts, {len(found)} faults", ""]))
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
