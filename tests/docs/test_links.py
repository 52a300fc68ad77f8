"""What holds for every page: its links lead somewhere, its commands exist, its files load, no machine shows through."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from tools.write_reference import all_verbs

from syndicate.config.load import load
from syndicate.config.office_files import write_office
from syndicate.sandbox.plan_file import parse_plan

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]
LINK = re.compile(r"\]\(([^)\s]+)\)|(?:src|href|srcset)=\"([^\"]+)\"")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"```(?:yaml|tsv)\n# ((?:content|channels)/\S+)\n(.*?)```", re.DOTALL)
PLAN = re.compile(r"```yaml\n# faults\.yaml\n(.*?)```", re.DOTALL)
COMMAND = re.compile(r"^(?:\$ )?syndicate ((?:[a-z]+(?:-[a-z]+)* ?)+)", re.MULTILINE)
# Folders that exist on one machine only; /srv/syndicate is the example that the how-tos install to.
MACHINE = re.compile(r"/(?:work|home|root|tmp|Users)/")


def text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def anchors(page: Path) -> set[str]:
    """The names that GitHub gives to a page's headings."""
    heads = re.findall(r"^#+ (.+)$", FENCE.sub("", page.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("name", NAMES)
def test_every_relative_link_leads_to_a_file(name: str) -> None:
    found = [one or other for one, other in LINK.findall(FENCE.sub("", text(name)))]
    broken = []
    for link in found:
        path, _, anchor = unquote(link).partition("#")
        if "://" in path or path.startswith("mailto:"):
            continue
        target = (ROOT / name).parent / path if path else ROOT / name
        if not target.exists() or (anchor and target.suffix == ".md" and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("name", NAMES)
def test_every_command_is_a_verb_of_the_command_line(name: str) -> None:
    known = {verb.words for verb in all_verbs()}
    typed = [tuple(words.split()) for block in FENCE.findall(text(name)) for words in COMMAND.findall(block)]
    assert [words for words in typed if not any(words[: len(verb)] == verb for verb in known)] == []


@pytest.mark.parametrize("name", [name for name in NAMES if FILE.search(text(name))])
def test_every_example_file_loads_in_a_new_office(name: str, tmp_path: Path) -> None:
    write_office(tmp_path)
    for path, body in FILE.findall(text(name)):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(body, "utf-8")
    assert load(tmp_path)


@pytest.mark.parametrize("name", [name for name in NAMES if PLAN.search(text(name))])
def test_every_example_fault_plan_is_one(name: str) -> None:
    assert all(parse_plan(plan.encode(), "faults.yaml") for plan in PLAN.findall(text(name)))


@pytest.mark.parametrize("name", NAMES)
def test_a_page_names_no_folder_of_one_machine(name: str) -> None:
    assert MACHINE.findall(text(name)) == []


def test_pictures_of_the_documents_stay_small() -> None:
    large = [path.name for path in (ROOT / "docs" / "images").iterdir() if path.stat().st_size > 200_000]
    assert large == []
