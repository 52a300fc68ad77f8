"""Addresses of what reviewers do besides deciding."""

from __future__ import annotations

from django.urls import path

from syndicate.desk.views import bulk, delegations, queue, reviewing, sheets

urlpatterns = [
    path("queue/filters", queue.keep, name="keep_filter"),
    path("queue/filters/<int:number>/drop", queue.drop, name="drop_filter"),
    path("queue/approve", bulk.approve, name="bulk_approve"),
    path("items/<int:number>/emergency", reviewing.emergency, name="emergency"),
    path("items/<int:number>/emergencies/<int:emergency>/check", reviewing.check_emergency, name="check_emergency"),
    path("items/<int:number>/schedule", reviewing.schedule, name="schedule"),
    path("items/<int:number>/presence", reviewing.present, name="present"),
    path("items/<int:number>/sheet", sheets.sheet, name="approval_sheet"),
    path("items/<int:number>/sheet.pdf", sheets.sheet_pdf, name="approval_sheet_pdf"),
    path("delegations", delegations.page, name="delegations"),
    path("delegations/add", delegations.add, name="add_delegation"),
    path("delegations/act", delegations.act, name="act_for"),
    path("delegations/<int:number>/end", delegations.end, name="end_delegation"),
]
