from __future__ import annotations

import os
from collections.abc import Callable
from datetime import time, timedelta
from pathlib import Path

import pytest

from syndicate.config.defaults import defaults
from syndicate.config.load import load, load_monitor
from syndicate.config.secrets import OfficeSecrets
from syndicate.errors import ConfigurationError, Problem
from syndicate.model.channel import ChannelKind
from syndicate.model.screen import DisplayHours
from syndicate.model.source import SourceKind

Mistakes = Callable[[str, "str | bytes"], list[Problem]]

FEED = """\
title: 示例信源
kind: feed
url: http://127.0.0.1:8808/feed.xml
column: news
organ: 示例省人民政府
"""

SCREEN = """\
title: 示例屏
kind: led
settings: {folder: var/led, width: 384, height: 192}
"""

WEIBO = """\
title: 示例微博
kind: weibo
base_url: https://api.weibo.example
settings: {rip: 203.0.113.5}
secrets: {access_token: weibo-token}
"""


def write(home: Path, name: str, content: str | bytes) -> None:
    path = home / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


def keys(problems: list[Problem]) -> list[str]:
    return [problem.message.key.removeprefix("config.") for problem in problems]


def test_the_smallest_office_loads(office: Path) -> None:
    assert load(office).office.name == "示例办公室"


def test_registration_numbers_may_be_outstanding(office: Path) -> None:
    assert load(office).office.icp == ""


def test_a_folder_that_is_no_office_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load(tmp_path)
    assert [(p.file, p.message.key) for p in caught.value.problems] == [("content/office.yaml", "config.missing_file")]


def test_sources_and_channels_are_never_taken_from_the_package(office: Path) -> None:
    snapshot = load(office)
    assert (dict(snapshot.sources), dict(snapshot.channels)) == ({}, {})


def test_rules_that_a_folder_does_not_have_come_from_the_package(tmp_path: Path) -> None:
    assert load_monitor(tmp_path) == load_monitor(defaults())


def test_a_folder_of_the_office_replaces_the_packaged_one_whole(office: Path) -> None:
    rules, lexicon, _ = load_monitor(office)
    assert ([rule.id for rule in rules], lexicon) == (["sample.word"], ())


def test_a_template_of_the_office_is_laid_over_the_packaged_ones(office: Path) -> None:
    write(office, "content/templates/own/sample.j2", "{{ title }}")
    templates = load(office).templates
    assert templates["own/sample.j2"] == "{{ title }}"
    assert len(templates) > 1


def test_a_template_that_does_not_parse_is_a_mistake_with_its_line(mistakes: Mistakes) -> None:
    found = mistakes("content/templates/own.j2", "ok\n{% if %}\n")
    assert [(p.file, p.line) for p in found] == [("content/templates/own.j2", 2)]


def test_pictures_beside_the_templates_are_not_read(mistakes: Mistakes) -> None:
    assert mistakes("content/templates/website/icon.png", b"\x89PNG\xff") == []


def test_a_source_is_named_by_its_file(office: Path) -> None:
    write(office, "content/sources/sample-feed.yaml", FEED)
    source = load(office).sources["sample-feed"]
    assert (source.name, source.kind, source.interval) == ("sample-feed", SourceKind.FEED, timedelta(minutes=30))


def test_the_keys_list_and_article_hold_the_rules_of_a_source(office: Path) -> None:
    text = FEED.replace("kind: feed", "kind: html") + (
        "list: {rows: li, url: a@href, title: a, published: .date}\narticle: {body: '#content', remove: [.share]}\n"
    )
    write(office, "content/sources/sample-list.yaml", text)
    source = load(office).sources["sample-list"]
    assert source.list_rules is not None
    assert (source.list_rules.url, source.article_rules.remove) == ("a@href", (".share",))


def test_the_rows_of_a_json_list_may_be_the_document_itself(office: Path) -> None:
    text = FEED.replace("kind: feed", "kind: json") + "list: {rows: '', url: URL, title: TITLE}\n"
    write(office, "content/sources/sample-json.yaml", text)
    list_rules = load(office).sources["sample-json"].list_rules
    assert list_rules is not None
    assert list_rules.rows == ""


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (FEED.replace("news", "nowhere"), "no_such_column"),
        (FEED + "name: another\n", "name_differs"),
        (FEED + "list: {rows: a, url: b, title: c}\n", "list_unused"),
        (FEED.replace("feed\n", "html\n"), "list_needed"),
        (FEED.replace("feed\n", "json\n"), "list_needed"),
        (FEED.replace("feed\n", "html\n") + "list: {rows: '', url: b, title: c}\n", "empty_text"),
        (FEED.replace("feed\n", "html\n") + "list: {rows: 'li[', url: b, title: c}\n", "bad_selector"),
        (FEED.replace("feed\n", "html\n") + "list: {rows: li, url: ']@href', title: c}\n", "bad_selector"),
        (FEED + "article: {body: 'div >'}\n", "bad_selector"),
        (FEED + "article: {remove: [.a, '::']}\n", "bad_selector"),
        (FEED + "article: {fields: {索引号: 'td['}}\n", "bad_selector"),
        (FEED + "encoding: base64\n", "no_such_encoding"),
        (FEED + "encoding: [utf-8]\n", "text_expected"),
        (FEED + "article: a\n", "mapping_expected"),
        (FEED + "intervall: 5m\n", "unknown_key_close"),
    ],
)
def test_a_wrong_source_is_a_mistake(mistakes: Mistakes, text: str, key: str) -> None:
    assert keys(mistakes("content/sources/sample.yaml", text)) == [key]


@pytest.mark.parametrize("zone", ["[a]", "Asia", "../../etc/passwd", "Mars/Base"])
def test_a_time_zone_must_exist(mistakes: Mistakes, zone: str) -> None:
    text = f"name: a\nsite_name: a\ndomain: a.example\nsite_url: http://a.example\nsample: true\ntimezone: {zone}\n"
    assert [p.line for p in mistakes("content/office.yaml", text)] == [6]


def test_a_source_name_that_repeats_the_file_name_is_taken(mistakes: Mistakes) -> None:
    assert mistakes("content/sources/sample.yaml", FEED + "name: sample\n") == []


def test_a_gbk_source_names_its_encoding(mistakes: Mistakes) -> None:
    assert mistakes("content/sources/sample.yaml", FEED + "encoding: gb18030\n") == []


def test_a_channel_is_named_by_its_file(office: Path) -> None:
    write(office, "channels/square.yaml", SCREEN)
    channel = load(office).channels["square"]
    assert (channel.id, channel.kind, channel.settings["width"]) == ("square", ChannelKind.LED, 384)


def test_a_channel_carries_the_text_of_its_template(office: Path) -> None:
    write(office, "content/templates/own.j2", "{{ title }}")
    write(office, "channels/square.yaml", SCREEN + "template: own.j2\n")
    assert load(office).channels["square"].template == "{{ title }}"


def test_a_channel_has_the_ladder_of_its_kind(office: Path) -> None:
    write(office, "channels/weibo.yaml", WEIBO)
    assert load(office).channels["weibo"].ladder.read_back == (timedelta(minutes=2), timedelta(minutes=10))


def test_a_channel_can_change_single_values_of_its_ladder(office: Path) -> None:
    write(office, "channels/square.yaml", SCREEN + "ladder: {give_up: 2h}\n")
    ladder = load(office).channels["square"].ladder
    assert (ladder.give_up, ladder.lease) == (timedelta(hours=2), timedelta(minutes=10))


def test_an_office_can_carry_short_ladders(office: Path) -> None:
    short = "default: {retry: [0.1s], give_up: 5s, read_back: [0.1s], poll: [0.1s], lease: 2s, website_wait: 1s, timeout: 1s}\n"
    write(office, "content/ladders.yaml", short)
    write(office, "channels/square.yaml", SCREEN)
    assert load(office).channels["square"].ladder.retry == (timedelta(milliseconds=100),)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("[a]\n", "mapping_expected"),
        ("title: 示例\n", "missing_key"),
        (SCREEN.replace("led", "telegraph"), "not_a_choice"),
        (SCREEN + "columns: [nowhere]\n", "no_such_column"),
        (SCREEN + "template: absent.j2\n", "no_such_template"),
        (SCREEN + "ladder: {lease: 10s}\n", "lease_too_short"),
        (SCREEN + "ladder: {leese: 10m}\n", "unknown_key_close"),
        (SCREEN + "limits: {titel: 3}\n", "unknown_key_close"),
        (SCREEN.replace("width: 384, ", ""), "missing_key"),
        (SCREEN.replace("folder: var/led", "folder: /srv"), "form_relative_path"),
        (WEIBO.replace("base_url: https://api.weibo.example\n", ""), "missing_key"),
        (WEIBO.replace("203.0.113.5", "203.0.113"), "form_internet_address"),
        (WEIBO.replace("203.0.113.5", "[a]"), "text_expected"),
        (WEIBO.replace("access_token", "acces_token"), "unknown_key_close"),
        (WEIBO.replace("weibo-token", "2.00INVENTED"), "form_secret_name"),
    ],
)
def test_a_wrong_channel_is_a_mistake(mistakes: Mistakes, text: str, key: str) -> None:
    assert key in keys(mistakes("channels/sample.yaml", text))


def test_a_ladder_whose_lease_is_shorter_than_a_call_is_a_mistake(mistakes: Mistakes) -> None:
    text = (
        "default: {retry: [1s], give_up: 5s, read_back: [1s], poll: [1s], lease: 2s, website_wait: 1s, timeout: 3s}\n"
    )
    assert keys(mistakes("content/ladders.yaml", text)) == ["lease_too_short"]


def test_a_named_secret_that_nobody_gave_is_a_mistake_where_it_is_named(office: Path) -> None:
    write(office, "channels/weibo.yaml", WEIBO)
    with pytest.raises(ConfigurationError) as caught:
        load(office, OfficeSecrets(office, {}))
    assert [(p.file, p.line, p.message.key) for p in caught.value.problems] == [
        ("channels/weibo.yaml", 5, "config.secret_missing")
    ]


def test_a_named_secret_that_is_there_is_no_mistake(office: Path) -> None:
    write(office, "channels/weibo.yaml", WEIBO)
    assert load(office, OfficeSecrets(office, {"SYNDICATE_SECRET_WEIBO_TOKEN": "invented"}))


def test_secrets_are_not_looked_for_unless_asked(office: Path) -> None:
    write(office, "channels/weibo.yaml", WEIBO)
    assert load(office).channels["weibo"].secrets == {"access_token": "weibo-token"}


def test_a_rule_knows_where_it_stands_and_keeps_its_parameters(office: Path) -> None:
    text = (
        "# remark\nrules:\n  - id: sample.one\n    kind: existence\n    severity: hint\n"
        "    message: {zh: 示例, en: Sample}\n    basis: 示例\n    words: [示例]\n    bad: [' 示例 ']\n"
    )
    write(office, "content/rules/sample.yaml", text)
    rule = load_monitor(office)[0][-1]
    assert (rule.where, rule.parameters, rule.bad) == (
        "content/rules/sample.yaml:3",
        {"words": ["示例"]},
        (" 示例 ",),
    )


def test_a_rule_id_is_unique_over_all_files(office: Path, mistakes: Mistakes) -> None:
    text = "rules:\n  - {id: sample.one, kind: existence, severity: hint, message: {zh: 示, en: S}, basis: 示, words: [示]}\n"
    write(office, "content/rules/a.yaml", text)
    assert keys(mistakes("content/rules/b.yaml", text)) == ["duplicate_id"]


def test_what_only_the_monitor_knows_is_a_mistake_with_its_line(mistakes: Mistakes) -> None:
    text = "rules:\n  - {id: sample.one, kind: regex, severity: hint, message: {zh: 示, en: S}, basis: 示, pattern: '示['}\n"
    found = mistakes("content/rules/sample.yaml", text)
    assert [(p.file, p.line, p.message.key.partition(".")[0]) for p in found] == [
        ("content/rules/sample.yaml", 2, "monitor")
    ]
    assert "sample.one" in found[0].text


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("[a]\n", "mapping_expected"),
        ("rules: a\n", "list_expected"),
        ("rule: []\nrules: []\n", "unknown_key_close"),
        ("a: b\n", "unknown_key"),
        ("rules: [a]\n", "mapping_expected"),
    ],
)
def test_a_wrong_rule_file_is_a_mistake(mistakes: Mistakes, text: str, key: str) -> None:
    assert key in keys(mistakes("content/rules/sample.yaml", text))


HEADING = "wrong\tright\tcategory\tmode\tnot_after\tnot_before\tvalid_from\tvalid_to\tbasis\n"


def test_a_lexicon_row_is_read_with_its_alternatives_and_place(office: Path) -> None:
    row = "# 备注\n\n示列\t示例\ttypo\tboundary\t表|明\t车\t2020-01-01\t\t示例\n"
    write(office, "content/lexicon/words.tsv", HEADING + row)
    entry = load_monitor(office)[1][0]
    assert (entry.wrong, entry.not_after, entry.not_before, entry.where) == (
        "示列",
        ("表", "明"),
        ("车",),
        "content/lexicon/words.tsv:4",
    )


def test_a_lexicon_may_have_windows_line_ends_and_a_byte_order_mark(office: Path) -> None:
    text = ("\ufeff" + HEADING + "示列\t示例\ttypo\tsubstring\t\t\t\t\t示例\n").replace("\n", "\r\n")
    write(office, "content/lexicon/words.tsv", text)
    assert load_monitor(office)[1][0].basis == "示例"


@pytest.mark.parametrize(
    ("row", "key"),
    [
        ("\t示例\ttypo\tsubstring\t\t\t\t\t示例", "missing_key"),
        ("示列\t示例\ttypo\tsubstring\t\t\t\t\t", "missing_key"),
        ("示列\t示例\ttypo\tdated\t\t\t2026-01-02\t2026-01-01\t示例", "period_reversed"),
        ("示列\t示例", "table_cells"),
    ],
)
def test_a_wrong_lexicon_row_is_a_mistake_on_its_line(mistakes: Mistakes, row: str, key: str) -> None:
    found = mistakes("content/lexicon/words.tsv", HEADING + row + "\n")
    assert (keys(found), found[0].line) == ([key], 2)


def test_the_hash_changes_with_any_byte_of_any_file(office: Path) -> None:
    before = load(office).hash
    write(office, "content/sources/sample.yaml", FEED)
    with_source = load(office).hash
    write(office, "content/sources/sample.yaml", FEED + "# remark\n")
    assert len({before, with_source, load(office).hash}) == 3


def test_a_file_that_is_not_utf8_is_a_mistake_on_its_line(mistakes: Mistakes) -> None:
    found = mistakes("content/office.yaml", b"name: a\nsite_name: " + "示例".encode("gb18030"))
    assert [(p.line, p.message.key) for p in found] == [(2, "config.not_utf8")]


def test_a_file_beyond_the_limit_is_a_mistake(mistakes: Mistakes) -> None:
    assert keys(mistakes("content/sources/sample.yaml", b"#" * 1_000_001)) == ["too_large"]


def test_a_file_just_within_the_limit_is_read(mistakes: Mistakes) -> None:
    assert mistakes("content/sources/sample.yaml", FEED.encode() + b"#" * (1_000_000 - len(FEED.encode()))) == []


def test_a_pipe_in_place_of_a_file_is_a_mistake_and_does_not_block(office: Path) -> None:
    (office / "content/sources").mkdir()
    os.mkfifo(office / "content/sources/sample.yaml")
    with pytest.raises(ConfigurationError) as caught:
        load(office)
    assert keys(list(caught.value.problems)) == ["no_file"]


def test_a_link_to_nothing_is_a_mistake(office: Path) -> None:
    (office / "content/sources").mkdir()
    (office / "content/sources/sample.yaml").symlink_to(office / "absent")
    with pytest.raises(ConfigurationError) as caught:
        load(office)
    assert keys(list(caught.value.problems)) == ["missing_file"]


def test_a_link_to_itself_is_a_mistake(office: Path) -> None:
    (office / "content/sources").mkdir()
    (office / "content/sources/sample.yaml").symlink_to(office / "content/sources/sample.yaml")
    with pytest.raises(ConfigurationError):
        load(office)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_that_may_not_be_read_is_a_mistake(office: Path) -> None:
    write(office, "content/sources/sample.yaml", FEED)
    (office / "content/sources/sample.yaml").chmod(0)
    with pytest.raises(ConfigurationError) as caught:
        load(office)
    assert keys(list(caught.value.problems)) == ["unreadable"]


def test_a_file_that_breaks_while_it_is_read_is_a_mistake(office: Path) -> None:
    (office / "content/sources").mkdir()
    # Linux gives an input error for the first byte of this file, as a broken disk does.
    (office / "content/sources/sample.yaml").symlink_to("/proc/self/mem")
    with pytest.raises(ConfigurationError) as caught:
        load(office)
    assert keys(list(caught.value.problems)) == ["unreadable"]


def test_a_file_name_of_any_bytes_can_be_shown(office: Path) -> None:
    (office / "content/sources").mkdir()
    (office / "content/sources" / os.fsdecode(b"\xff\x1b[31m.yaml")).write_text(FEED)
    with pytest.raises(ConfigurationError) as caught:
        load(office)
    str(caught.value).encode()
    assert "\x1b" not in str(caught.value)


def test_a_yml_file_is_not_passed_over_in_silence(mistakes: Mistakes) -> None:
    assert keys(mistakes("channels/square.yml", SCREEN)) == ["yml"]


def test_a_disabled_file_is_passed_over(mistakes: Mistakes) -> None:
    assert mistakes("channels/square.yaml.disabled", "broken: [") == []


def test_a_file_in_place_of_a_folder_is_a_mistake(mistakes: Mistakes) -> None:
    assert keys(mistakes("content/sources", "title: a")) == ["unreadable"]


def test_a_screen_has_display_hours_by_season(office: Path) -> None:
    hours = '[{first: 10-01, last: 04-30, start: "08:00", end: "17:30", weekdays: [1, 2]}]'
    write(office, "channels/square.yaml", SCREEN.replace("192}", f"192, display_hours: {hours}}}"))
    season = DisplayHours((10, 1), (4, 30), time(8), time(17, 30), (1, 2))
    assert load(office).channels["square"].settings["display_hours"] == (season,)


@pytest.mark.parametrize(
    ("season", "wrong"),
    [
        ("first: 13-01, last: 04-30, start: 08:00, end: 17:30", "form_month_day"),
        ("first: 10-01, last: 04-30, start: 8 Uhr, end: 17:30", "form_clock"),
        ("first: 10-01, last: 04-30, start: 08:00, end: 17:30, weekdays: [8]", "out_of_range"),
        ("first: 10-01, last: 04-30, start: 08:00", "missing_key"),
    ],
)
def test_display_hours_that_cannot_be_are_named(mistakes: Mistakes, season: str, wrong: str) -> None:
    text = SCREEN.replace("192}", f"192, display_hours: [{{{season}}}]}}")
    assert keys(mistakes("channels/square.yaml", text)) == [wrong]
