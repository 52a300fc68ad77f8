from __future__ import annotations

from dataclasses import fields, replace

import pytest

from syndicate.inspection.judge import judge
from syndicate.inspection.report import compose, condition_text, standing_word, value_text
from syndicate.model import facts as f
from syndicate.model.finding import Severity
from syndicate.model.inspection import Indicator, Level, Report, Section, Standing, Table
from tests.inspection.sample_day import AS_OF, CHANNELS, DAY, HOUR, SITE, ago, column, facts, probes
from tests.inspection.write_golden import report_of

OPTIONAL = [field.name for field in fields(f.DayFacts) if field.default is None]
BARE = facts(**dict.fromkeys(OPTIONAL), reasons={})
CALM = facts(
    probes=probes(2016, 0),
    columns=(column("要闻", 1, new_today=2),),
    findings=(),
    reprints=(),
    channels=(replace(CHANNELS[0], url=""), replace(CHANNELS[3], drift=0, running_share=100)),
    sources=(),
    second_checks=(),
    takedowns=(),
    tasks=(),
    problems=(),
    site=replace(SITE, broken_links=(), tag_gaps=(), certificate_ends=AS_OF + 90 * DAY),
    interaction=f.InteractionFacts(0, 0, (), 0, 0, 98.5, 7),
)


def section(report: Report, number: int) -> Section:
    return report.sections[number - 1]


def tables(report: Report, number: int) -> dict[str, Table]:
    return {table.title: table for table in section(report, number).tables}


def test_the_report_has_its_sections_in_order(index: tuple[Indicator, ...]) -> None:
    titles = [(s.number, s.title) for s in report_of(facts(), index).sections]
    assert titles == [
        (1, "结论"),
        (2, "可用性"),
        (3, "信息更新"),
        (4, "内容问题与审核"),
        (5, "链接"),
        (6, "标签与页脚"),
        (7, "转载与信源"),
        (8, "各渠道投递"),
        (9, "互动回应"),
        (10, "问题整改"),
        (11, "趋势"),
        (12, "部门与人员"),
        (13, "数据口径与来源"),
    ]


def test_a_breached_veto_leads_the_report(index: tuple[Indicator, ...]) -> None:
    report = report_of(facts(), index)
    assert (report.standing, report.headline[:4]) == (Standing.BREACHED, "已触发：")


def test_a_calm_day_is_free_of_risk(index: tuple[Indicator, ...]) -> None:
    report = report_of(CALM, index)
    assert (report.standing, report.headline[:4], report.todos) == (Standing.FULFILLED, "无风险：", ())


def test_a_calm_day_says_that_there_is_nothing_to_do(index: tuple[Indicator, ...]) -> None:
    assert section(report_of(CALM, index), 1).sentences[-1] == "今日没有必须处理的事项。"


def test_a_missed_target_is_a_warning_and_no_breach(index: tuple[Indicator, ...]) -> None:
    report = report_of(replace(CALM, channels=(replace(CHANNELS[4], needs_person=0),)), index)
    assert report.headline.startswith("预警：没有触发单项否决")


def test_a_day_without_measurements_cannot_be_judged(index: tuple[Indicator, ...]) -> None:
    report = report_of(BARE, index)
    assert (report.standing, report.headline[:5]) == (Standing.NOT_MEASURED, "无法判断：")


@pytest.mark.parametrize("number", range(2, 11))
def test_every_section_says_what_was_not_measured(number: int, index: tuple[Indicator, ...]) -> None:
    found = section(report_of(BARE, index), number)
    assert all("未测量。原因：本次没有取得数据。" in line for line in found.not_measured)
    assert found.not_measured


def test_a_section_names_the_reason_it_was_given(index: tuple[Indicator, ...]) -> None:
    report = report_of(replace(BARE, reasons={"columns": "栏目表未配置"}), index)
    assert section(report, 3).not_measured == ("栏目更新情况：未测量。原因：栏目表未配置。",)


def test_unconfirmed_indicators_are_listed_as_switched_off(index: tuple[Indicator, ...]) -> None:
    rows = tables(report_of(facts(), index), 13)["未启用指标（只列数值，不参与结论）"].rows
    assert {row.cells[0] for row in rows} == {i.id for i in index if not i.enforced}


def test_indicators_without_measurement_are_listed_with_the_reason(index: tuple[Indicator, ...]) -> None:
    rows = tables(report_of(facts(), index), 13)["未能测量的启用指标"].rows
    assert ("T4", "公众满意率", "—", "尚未开通满意度评价") in [row.cells for row in rows]


def test_every_enforced_indicator_is_listed_with_method_and_basis(index: tuple[Indicator, ...]) -> None:
    rows = tables(report_of(facts(), index), 13)["启用指标的口径与依据"].rows
    assert {row.cells[0] for row in rows} == {i.id for i in index if i.enforced}


def test_the_website_comes_before_accounts_and_targets(index: tuple[Indicator, ...]) -> None:
    rows = tables(report_of(facts(), index), 13)["启用指标判定明细"].rows
    assert [row.cells[0] for row in rows if row.cells[0] in ("T1", "W2", "M3")] == ["W2", "M3", "M3", "M3", "T1"]


def test_an_unknown_measure_is_reported_and_breaks_nothing(index: tuple[Indicator, ...]) -> None:
    odd = replace(index[0], id="X1", measure="no_such_measure", enforced=True, confidence="C")
    report = report_of(facts(), (*index, odd))
    assert "软件没有这项测量" in {row.cells[3] for row in tables(report, 13)["未能测量的启用指标"].rows}


def test_the_day_is_free_of_any_verdict_where_the_index_is_empty() -> None:
    assert compose(facts(), ()).standing is Standing.NOT_MEASURED


def test_of_several_alarms_about_one_figure_only_the_gravest_is_a_task(index: tuple[Indicator, ...]) -> None:
    day = replace(
        CALM, channels=(f.ChannelFact("weibo", "示例微博", "weibo", last_success=ago(20), interactive=True, drift=0),)
    )
    assert [todo.text for todo in report_of(day, index).todos] == [
        "示例微博：账号未更新天数：20 天（≥14 天即触发，≥7 天即预警）"
    ]


def test_urgent_tasks_come_first(index: tuple[Indicator, ...]) -> None:
    standings = [todo.standing for todo in report_of(facts(), index).todos]
    assert standings == sorted(standings, key=lambda found: found is not Standing.BREACHED)


def test_a_task_past_its_deadline_is_urgent(index: tuple[Indicator, ...]) -> None:
    task = f.TaskFact("示例事项", "示例办法", ago(1), AS_OF - HOUR)
    later = replace(task, deadline=AS_OF + HOUR)
    todos = report_of(replace(CALM, tasks=(later, task, replace(task, deadline=None))), index).todos
    assert [todo.standing.value for todo in todos] == ["breached", "warning", "warning"]


def test_a_task_links_to_where_it_is_done(index: tuple[Indicator, ...]) -> None:
    task = f.TaskFact("示例事项", "示例办法", ago(1), link="http://127.0.0.1:8000/tasks/7")
    assert report_of(replace(CALM, tasks=(task,)), index).todos[0].link == "http://127.0.0.1:8000/tasks/7"


def test_a_script_address_never_becomes_a_link(index: tuple[Indicator, ...]) -> None:
    task = f.TaskFact("示例事项", "示例办法", ago(1), link="javascript:alert(1)")
    assert report_of(replace(CALM, tasks=(task,)), index).todos[0].link == ""


@pytest.mark.parametrize(
    ("level", "standing", "word"),
    [
        (Level.VETO, Standing.BREACHED, "已触发"),
        (Level.TARGET, Standing.BREACHED, "未达标"),
        (Level.DEDUCT, Standing.BREACHED, "未达标"),
        (Level.VETO, Standing.WARNING, "预警"),
        (Level.VETO, Standing.NOT_MEASURED, "未测量"),
        (Level.VETO, Standing.NOT_ENFORCED, "未启用"),
    ],
)
def test_only_a_veto_is_triggered(level: Level, standing: Standing, word: str, index: tuple[Indicator, ...]) -> None:
    (judgement,) = judge([], [replace(index[0], level=level)])
    assert standing_word(replace(judgement, standing=standing)) == word


def test_a_condition_says_what_breaches_and_what_warns(index: tuple[Indicator, ...]) -> None:
    reachability = next(i for i in index if i.id == "W2")
    assert condition_text(reachability) == "≥5%即触发，≥3%即预警"


def test_an_unmeasured_figure_is_never_a_zero(index: tuple[Indicator, ...]) -> None:
    (judgement,) = judge([], [index[0]])
    assert value_text(judgement) == "未测量"


def test_the_large_figures_show_a_dash_where_nothing_was_measured(index: tuple[Indicator, ...]) -> None:
    report = report_of(BARE, index)
    assert [figure.value for figure in report.figures] == ["—", "—", "—", "—", "0/0", "0 条"]


def test_the_large_figures_are_those_of_the_facts(index: tuple[Indicator, ...]) -> None:
    report = report_of(facts(), index)
    assert [figure.value for figure in report.figures[:4]] == ["8 条", "26 条", "3.12%", "33.33%"]


def test_columns_are_listed_by_days_left(index: tuple[Indicator, ...]) -> None:
    (table,) = section(report_of(facts(), index), 3).tables
    assert [(row.cells[0], row.cells[-1]) for row in table.rows[:4]] == [
        ("专题专栏", "空白"),
        ("人事信息", "超期未更新"),
        ("乡镇动态", "临近期限"),
        ("部门动态", "正常"),
    ]


@pytest.mark.parametrize(
    ("age", "limit", "state"),
    [
        (6.9, 14, "正常"),
        (7, 14, "即将到期"),
        (9.9, 14, "即将到期"),
        (10, 14, "临近期限"),
        (13, 14, "只剩最后一天"),
        (14, 14, "超期未更新"),
        (3, 7, "正常"),
        (3.6, 7, "临近期限"),
        (176, 183, "即将到期"),
    ],
)
def test_a_column_is_counted_down_at_seven_ten_and_thirteen_days(
    index: tuple[Indicator, ...], age: float, limit: int, state: str
) -> None:
    (table,) = section(report_of(facts(columns=(column("样例", age, limit),)), index), 3).tables
    assert table.rows[0].cells[-1] == state


def test_links_that_nobody_can_judge_are_listed_apart(index: tuple[Indicator, ...]) -> None:
    tables = section(report_of(facts(), index), 5).tables
    assert [row.cells[2] for row in tables[1].rows] == ["https://guarded.example/"]


def test_pages_that_are_blank_or_slow_are_listed(index: tuple[Indicator, ...]) -> None:
    tables = {table.title: table for table in section(report_of(facts(), index), 6).tables}
    [row] = tables["空白、无日期、过慢、过大或来历不明的页面"].rows
    assert row.cells == ("https://www.example.gov.cn/zt/", "栏目页上没有任何信息")


def test_posts_that_a_platform_no_longer_shows_are_told(index: tuple[Indicator, ...]) -> None:
    weibo = replace(CHANNELS[1], drift=0, unverified=3)
    (table, *_) = section(report_of(facts(channels=(weibo,)), index), 8).tables
    assert "0（另有 3 条未能核验）" in table.rows[0].cells


def test_the_names_addresses_and_the_certificates_problem_are_told(index: tuple[Indicator, ...]) -> None:
    site = replace(facts().site or f.SiteFacts(), certificate_problem="域名不符")
    sentences = section(report_of(facts(site=site), index), 2).sentences
    assert "域名解析正常：IPv4 地址 1 个，IPv6 地址 1 个。" in sentences
    assert "证书问题：域名不符。" in sentences
    sentences = section(report_of(facts(site=replace(site, addresses=())), index), 2).sentences
    assert "域名无法解析，公众打不开网站，请立即联系域名管理单位。" in sentences


def test_probes_are_listed_by_calendar_day(index: tuple[Indicator, ...]) -> None:
    (table,) = section(report_of(facts(), index), 2).tables
    assert [row.cells[:3] for row in table.rows][:2] == [("2026-02-27", "288", "63"), ("2026-02-28", "288", "0")]


def test_a_day_with_too_few_probes_says_so(index: tuple[Indicator, ...]) -> None:
    lonely = (f.ProbeFact(ago(hours=1), ok=False, seconds=None), f.ProbeFact(ago(2), ok=True, seconds=1))
    (table,) = section(report_of(facts(probes=lonely), index), 2).tables
    assert [(row.cells[4], row.cells[5]) for row in table.rows] == [("1", "次数不足"), ("—", "有打不开")]


def test_a_week_without_probes_has_no_share(index: tuple[Indicator, ...]) -> None:
    assert "占 —%" in section(report_of(facts(probes=()), index), 2).sentences[0]


def test_a_certificate_that_ends_soon_is_called_out(index: tuple[Indicator, ...]) -> None:
    assert "仅剩 9 天" in section(report_of(facts(), index), 2).sentences[1]


def test_a_finding_on_a_reprint_is_reported_upstream(index: tuple[Indicator, ...]) -> None:
    rows = tables(report_of(facts(), index), 4)["未处理的问题"].rows
    assert [row.cells[4] for row in rows] == ["部署", "删除或脱敏", "转载稿件不得改动，请报告稿源单位"]


def test_findings_are_listed_by_gravity_and_published_ones_first(index: tuple[Indicator, ...]) -> None:
    draft = f.FindingFact("a", Severity.BLOCK, "草稿", "示例", "示例")
    shown = replace(draft, title="已发布", published_on=("gone",))
    hint = replace(shown, title="提示", severity=Severity.HINT)
    rows = tables(report_of(facts(findings=(hint, draft, shown)), index), 4)["未处理的问题"].rows
    assert [(row.cells[1], row.cells[5]) for row in rows] == [("已发布", "gone"), ("草稿", "未发布"), ("提示", "gone")]


def test_an_override_is_listed_with_its_reason(index: tuple[Indicator, ...]) -> None:
    rows = tables(report_of(facts(), index), 4)["当日放行记录"].rows
    assert rows[0].cells == ("转发关于规范药品宣传的通知", "ad.medical", "原文为上级文件，按原文转载")


def test_an_unchecked_emergency_act_stands_out(index: tuple[Indicator, ...]) -> None:
    rows = tables(report_of(facts(), index), 4)["应急操作与补核"].rows
    assert [(row.cells[-1], row.standing) for row in rows] == [
        ("尚未补核", Standing.BREACHED),
        ("发布员丙", Standing.FULFILLED),
    ]


def test_a_withdrawal_shows_how_far_it_got(index: tuple[Indicator, ...]) -> None:
    act = f.TakedownFact("撤回", "示例", "到期", ago(1), 5, 5)
    rows = tables(report_of(facts(takedowns=(act, replace(act, done=4))), index), 4)["当日撤回与更正"].rows
    assert [(row.cells[-1], row.standing) for row in rows] == [("5/5", Standing.FULFILLED), ("4/5", Standing.WARNING)]


def test_rules_that_became_hints_are_listed_with_their_precision(index: tuple[Indicator, ...]) -> None:
    day = facts(demoted_rules=(f.DemotedRuleFact("text.sample", 30, 17),))
    [row] = tables(report_of(day, index), 4)["误报过多、已自动降为提示的核校规则"].rows
    assert (row.cells[:4], row.standing) == (("text.sample", "30", "17", "57%"), Standing.WARNING)


def test_links_that_lead_off_come_first(index: tuple[Indicator, ...]) -> None:
    link = f.LinkFact("p", "u", "404")
    day = facts(site=f.SiteFacts(broken_links=(link, replace(link, on_home=True), replace(link, leads_off=True))))
    rows = tables(report_of(day, index), 5)["有问题的链接"].rows
    assert [row.cells[0] for row in rows] == ["指向异常", "首页失效", "内页失效"]


def test_pages_that_are_not_as_written_are_listed(index: tuple[Indicator, ...]) -> None:
    page = f.PageFact("https://www.example.gov.cn/1.html", ("正文哈希不同",))
    found = tables(
        report_of(facts(site=f.SiteFacts(tampered=(page,), backdated=(page,), footer_missing=("ICP备案号",))), index), 6
    )
    assert {"与生成内容不一致的页面", "标注日期早于实际发布的页面"} <= set(found)


def test_a_site_property_that_was_not_looked_at_is_never_called_fine(index: tuple[Indicator, ...]) -> None:
    rows = tables(report_of(facts(), index), 6)["站点状态"].rows
    assert ("IPv6 访问", "未测量", "服务器没有 IPv6 网络") in [row.cells for row in rows]


def test_reprints_are_listed_by_urgency(index: tuple[Indicator, ...]) -> None:
    rows = tables(report_of(facts(), index), 7)["近7日应转载信息"].rows
    assert [row.cells[-1] for row in rows] == ["逾期未转载", "未到时限，剩余 2 小时", "已转载，超时限", "按时转载"]


def test_a_reprint_with_time_left_is_calm(index: tuple[Indicator, ...]) -> None:
    ahead = f.ReprintFact("示例", "示例省网", ago(hours=1), AS_OF + 20 * HOUR, {}, mismatches=())
    rows = tables(report_of(facts(reprints=(ahead,)), index), 7)["近7日应转载信息"].rows
    assert (rows[0].standing, rows[0].cells[5]) == (Standing.FULFILLED, "一致")


def test_a_time_of_first_sight_is_marked_as_such(index: tuple[Indicator, ...]) -> None:
    rows = tables(report_of(facts(), index), 7)["近7日应转载信息"].rows
    assert rows[0].cells[2].endswith("（首次发现）")


def test_every_channel_shows_what_it_reprinted(index: tuple[Indicator, ...]) -> None:
    rows = tables(report_of(facts(), index), 7)["应转载信息各渠道发布情况"].rows
    assert [row.cells for row in rows] == [
        ("县政府网站", "4", "2", "1"),
        ("示例县发布（微博）", "4", "0", "0"),
        ("示例县发布（微信）", "4", "1", "1"),
        ("示例县移动客户端", "4", "0", "0"),
    ]


def test_reprints_without_channels_still_make_a_section(index: tuple[Indicator, ...]) -> None:
    assert tables(report_of(facts(channels=None), index), 7)["应转载信息各渠道发布情况"].rows == ()


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({}, "正常"),
        ({"failed": 1}, "需要处理"),
        ({"needs_person": 1}, "需要处理"),
        ({"drift": 1}, "需要处理"),
        ({"retrying": 1}, "有积压"),
        ({"oldest_overdue": ago(hours=1)}, "有积压"),
        ({"last_success": None}, "本系统没有发布记录"),
    ],
)
def test_how_a_channel_stands(changes: dict[str, object], word: str, index: tuple[Indicator, ...]) -> None:
    channel = f.ChannelFact("x", "示例", "website", last_success=ago(hours=3))
    day = facts(channels=(replace(channel, **changes),))  # type: ignore[arg-type]
    assert tables(report_of(day, index), 8)["各渠道情况"].rows[0].cells[-1] == word


def test_a_channel_names_what_it_could_not_measure(index: tuple[Indicator, ...]) -> None:
    found = section(report_of(facts(), index), 8).not_measured
    assert "政务广场显示屏：线上内容核对未测量。原因：显示屏不支持回读。" in found


def test_a_running_share_that_a_channel_does_not_have_is_no_gap(index: tuple[Indicator, ...]) -> None:
    screen = f.ChannelFact("led", "示例屏", "led")
    rows = tables(report_of(facts(channels=(CHANNELS[0], screen)), index), 8)["各渠道情况"].rows
    assert [row.cells[8] for row in rows] == ["—", "未测量"]


def test_interaction_figures_are_sentences_and_gaps_are_named(index: tuple[Indicator, ...]) -> None:
    found = section(report_of(facts(interaction=f.InteractionFacts(satisfaction=96.5)), index), 9)
    assert (found.sentences, len(found.not_measured)) == (("公众满意率 96.5%。",), 6)


@pytest.mark.parametrize(
    ("fixed", "deadline", "word"),
    [(2, 1, "按期整改"), (0.5, 1, "已整改，超时限"), (None, 1, "逾期未整改"), (None, -1, "整改中"), (-1, -2, "整改中")],
)
def test_how_a_problem_stands(fixed: float | None, deadline: float, word: str, index: tuple[Indicator, ...]) -> None:
    problem = f.ProblemFact("示例", ago(3), ago(deadline), None if fixed is None else ago(fixed))
    rows = tables(report_of(facts(problems=(problem,)), index), 10)["问题整改台账"].rows
    assert rows[0].cells[4] == word


def test_without_problems_there_is_no_table(index: tuple[Indicator, ...]) -> None:
    assert section(report_of(CALM, index), 10).tables == ()


def test_text_from_outside_is_shortened_and_cleaned(index: tuple[Indicator, ...]) -> None:
    finding = f.FindingFact("r", Severity.BLOCK, "长" * 900, "a\u202eb\x00\n c\ud800", "示例")
    cells = tables(report_of(facts(findings=(finding,)), index), 4)["未处理的问题"].rows[0].cells
    assert (len(cells[1]), cells[2]) == (160, "a�b� c�")


def test_open_reports_of_the_public_are_told_with_the_hours_that_are_left(index: tuple[Indicator, ...]) -> None:
    one = f.OpenReportFact(7, "文字差错", AS_OF - DAY, AS_OF + 12 * HOUR, "样例编辑")
    kept = f.InteractionFacts(1, 0, (AS_OF - DAY,), 1, 0, open_reports=(one, replace(one, due_at=AS_OF - DAY)))
    shown = section(report_of(facts(interaction=kept), index), 9)
    soon, late = shown.tables[0].rows
    assert (soon.cells[4], soon.standing, soon.cells[5]) == ("12 小时", Standing.WARNING, "样例编辑")
    assert (late.cells[4], late.standing) == ("已超 24 小时", Standing.BREACHED)


def test_a_report_says_that_a_years_holidays_are_not_entered(index: tuple[Indicator, ...]) -> None:
    kept = f.InteractionFacts(0, 0, (), 0, 0, holidays_unknown=2027)
    assert any(
        "2027 年的放假安排没有录入" in one for one in section(report_of(facts(interaction=kept), index), 9).sentences
    )
