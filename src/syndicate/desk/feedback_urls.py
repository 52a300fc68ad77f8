"""Addresses of the pages for what the public sends in."""

from __future__ import annotations

from django.urls import path

from syndicate.desk.views import feedback

urlpatterns = [
    path("feedback", feedback.listing, name="feedback"),
    path("feedback/spam", feedback.spam, name="feedback_spam"),
    path("feedback/<int:number>", feedback.one, name="feedback_one"),
    path("feedback/<int:number>/assign", feedback.assign, name="feedback_assign"),
    path("feedback/<int:number>/answer", feedback.answer, name="feedback_answer"),
    path("feedback/<int:number>/amend", feedback.amend, name="feedback_amend"),
    path("feedback/<int:number>/contact", feedback.contact, name="feedback_contact"),
    path("feedback/<int:number>/restore", feedback.restore, name="feedback_restore"),
]
