"""Texts for people: every key exists, every row is used, both languages say the same and what to do next."""

from __future__ import annotations

import ast
import re

from tests.house.reading import MESSAGES, areas, key_patterns, literals, message_rows, modules, slots, tree

LATIN = re.compile("[A-Za-z]")
COLUMNS = ("zh", "en", "action_zh", "action_en")
HAN = re.compile("[\u4e00-\u9fff]")


def _is_key(text: str) -> bool:
    return re.fullmatch(r"[a-z]+\.[a-z0-9_]+", text) is not None and text.split(".")[0] in areas()


def test_every_key_is_given_once() -> None:
    twice = []
    for path in MESSAGES.glob("*.tsv"):
        keys = [line.split("\t")[0] for line in path.read_text("utf-8").splitlines()]
        twice += [f"{path.stem}.{key}" for key in keys if keys.count(key) > 1]
    assert twice == []


def test_every_message_that_the_code_names_exists() -> None:
    raised = {}
    for path in modules():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                value = node.args[0].value
                if isinstance(value, str) and _is_key(value) and name[:1].isupper():
                    raised[value] = f"{path.name}:{node.lineno}"
    assert {key: place for key, place in raised.items() if key not in message_rows()} == {}


def test_every_message_is_used() -> None:
    named = set(literals())
    built = key_patterns()
    unused = [
        key
        for key in message_rows()
        if key not in named and not any(pattern.fullmatch(key) for pattern in built) and not _passed_on(key, named)
    ]
    assert unused == []


def _passed_on(key: str, named: set[str]) -> bool:
    """Some areas add their own name: `note(problems, node, "lease_too_short")` means `config.lease_too_short`."""
    area, name = key.split(".", 1)
    return area in {"config", "monitor", "sandbox", "inspection", "word"} and name in named


def _is_label(key: str) -> bool:
    """Words for a place in a document: they stand inside other texts and ask for nothing."""
    return key.startswith("text.place_")


def test_every_message_has_both_languages_and_both_actions() -> None:
    empty = [
        key
        for key, row in message_rows().items()
        if any(not (row[name] or "").strip() for name in (COLUMNS[:2] if _is_label(key) else COLUMNS))
    ]
    assert empty == []


def test_chinese_is_chinese() -> None:
    rows = message_rows().items()
    texts = {f"{key} {name}": row[name] for key, row in rows for name in ("zh", "action_zh")}
    assert [place for place, text in texts.items() if _has_words(text) and not HAN.search(text)] == []


def test_english_is_english() -> None:
    """A Chinese example may stand in it."""
    rows = message_rows().items()
    texts = {f"{key} {name}": row[name] for key, row in rows for name in ("en", "action_en")}
    assert [place for place, text in texts.items() if len(HAN.findall(text)) > len(LATIN.findall(text)) / 2] == []


def _has_words(text: str) -> bool:
    """False for texts that are nothing but slots, filled from a table that has both languages itself."""
    return re.sub(r"\{\w+\}|\W|\d", "", text) != ""


def _told(text: str) -> frozenset[str]:
    """The slots of a text; `{title_zh}` and `{title_en}` tell the same in two languages."""
    return frozenset(name.removesuffix("zh").removesuffix("en") for name in slots(text))


def test_both_languages_of_a_message_tell_the_same() -> None:
    different = {key: row for key, row in message_rows().items() if _told(row["zh"]) != _told(row["en"])}
    assert different == {}


def test_an_action_leaves_out_only_what_its_message_tells_already() -> None:
    different = {
        key: row
        for key, row in message_rows().items()
        if not _told(row["action_zh"]) ^ _told(row["action_en"]) <= _told(row["zh"])
    }
    assert different == {}
