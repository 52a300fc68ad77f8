"""Addresses of the desk."""

from __future__ import annotations

from django.urls import include, path

from syndicate.desk import account_urls, office_urls
from syndicate.desk.views import (
    channels,
    decisions,
    deliveries,
    frames,
    item,
    overview,
    pasting,
    queue,
    reports,
    revising,
    rules,
    silence,
    uploading,
    while_writing,
    writing,
)

urlpatterns = [
    *account_urls.urlpatterns,
    path("", overview.overview, name="overview"),
    path("queue", queue.queue, name="queue"),
    path("queue/counts", queue.counts, name="counts"),
    path("items/new", writing.new, name="new_item"),
    path("items/paste", pasting.new, name="paste_item"),
    path("writing/check", while_writing.check, name="check_typing"),
    path("writing/keep", while_writing.keep, name="keep_writing"),
    path("writing/forget", while_writing.forget, name="forget_writing"),
    path("writing/files", uploading.upload, name="upload"),
    path("writing/files/<str:token>", uploading.written_file, name="written_file"),
    path("writing/clipboard", uploading.clipboard, name="clipboard"),
    path("items/<int:number>", item.item, name="item"),
    path("items/<int:number>/edit", writing.edit, name="edit_item"),
    path("items/<int:number>/compare", revising.differences, name="compare"),
    path("items/<int:number>/accept", revising.accept, name="accept"),
    path("items/<int:number>/adapt/<slug:channel>", revising.adapt, name="adapt"),
    path("items/<int:number>/text", frames.text, name="item_text"),
    path("items/<int:number>/preview/<slug:channel>", frames.preview, name="preview"),
    path("items/<int:number>/preview/<slug:channel>.png", frames.screen, name="screen"),
    path("items/<int:number>/files/<str:sha256>", frames.file, name="item_file"),
    path("items/<int:number>/approve", decisions.approve, name="approve"),
    path("items/<int:number>/return", decisions.give_back, name="return"),
    path("items/<int:number>/undo", decisions.undo_approval, name="undo"),
    path("items/<int:number>/submit", decisions.submit, name="submit"),
    path("items/<int:number>/discard", decisions.discard, name="discard"),
    path("items/<int:number>/amend", decisions.amend, name="amend"),
    path("items/<int:number>/urgent", decisions.urgent, name="urgent"),
    path("items/<int:number>/not-urgent", decisions.not_urgent, name="not_urgent"),
    path("items/<int:number>/silence-except", decisions.silence_except, name="silence_except"),
    path("items/<int:number>/withdraw", decisions.withdraw, name="withdraw"),
    path("items/<int:number>/withdrawals/<int:withdrawal>/confirm", decisions.confirm, name="confirm_withdrawal"),
    path("items/<int:number>/findings", rules.judge, name="judge"),
    path("rules", rules.rules, name="rules"),
    path("rules/exceptions/<int:number>/end", rules.end, name="end_exception"),
    path("deliveries", deliveries.ledger, name="deliveries"),
    path("deliveries/<int:number>/package.zip", deliveries.package, name="delivery_package"),
    path("deliveries/<int:number>/<str:answer>", deliveries.answer, name="answer_delivery"),
    path("channels", channels.channels, name="channels"),
    path("channels/<slug:channel>/authorise", channels.begin, name="authorise"),
    path("channels/<slug:channel>/authorised", channels.finish, name="authorised"),
    path("channels/<slug:channel>/bundle", channels.bundle, name="bundle"),
    path("channels/<slug:channel>/<slug:do>", channels.act, name="channel_act"),
    path("silence", silence.silence, name="silence"),
    path("silence/begin", silence.begin, name="begin_silence"),
    path("silence/end", silence.end, name="end_silence"),
    path("reports", reports.reports, name="reports"),
    path("reports/<str:name>", reports.report, name="report"),
    path("reports/<str:name>/sheet", reports.sheet, name="report_sheet"),
    path("api/v1/", include("syndicate.desk.api.application")),
    *office_urls.urlpatterns,
]

handler400 = "syndicate.desk.views.failures.bad_request"
handler403 = "syndicate.desk.views.failures.forbidden"
handler404 = "syndicate.desk.views.failures.not_found"
handler500 = "syndicate.desk.views.failures.server_error"
