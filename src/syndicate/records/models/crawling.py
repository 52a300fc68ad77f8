"""What the patrol knows of the public website: its pages, the addresses beyond it, problems with dates, and rounds."""

from django.db import models


class SitePage(models.Model):
    """One page or file of the public site by its path below the root: the last look at it, and what it names."""

    address = models.CharField(max_length=1000, unique=True)
    kind = models.CharField(max_length=16)
    first_seen_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(db_index=True)
    first_looked_at = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True)
    status = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(default=0)
    milliseconds = models.PositiveIntegerField(default=0)
    checked_with = models.CharField(max_length=64, blank=True)
    differs_since = models.DateTimeField(null=True)
    links = models.JSONField(default=list)
    files = models.JSONField(default=list)


class SiteLink(models.Model):
    """One address beyond the site that its pages name, and how it stands after the looks at it."""

    key = models.CharField(max_length=64, unique=True)
    url = models.CharField(max_length=2048)
    state = models.CharField(max_length=16)
    first_seen_at = models.DateTimeField()
    due_at = models.DateTimeField(db_index=True)
    looked_at = models.DateTimeField(null=True)
    status = models.PositiveIntegerField(default=0)
    final_url = models.CharField(max_length=2048, blank=True)
    title = models.CharField(max_length=500, blank=True)
    why = models.TextField(blank=True)
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True)


class SiteProblem(models.Model):
    """One thing that is wrong with the public site, from when to when; `key` names it while it is open."""

    key = models.CharField(max_length=64)
    kind = models.CharField(max_length=16)
    page = models.CharField(max_length=1000, blank=True)
    url = models.CharField(max_length=2048, blank=True)
    detail = models.TextField(blank=True)
    on_home = models.BooleanField(default=False)
    opened_at = models.DateTimeField(db_index=True)
    ended_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["key"], condition=models.Q(ended_at=None), name="one_open_problem_of_a_kind"
            ),
        )


class SiteRound(models.Model):
    """One round of the crawl: how many pages it looked at, and what was known when it ended."""

    at = models.DateTimeField(db_index=True)
    looked_at = models.PositiveIntegerField()
    pages = models.PositiveIntegerField()
    links = models.PositiveIntegerField()
    waiting = models.PositiveIntegerField()
