"""`content/candidates` → the words known as right, and the likely misspellings of the commonest."""

from __future__ import annotations

from syndicate.config.folder import Folders
from syndicate.config.places import ConfigFile, Problems
from syndicate.model.reference import Vocabulary

_TYPOS = "right\tsure\tdoubtful\n"
_WORDS = ("words", "office", "idioms", "names", "surnames")


def read_vocabulary(files: Folders, problems: Problems) -> Vocabulary:
    """The lists and tables of `content/candidates`; a folder that the office does not have is taken from the package."""
    lists = {
        file.name.rpartition("/")[2].removesuffix(".txt"): file for file in files.folder("content/candidates", ".txt")
    }
    for name, file in lists.items():
        if name not in _WORDS:
            problems.add(file, 1, "not_a_choice", value=name[:40], choices=", ".join(_WORDS))
    words, office, idioms, names, surnames = (_uncommented(lists.get(name)).split() for name in _WORDS)
    rows = []
    for file in files.folder("content/candidates", ".tsv"):
        remark = _uncommented(file)
        table = remark.removeprefix(_TYPOS)
        if table == remark or table.count("\t") != 2 * len(table.splitlines()):
            problems.add(file, 1, "table_heading", wanted="right, sure, doubtful")
        else:
            rows.append(table.rstrip("\n"))
    known = frozenset(words).union(office, idioms, names)
    return Vocabulary(known, tuple(idioms), tuple(names), "\n".join(rows), frozenset(surnames))


def _uncommented(file: ConfigFile | None) -> str:
    """The text behind the remarks at its beginning; line by line would cost more than all else of a start."""
    text = file.text if file else ""
    while text.startswith("#"):
        text = text.partition("\n")[2]
    return text
