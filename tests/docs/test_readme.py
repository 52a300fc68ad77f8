from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
READMES = {name: (ROOT / name).read_text("utf-8") for name in ("README.md", "README.zh-CN.md")}


@pytest.mark.parametrize("name", READMES)
def test_a_readme_names_the_two_commands(name: str) -> None:
    assert "make demo\n" in READMES[name]
    assert "make test\n" in READMES[name]


@pytest.mark.parametrize("name", READMES)
def test_a_readme_names_the_packages_of_the_tests_as_the_ci_installs_them(name: str) -> None:
    (told,) = re.findall(r"^apt-get install (.+)$", READMES[name], re.MULTILINE)
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    installed = {package for group in re.findall(r"packages\+=\(([^)]+)\)", script) for package in group.split()}
    assert set(told.split()) == installed - {"fontconfig", "python3-venv"}


def test_both_readmes_have_the_same_shape() -> None:
    english, chinese = [re.findall(r"^#+ |^- |^\d\. |^\||^```", text, re.MULTILINE) for text in READMES.values()]
    assert english == chinese


def test_both_readmes_give_the_same_commands() -> None:
    english, chinese = (
        [re.sub(r"#.*", "", block) for block in re.findall(r"```console\n(.*?)```", text, re.DOTALL)]
        for text in READMES.values()
    )
    assert [block.split() for block in english] == [block.split() for block in chinese]


def test_every_target_of_the_makefile_that_a_readme_names_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {target for text in READMES.values() for target in re.findall(r"(?:`|^)make ([a-z]+)", text, re.MULTILINE)}
    assert named <= targets
