"""An invented day of an invented office, with something in every section. Samples, no real person or place."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from syndicate.model import facts as f
from syndicate.model.finding import Severity
from syndicate.model.period import Span, period_of
from syndicate.model.source import SyncResult
from syndicate.model.trend import TrendPoint, WorkFact

ZONE = ZoneInfo("Asia/Shanghai")
AS_OF = datetime(2026, 3, 6, 0, 0, tzinfo=ZONE)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def ago(days: float = 0, hours: float = 0) -> datetime:
    return AS_OF - timedelta(days=days, hours=hours)


def probes(total: int, failed: int, window: timedelta = 7 * DAY) -> tuple[f.ProbeFact, ...]:
    """`total` probes spread evenly over the window, the oldest `failed` of them without an answer."""
    times = [AS_OF - window * number / total for number in range(1, total + 1)]
    answered = total - failed
    fine = [f.ProbeFact(at, ok=True, seconds=0.8) for at in times[:answered]]
    return (*fine, *(f.ProbeFact(at, ok=False, seconds=None, note="连接超时") for at in times[answered:]))


def column(title: str, age: float | None, limit: int = 14, count: int = 20, new_today: int = 0) -> f.ColumnFact:
    last = None if age is None else ago(days=age)
    return f.ColumnFact(title, title, "示例县政府办公室", last, limit * DAY, count, new_today)


COLUMNS = (
    column("要闻动态", 0.3, new_today=6),
    column("部门动态", 5.2, new_today=0),
    column("乡镇动态", 11.5),
    column("通知公告", 2.1, 183, new_today=2),
    column("政策文件", 40, 183),
    column("政策解读", 171, 183),
    column("人事信息", 190, 183),
    column("专题专栏", None, 183, count=0),
)
FINDINGS = (
    f.FindingFact(
        "typo.substring",
        Severity.BLOCK,
        "示例县召开春季农业生产布署会",
        "春季农业生产布署会议",
        "“布署”应为“部署”",
        "部署",
        published_on=("website", "weibo"),
    ),
    f.FindingFact(
        "pii.id_number",
        Severity.BLOCK,
        "关于公示救助对象名单的通知（草稿）",
        "张* 110***********002X",
        "疑似身份证号",
        "删除或脱敏",
    ),
    f.FindingFact(
        "names.outdated",
        Severity.CONFIRM,
        "转发关于做好春耕备耕的通知",
        "原农业部门",
        "机构名称可能已变更",
        reprint=True,
        published_on=("website",),
    ),
)
REPRINTS = (
    f.ReprintFact(
        "关于做好春季安全生产工作的通知",
        "示例省政府网",
        ago(hours=20),
        ago(hours=8),
        {"website": ago(hours=15), "wechat": ago(hours=14)},
        mismatches=(),
    ),
    f.ReprintFact(
        "关于开展春季爱国卫生运动的通知",
        "示例市政府网",
        ago(hours=30),
        ago(hours=18),
        {"website": ago(hours=16)},
        mismatches=("附件",),
    ),
    f.ReprintFact(
        "关于公布第一季度惠民政策清单的通知", "示例省政府网", ago(hours=14), ago(hours=2), {}, by_first_seen=True
    ),
    f.ReprintFact("关于组织植树节活动的通知", "示例市政府网", ago(hours=10), AS_OF + 2 * HOUR, {}),
    f.ReprintFact("春季旅游线路推荐", "示例市文旅网", ago(hours=9), AS_OF, {"website": ago(hours=5)}, required=False),
)
CHANNELS = (
    f.ChannelFact(
        "website",
        "县政府网站",
        "website",
        sent=8,
        last_success=ago(hours=7),
        drift=0,
        url="https://www.example.gov.cn/",
    ),
    f.ChannelFact(
        "weibo",
        "示例县发布（微博）",
        "weibo",
        sent=6,
        retrying=1,
        last_success=ago(days=0.4),
        oldest_overdue=ago(hours=2),
        interactive=True,
        drift=0,
    ),
    f.ChannelFact("wechat", "示例县发布（微信）", "wechat", sent=1, last_success=ago(days=8), interactive=True),
    f.ChannelFact(
        "app",
        "示例县移动客户端",
        "app",
        sent=8,
        last_success=ago(hours=7),
        usable=True,
        interactive=True,
        running_share=99.86,
        drift=0,
    ),
    f.ChannelFact(
        "led", "政务广场显示屏", "led", sent=3, needs_person=1, last_success=ago(hours=9), running_share=97.5
    ),
)
SOURCES = (
    f.SourceFact("province", "示例省政府网", SyncResult.NEW, ago(hours=1), ago(hours=14), AS_OF + HOUR, 3),
    f.SourceFact("city", "示例市政府网", SyncResult.NOTHING_NEW, ago(hours=1), ago(hours=10), AS_OF + HOUR, 0),
    f.SourceFact(
        "tourism",
        "示例市文旅网",
        SyncResult.PARSER_BROKEN,
        ago(days=1),
        ago(days=2),
        AS_OF + 2 * HOUR,
        0,
        "列表页改版，选择器没有匹配",
    ),
)
SITE = f.SiteFacts(
    pages_checked=64,
    links_checked=812,
    broken_links=(
        f.LinkFact("https://www.example.gov.cn/", "https://old.example.cn/zt/", "404", on_home=True),
        f.LinkFact("https://www.example.gov.cn/tzgg/12.html", "https://files.example.cn/fj.doc", "连接超时"),
    ),
    tag_gaps=(f.PageFact("https://www.example.gov.cn/bmdt/8.html", ("缺 ContentSource",)),),
    footer_missing=(),
    tampered=(),
    backdated=(),
    unsure_links=(f.LinkFact("https://www.example.gov.cn/", "https://guarded.example/", "防护页面：样例防火墙"),),
    page_problems=(f.PageFact("https://www.example.gov.cn/zt/", ("栏目页上没有任何信息",)),),
    load_seconds=1.24,
    addresses=("203.0.113.7", "2001:db8::7"),
    certificate_ends=AS_OF + 9 * DAY,
    search_works=True,
    government_domain=True,
    consultation=True,
    services=True,
)


def _trend(back: int) -> TrendPoint:
    """The figures of one day of the month before, the last one being the invented day itself."""
    day = AS_OF.date() - timedelta(days=back + 1)
    quiet = day.weekday() >= 5
    return TrendPoint(
        period=period_of(Span.DAY, day),
        published=8 if back == 0 else 0 if quiet else 3 + day.day % 5,
        submitted=12 if back == 0 else 0 if quiet else 4 + day.day % 6,
        returned=2 if back == 0 else 0 if quiet else day.day % 3,
        probes=0 if back == 12 else 288,
        probes_failed=0 if back == 12 else 9 * (back < 7),
        findings_open=3 + back // 9,
        reprints_due=0 if quiet else 2,
        reprints_on_time=0 if quiet else 2 - (day.day % 7 == 0),
        oldest_waiting_hours=None if quiet else 5.5 + day.day % 4,
    )


TRENDS = tuple(_trend(back) for back in reversed(range(30)))
DEPARTMENTS = (
    WorkFact("县政府办公室信息科", 92, 81, 9, 14, 80, 5.25),
    WorkFact("县政府办公室文秘科", 20, 18, 2, 1, 18, 26.5),
    WorkFact("县信访局", 1, 0, 1, 2, 0, None),
)
PEOPLE = (
    WorkFact("系统自动采集", 60, 57, 0, 8, 56, 3.5),
    WorkFact("值班编辑甲", 41, 35, 6, 4, 35, 7),
    WorkFact("值班编辑丁", 12, 7, 6, 5, 7, 30.25),
)


def facts(**changes: object) -> f.DayFacts:
    """The invented day, with some of its fields replaced."""
    values: dict[str, object] = {
        "day": date(2026, 3, 5),
        "as_of": AS_OF,
        "made_at": AS_OF + 7 * HOUR,
        "office": "示例县人民政府办公室",
        "site_name": "示例县人民政府网",
        "site_url": "https://www.example.gov.cn",
        "sample": True,
        "snapshot": "5f3c9a1b2d4e6f708192a3b4c5d6e7f8",
        "probes": probes(2016, 63),
        "columns": COLUMNS,
        "findings": FINDINGS,
        "reprints": REPRINTS,
        "channels": CHANNELS,
        "sources": SOURCES,
        "decisions": f.DecisionFacts(
            12, 9, 2, (("转发关于规范药品宣传的通知", "ad.medical", "原文为上级文件，按原文转载"),)
        ),
        "second_checks": (
            f.SecondCheckFact(
                "应急发布", "暴雨蓝色预警信号", "值班编辑甲", ago(hours=6), link="http://127.0.0.1:8000/items/31"
            ),
            f.SecondCheckFact("撤回", "春季招聘会公告（日期有误）", "发布员乙", ago(hours=9), "发布员丙"),
        ),
        "takedowns": (f.TakedownFact("撤回", "春季招聘会公告（日期有误）", "发布有误", ago(hours=9), 4, 5),),
        "tasks": (
            f.TaskFact(
                "显示屏上仍在播放“春季招聘会公告”",
                "到现场或通过控制软件停播，并登记结果",
                ago(hours=9),
                ago(hours=1),
                "http://127.0.0.1:8000/tasks/7",
            ),
        ),
        "problems": (
            f.ProblemFact("要闻动态第3页链接失效", ago(days=2), ago(days=1), ago(days=1.5)),
            f.ProblemFact("人事信息栏目超期未更新", ago(days=3), ago(days=1), note="已书面通知责任单位"),
            f.ProblemFact("首页加载缓慢", ago(days=4), ago(days=3), ago(days=2)),
        ),
        "site": SITE,
        "trends": TRENDS,
        "departments": DEPARTMENTS,
        "people": PEOPLE,
        "interaction": f.InteractionFacts(
            received=3, answered=2, open_since=(ago(days=1),), error_reports_open=1, error_reports_late=0
        ),
        "reasons": {
            "site.ipv6_works": "服务器没有 IPv6 网络",
            "interaction.satisfaction": "尚未开通满意度评价",
            "interaction.surveys_in_year": "本系统不登记征集调查",
            "channel.wechat.drift": "公众号未提供可核验的文章地址",
            "channel.led.drift": "显示屏不支持回读",
        },
    }
    return f.DayFacts(**(values | changes))  # type: ignore[arg-type]
