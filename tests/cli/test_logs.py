"""日志: lines for people or for a collector, what they concern, and that no secret stands in them."""

from __future__ import annotations

import json
import logging
import os
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.cli.logs import JsonLines, TextLines, scrubbed
from tests.cli.terminal import SCRIPT, Office

HIDDEN = "S3cr3t-Sample"


def _line(
    message: str, *values: object, about: object = None, trouble: BaseException | None = None
) -> logging.LogRecord:
    exc_info = (type(trouble), trouble, trouble.__traceback__) if trouble else None
    record = logging.LogRecord("syndicate.sample", logging.WARNING, "x.py", 1, message, values, exc_info)
    if about is not None:
        record.about = about
    return record


@pytest.mark.parametrize(
    "text",
    [
        f"https://api.example/x?access_token={HIDDEN}&uid=1",
        f"appsecret={HIDDEN}",
        f'{{"password": "{HIDDEN}"}}',
        f"Authorization: Bearer {HIDDEN}",
        f"Bearer {HIDDEN}",
        f"api_key = '{HIDDEN}'",
        f"http://127.0.0.1:8800/link/{HIDDEN}",
        f"postgresql://office:{HIDDEN}@db.example/office",
        f"Cookie: {HIDDEN}",
        f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={HIDDEN}",
        f"https://www.example/hook?v=1&key={HIDDEN}&x=2",
        f"https://www.example/hook?v=1&amp;key={HIDDEN}",
        f"https://www.example/back?code={HIDDEN}&state=1",
        f"https://files.example/a.pdf?sig={HIDDEN}",
    ],
)
def test_what_looks_like_a_secret_is_not_written(text: str) -> None:
    assert HIDDEN not in scrubbed(text)


@pytest.mark.parametrize(
    "text",
    [
        "稿件 17 已送达 https://www.example/news/17.html",
        "retry in 30 s: HTTP 503",
        "a@b",
        "errcode=45009",
        "/news?monkey=1",
    ],
)
def test_other_lines_stay_as_they_are(text: str) -> None:
    assert scrubbed(text) == text


def test_a_line_for_a_collector_is_one_object_with_what_it_concerns() -> None:
    line = json.loads(JsonLines().format(_line("第 %s 次", 2, about={"item": 17, "channel": "weibo"})))
    assert {key: line[key] for key in ("level", "logger", "what", "item", "channel")} == {
        "level": "warning",
        "logger": "syndicate.sample",
        "what": "第 2 次",
        "item": 17,
        "channel": "weibo",
    }


def test_what_a_line_concerns_replaces_none_of_its_own_fields() -> None:
    assert json.loads(JsonLines().format(_line("text", about={"what": "other"})))["what"] == "text"


def test_a_traceback_for_a_collector_is_part_of_the_object_and_scrubbed() -> None:
    try:
        raise ValueError(f"token={HIDDEN}")
    except ValueError as error:
        written = JsonLines().format(_line("failed", trouble=error))
    assert "ValueError" in json.loads(written)["trouble"]
    assert HIDDEN not in written


def test_a_line_for_people_names_what_it_concerns_in_its_first_line() -> None:
    written = TextLines().format(_line("first\nsecond", about={"item": 17}))
    assert written.endswith("WARNING first [item=17]\nsecond")


@given(st.text(), st.dictionaries(st.text(min_size=1), st.one_of(st.text(), st.integers(), st.none())))
def test_any_text_becomes_one_line_of_json(message: str, about: dict[str, object]) -> None:
    written = JsonLines().format(_line("%s", message, about=about))
    assert "\n" not in written
    assert json.loads(written)["level"] == "warning"


def _run(office: Office, form: str, *words: str) -> subprocess.CompletedProcess[str]:
    surroundings = {**os.environ, "SYNDICATE_LOG": form}
    command = [str(SCRIPT), *words, "--home", str(office.home)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=surroundings)


def test_a_worker_tells_a_collector_each_step_of_an_item_to_its_receipts(office: Office) -> None:
    item = office.write()
    office.approve(item)
    done = _run(office, "json", "work", "--drain")
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    steps = [line["what"] for line in lines if line.get("item") == item]
    assert "called" in steps
    assert "receipt" in steps
    assert {line["item"] for line in lines if "delivery" in line} == {item}


def test_without_a_word_only_trouble_is_written(office: Office) -> None:
    office.write()
    assert _run(office, "", "work", "--drain").stderr == ""


def test_a_form_that_there_is_not_is_wrong_use(office: Office) -> None:
    done = _run(office, "xml", "user", "list")
    assert done.returncode == 2
    assert "SYNDICATE_LOG" in done.stderr
