from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path

import pytest

from syndicate.config.alarms import read_alarms
from syndicate.config.places import ConfigFile, Problems
from syndicate.model.incident import Alarm, AlarmRules, Group, QuietHours, Watch
from syndicate.model.notice import Addressee, Event, How, NoticeRules, Webhook

ROOT = Path(__file__).parents[2]
ONE = (
    "alarms:\n- id: site_down\n  title: 样例\n  watch: site_down\n  threshold: 2\n  repair_within: 4h\n"
    "  to: [publisher]\n  basis: 样例规定\n"
)
PLAIN = NoticeRules()
HOOK = NoticeRules(desk="https://desk.example", webhook=Webhook("https://hook.example/", "hook-key"))


def read(text: str, notices: NoticeRules = PLAIN) -> tuple[AlarmRules, list[str]]:
    problems = Problems()
    rules = read_alarms(ConfigFile("content/alarms.yaml", text), notices, problems)
    return rules, [problem.message.key for problem in problems.found]


def shipped() -> AlarmRules:
    rules, mistakes = read((ROOT / "content" / "alarms.yaml").read_text("utf-8"))
    assert mistakes == []
    return rules


def test_the_default_file_watches_everything_that_can_be_watched() -> None:
    assert {one.watch for one in shipped().alarms} == set(Watch)


def test_every_default_alarm_says_when_it_must_be_mended_and_on_which_ground() -> None:
    assert all(one.repair_within and one.basis for one in shipped().alarms)


def test_the_default_alarms_disturb_nobody_by_group_and_know_no_quiet_hours() -> None:
    assert (shipped().quiet_hours, [one.id for one in shipped().alarms if one.send]) == (None, [])


def test_an_alarm_of_the_fewest_words() -> None:
    rules, mistakes = read(ONE)
    expected = Alarm("site_down", "样例", Watch.SITE_DOWN, 2, timedelta(hours=4), "样例规定", to=(Addressee.PUBLISHER,))
    assert (rules.alarms, mistakes) == ((expected,), [])


def test_an_alarm_with_all_that_it_can_say() -> None:
    more = (
        '  operator: ">"\n  lasting: 10m\n  calm: 5m\n  event: account\n  how: digest\n  send: [webhook]\n'
        "  urgent: true\n  enabled: false\n"
    )
    (alarm,) = read(ONE + more, HOOK)[0].alarms
    assert (alarm.operator, alarm.lasting, alarm.calm) == (">", timedelta(minutes=10), timedelta(minutes=5))
    assert (alarm.event, alarm.how, alarm.send) == (Event.ACCOUNT, How.DIGEST, (Group.WEBHOOK,))
    assert (alarm.urgent, alarm.enabled) == (True, False)


def test_quiet_hours() -> None:
    rules, mistakes = read('quiet_hours: {begin: "22:00", end: "07:00"}\n' + ONE)
    assert (rules.quiet_hours, mistakes) == (QuietHours(time(22), time(7)), [])


@pytest.mark.parametrize(
    ("change", "mistake"),
    [
        (("watch: site_down", "watch: weather"), "config.not_a_choice"),
        (("threshold: 2", "threshold: viele"), "config.not_number"),
        (("to: [publisher]", "to: [author]"), "config.not_a_choice"),
        (("to: [publisher]", "to: []"), "config.list_too_short"),
        (("to: [publisher]", "event: submitted"), "config.not_a_choice"),
        (("to: [publisher]", "send: [webhook]"), "config.alarm_without_group"),
        (("to: [publisher]", "send: [wecom]"), "config.alarm_without_group"),
        (("  basis: 样例规定\n", ""), "config.missing_key"),
        (("repair_within: 4h", "repair_within: 0s"), "config.out_of_range"),
        (("id: site_down", "id: 中文"), "config.form_word"),
        ((ONE, ONE + ONE.removeprefix("alarms:\n")), "config.duplicate_id"),
        ((ONE, "[]"), "config.mapping_expected"),
        ((ONE, 'quiet_hours: {begin: "25:00", end: "07:00"}\n' + ONE), "config.form_time_of_day"),
    ],
)
def test_a_mistake_is_named(change: tuple[str, str], mistake: str) -> None:
    assert read(ONE.replace(*change))[1] == [mistake]
