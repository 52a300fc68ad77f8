"""What the house rules look at: every module, every function, every text for people."""

from __future__ import annotations

import ast
import csv
import re
import string
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "syndicate"
MESSAGES = PACKAGE / "messages"
Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def modules() -> tuple[Path, ...]:
    """Every module of the package but the migrations, which Django writes."""
    return tuple(sorted(path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts))


@cache
def tree(path: Path) -> ast.Module:
    """A module's syntax."""
    return ast.parse(path.read_text("utf-8"))


def shown(path: Path, line: int = 0) -> str:
    """A place as an editor can open it."""
    return f"{path.relative_to(ROOT)}:{line}" if line else str(path.relative_to(ROOT))


def functions(path: Path) -> Iterator[Function]:
    """Every function and method of a module, nested ones included."""
    for node in ast.walk(tree(path)):
        if isinstance(node, Function):
            yield node


def public_parts(path: Path) -> Iterator[tuple[str, ast.AST]]:
    """Public functions and classes of a module, and the public methods of public classes."""
    for node in tree(path).body:
        if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_"):
            yield node.name, node
            for inner in node.body if isinstance(node, ast.ClassDef) else ():
                if isinstance(inner, Function) and not inner.name.startswith("_"):
                    yield f"{node.name}.{inner.name}", inner


@cache
def message_rows() -> dict[str, dict[str, str]]:
    """Every row of `messages/*.tsv` by key `area.name`."""
    rows = {}
    for path in sorted(MESSAGES.glob("*.tsv")):
        for row in csv.DictReader(path.read_text("utf-8").splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE):
            rows[f"{path.stem}.{row['key']}"] = row
    return rows


@cache
def areas() -> frozenset[str]:
    """The areas that texts belong to."""
    return frozenset(path.stem for path in MESSAGES.glob("*.tsv"))


@cache
def literals() -> dict[str, str]:
    """Every string in the code (docstrings left out) that has the form of a message key → where it stands."""
    found: dict[str, str] = {}
    for path in modules():
        skipped = _docstrings(path)
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped:
                found.setdefault(node.value, shown(path, node.lineno))
    return found


@cache
def key_patterns() -> tuple[re.Pattern[str], ...]:
    """Keys that the code puts together: every f-string as a pattern, `f"{area}.x"` and `"config.form_" + name` too."""
    patterns = []
    for path in modules():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.JoinedStr):
                parts = [re.escape(str(p.value)) if isinstance(p, ast.Constant) else "[a-z0-9_.]+" for p in node.values]
                patterns.append(re.compile("".join(parts)))
    return tuple(pattern for pattern in patterns if pattern.pattern.split("\\.")[0] in areas())


def slots(text: str) -> frozenset[str]:
    """The names in braces of a text."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name)


def _docstrings(path: Path) -> frozenset[int]:
    holders = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    nodes = (node for node in ast.walk(tree(path)) if isinstance(node, holders))
    firsts = (node.body[0] for node in nodes if node.body)
    return frozenset(id(first.value) for first in firsts if isinstance(first, ast.Expr))
