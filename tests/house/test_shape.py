"""The shape of the code: short files, short functions, layers, documented surface."""

from __future__ import annotations

import ast
import csv

import pytest

from tests.house.reading import PACKAGE, ROOT, functions, modules, public_parts, shown, tree

LONGEST_FILE = 400
LONGEST_FUNCTION = 40


def test_no_file_is_longer_than_the_house_allows() -> None:
    lengths = {shown(path): len(path.read_text("utf-8").splitlines()) for path in modules()}
    assert {path: length for path, length in lengths.items() if length > LONGEST_FILE} == {}


def test_no_function_is_longer_than_the_house_allows() -> None:
    long = {}
    for path in modules():
        for function in functions(path):
            length = (function.end_lineno or 0) - function.lineno + 1
            if length > LONGEST_FUNCTION:
                long[f"{shown(path, function.lineno)} {function.name}"] = length
    assert long == {}


def test_every_package_has_a_docstring_and_nothing_else_in_its_init() -> None:
    for path in modules():
        if path.name == "__init__.py" and path != PACKAGE / "records" / "models" / "__init__.py":
            rest = [node for node in tree(path).body if not isinstance(node, ast.Expr)]
            assert (shown(path), rest) == (shown(path), [])


def test_no_module_imports_from_the_init_of_its_own_package() -> None:
    found = []
    for path in modules():
        package = ".".join(path.relative_to(ROOT / "src").parent.parts)
        names = {child.stem for child in path.parent.iterdir()}
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ImportFrom) and node.module == package and path.name != "__init__.py":
                found += [shown(path, node.lineno) for alias in node.names if alias.name not in names]
    assert found == []


def test_no_import_is_relative() -> None:
    found = [
        shown(path, node.lineno)
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert found == []


def test_every_module_says_what_it_holds() -> None:
    silent = [shown(path) for path in modules() if tree(path).body and not ast.get_docstring(tree(path))]
    assert [path for path in silent if not path.endswith("model/__init__.py")] == []


def test_everything_public_is_documented() -> None:
    silent = [
        f"{shown(path)} {name}"
        for path in modules()
        for name, node in public_parts(path)
        if not ast.get_docstring(node)  # type: ignore[arg-type]
        and not _inherits_its_meaning(name)
    ]
    assert silent == []


def _inherits_its_meaning(name: str) -> bool:
    """Django's `Meta` classes and the verbs that `http.server` calls are named by others."""
    return name.endswith(".Meta") or ".do_" in name


def test_the_layers_go_downward_only() -> None:
    from importlinter.api import read_configuration
    from importlinter.application.use_cases import lint_imports

    config = ROOT / "pyproject.toml"
    assert read_configuration(str(config))["contracts_options"]
    assert lint_imports(config_filename=str(config), cache_dir=None)


@pytest.mark.parametrize(
    "path", sorted(PACKAGE.rglob("*.tsv")), ids=lambda path: str(path.relative_to(PACKAGE)).replace("/", "-")
)
def test_every_table_parses_with_as_many_cells_as_its_header(path) -> None:
    lines = path.read_text("utf-8").splitlines()
    rows = [
        row for row in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE) if row and not row[0].startswith("#")
    ]
    assert len(rows) > 1
    assert [row for row in rows if len(row) != len(rows[0])] == []


def test_no_word_for_unfinished_work_is_left() -> None:
    unfinished = ("TO" + "DO", "FIX" + "ME", "X" * 3 + ":")
    found = [
        shown(path, number)
        for path in modules()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if any(word in line for word in unfinished)
    ]
    assert found == []


def test_no_file_of_the_code_names_a_place_on_somebodys_machine() -> None:
    homes = ("/work" + "/", "/root" + "/", "/home" + "/")
    found = [
        shown(path, number)
        for path in modules()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if any(home in line for home in homes)
    ]
    assert found == []
