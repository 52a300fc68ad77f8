"""Pages of the public site, addresses beyond it, problems with their dates, and rounds of the crawl."""

from django.db import migrations, models


def key() -> tuple[str, "models.BigAutoField[int, int]"]:
    return ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))


class Migration(migrations.Migration):
    dependencies = [("records", "0020_incidents")]
    operations = [
        migrations.CreateModel(
            name="SitePage",
            fields=[
                key(),
                ("address", models.CharField(max_length=1000, unique=True)),
                ("kind", models.CharField(max_length=16)),
                ("first_seen_at", models.DateTimeField()),
                ("published_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(db_index=True)),
                ("first_looked_at", models.DateTimeField(null=True)),
                ("looked_at", models.DateTimeField(null=True)),
                ("status", models.PositiveIntegerField(default=0)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("size", models.PositiveIntegerField(default=0)),
                ("milliseconds", models.PositiveIntegerField(default=0)),
                ("checked_with", models.CharField(blank=True, max_length=64)),
                ("differs_since", models.DateTimeField(null=True)),
                ("links", models.JSONField(default=list)),
                ("files", models.JSONField(default=list)),
            ],
        ),
        migrations.CreateModel(
            name="SiteLink",
            fields=[
                key(),
                ("key", models.CharField(max_length=64, unique=True)),
                ("url", models.CharField(max_length=2048)),
                ("state", models.CharField(max_length=16)),
                ("first_seen_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(db_index=True)),
                ("looked_at", models.DateTimeField(null=True)),
                ("status", models.PositiveIntegerField(default=0)),
                ("final_url", models.CharField(blank=True, max_length=2048)),
                ("title", models.CharField(blank=True, max_length=500)),
                ("why", models.TextField(blank=True)),
                ("failures", models.PositiveIntegerField(default=0)),
                ("failing_since", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="SiteProblem",
            fields=[
                key(),
                ("key", models.CharField(max_length=64)),
                ("kind", models.CharField(max_length=16)),
                ("page", models.CharField(blank=True, max_length=1000)),
                ("url", models.CharField(blank=True, max_length=2048)),
                ("detail", models.TextField(blank=True)),
                ("on_home", models.BooleanField(default=False)),
                ("opened_at", models.DateTimeField(db_index=True)),
                ("ended_at", models.DateTimeField(db_index=True, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)), fields=("key",), name="one_open_problem_of_a_kind"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SiteRound",
            fields=[
                key(),
                ("at", models.DateTimeField(db_index=True)),
                ("looked_at", models.PositiveIntegerField()),
                ("pages", models.PositiveIntegerField()),
                ("links", models.PositiveIntegerField()),
                ("waiting", models.PositiveIntegerField()),
            ],
        ),
    ]
