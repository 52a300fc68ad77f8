"""Addresses of what looks after the office: people, sources, tables, configuration, and what monitoring asks."""

from __future__ import annotations

from django.urls import path

from syndicate.desk.views import duties, monitoring, people, sources, tables

urlpatterns = [
    path("healthz", monitoring.healthz, name="healthz"),
    path("metrics", monitoring.figures, name="metrics"),
    path("people", people.people, name="people"),
    path("people/add", people.add, name="add_person"),
    path("people/change", people.change, name="change_person"),
    path("sources", sources.sources, name="sources"),
    path("sources/add", sources.add, name="add_source"),
    path("sources/<slug:name>/test", sources.test, name="test_source"),
    path("sources/<slug:name>/switch", sources.switch, name="switch_source"),
    path("reprints", duties.listing, name="duties"),
    path("reprints/take", duties.take, name="take_duties"),
    path("reprints/<int:number>/excuse", duties.excuse, name="excuse_duty"),
    path("tables", tables.index, name="tables"),
    path("tables/<path:path>", tables.table, name="table"),
    path("columns", tables.columns, name="columns"),
    path("configuration/<path:path>", tables.file, name="config_file"),
]
