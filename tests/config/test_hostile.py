"""Whatever stands in a file: loading ends, with a snapshot or with one ConfigurationError that can be shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicate.config.load import load
from syndicate.errors import ConfigurationError

FILES = (
    "content/office.yaml",
    "content/columns.yaml",
    "content/ladders.yaml",
    "content/sources/sample.yaml",
    "content/rules/sample.yaml",
    "content/lexicon/sample.tsv",
    "content/inspection/sample.yaml",
    "content/templates/sample.j2",
    "content/templates/sample.html",
    "channels/sample.yaml",
)
_LINE = (
    "title kind url column organ list article rows feed html json news rules id severity message zh en basis hint "
    "indicators columns settings folder led wechat weibo ladder lease 10m 7d true 1 -1 1e9 ~ 2026-01-01 secrets limits "
    "default retry name sample timezone domain Asia Asia/Shanghai ../x {{ %} {% &a *a !!python/name:os.system : - ? | > "
    "% @ ` , # \" ' [ ] { } --- ... << = \t \u2028 \x85 \ufeff \x00 字 \U0001f4a3"
)
WORDS = _LINE.split(" ")

yaml_values = st.recursive(
    st.sampled_from(WORDS) | st.text(max_size=20) | st.integers().map(str),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(WORDS) | st.text(max_size=8), inner, max_size=6)
    ),
    max_leaves=20,
)


def flow(value: object) -> str:
    """The value written as flow YAML, scalars unquoted on purpose."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    return str(value)


contents = st.one_of(
    st.binary(max_size=200),
    st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.lists(st.sampled_from([*WORDS, " ", "\n", "\n  ", ": "]), max_size=60).map(
        lambda words: "".join(words).encode()
    ),
    yaml_values.map(lambda value: flow(value).encode("utf-8", "surrogatepass")),
    st.dictionaries(st.sampled_from(WORDS), yaml_values, max_size=8).map(
        lambda table: "\n".join(f"{key}: {flow(value)}" for key, value in table.items()).encode(
            "utf-8", "surrogatepass"
        )
    ),
)


def mistakes_of(home: Path) -> ConfigurationError | None:
    try:
        load(home)
    except ConfigurationError as error:
        return error
    return None


def loaded_or_refused(home: Path) -> None:
    error = mistakes_of(home)
    if error is not None:
        str(error).encode()
        assert error.problems
        assert all(problem.line >= 1 and problem.message.en for problem in error.problems)


@settings(max_examples=150, deadline=None)
@given(name=st.sampled_from(FILES), content=contents)
def test_any_bytes_in_any_file_never_crash_loading(small_office: Path, name: str, content: bytes) -> None:
    path = small_office / name
    before = path.read_bytes() if path.exists() else None
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    try:
        loaded_or_refused(small_office)
    finally:
        path.unlink()
        if before is not None:
            path.write_bytes(before)


@pytest.fixture(scope="module")
def small_office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office whose other files are right, so that the one under test is really looked at."""
    from tests.config.conftest import COLUMNS, LEXICON, OFFICE, RULES

    home = tmp_path_factory.mktemp("office")
    files = {"office.yaml": OFFICE, "columns.yaml": COLUMNS, "rules/own.yaml": RULES, "lexicon/own.tsv": LEXICON}
    for name, text in files.items():
        (home / "content" / name).parent.mkdir(parents=True, exist_ok=True)
        (home / "content" / name).write_text(text)
    return home


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 1_000_000,
        b"{" * 1_000_000,
        b"{a: " * 200_000,
        b"- " * 400_000,
        b"? " * 400_000,
        b"a: " * 300_000,
        b"&a " * 300_000,
        b"a: 1\n" * 40_000,
        b"'" + b"x" * 900_000,
        b"a: |\n" + b" \n" * 400_000,
        b"%TAG ! " + b"x" * 900_000,
        b"\n".join(b"k%d: 1" % number for number in range(20_000)),
    ],
    ids=lambda content: repr(content[:8]),
)
@pytest.mark.timeout(20)
def test_a_megabyte_of_traps_ends_quickly(small_office: Path, content: bytes) -> None:
    path = small_office / "content/sources/trap.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content[:1_000_000])
    try:
        loaded_or_refused(small_office)
    finally:
        path.unlink()


@pytest.mark.parametrize(
    "content",
    [
        "{{ " + "(" * 50_000,
        "{% if a %}" * 5_000,
        "{% for a in b %}" * 40 + "{% endfor %}" * 40,
        "{{ a" + "|e" * 20_000 + " }}",
    ],
)
@pytest.mark.parametrize("name", ["trap.j2", "trap.html"])
def test_a_template_that_nests_too_deeply_is_a_mistake(small_office: Path, name: str, content: str) -> None:
    path = small_office / "content/templates" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(content)
    try:
        loaded_or_refused(small_office)
    finally:
        path.unlink()
