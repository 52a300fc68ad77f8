"""Addresses of logging in and of one's own account."""

from __future__ import annotations

from django.urls import path

from syndicate.desk.views import access, account

urlpatterns = [
    path("login", access.log_in, name="login"),
    path("login/code", access.log_in_code, name="log_in_code"),
    path("logout", access.log_out, name="logout"),
    path("link", access.use_link, name="use_link"),
    path("link/<str:token>", access.link, name="link"),
    path("language", account.language, name="language"),
    path("account", account.account, name="account"),
    path("account/password", account.password, name="password"),
    path("account/factor", account.begin_factor, name="begin_factor"),
    path("account/factor/confirm", account.confirm_factor, name="confirm_factor"),
    path("account/factor/codes", account.recovery_codes, name="recovery_codes"),
]
