"""The Django application of the records."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """All tables live under the label `records`."""

    name = "syndicate.records"
    label = "records"
    default_auto_field = "django.db.models.BigAutoField"
