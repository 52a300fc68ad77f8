"""The public search: documents, and an index over pairs of characters (FTS5 on SQLite, arrays on PostgreSQL)."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SQLITE = (
    # Without content of its own: the documents keep the text. `ascii` takes every other character as part of a word.
    "CREATE VIRTUAL TABLE records_searchindex USING fts5(terms, facets, content='', tokenize=\"ascii tokenchars '-_'\")",
)
POSTGRESQL = (
    "CREATE TABLE records_searchindex (document_id bigint PRIMARY KEY REFERENCES records_searchdocument(position) "
    "ON DELETE CASCADE, terms text[] NOT NULL, folded text NOT NULL)",
    "CREATE INDEX records_searchindex_terms ON records_searchindex USING gin (terms)",
)


def add_index(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("records", "0005_originals")]
    operations = [
        migrations.CreateModel(
            name="SearchDocument",
            fields=[
                ("position", models.BigIntegerField(primary_key=True, serialize=False)),
                ("channel", models.CharField(max_length=64)),
                ("column", models.CharField(max_length=64)),
                ("year", models.PositiveSmallIntegerField()),
                ("published_at", models.DateTimeField()),
                ("address", models.CharField(max_length=255)),
                ("title", models.TextField()),
                ("text", models.TextField()),
                (
                    "item",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="records.item"),
                ),
            ],
        ),
        migrations.AddIndex(
            "searchdocument", models.Index(fields=["channel", "position"], name="search_by_position")
        ),
        migrations.AddConstraint(
            "searchdocument",
            models.UniqueConstraint(fields=("channel", "item"), name="one_search_document_per_item"),
        ),
        migrations.RunPython(add_index),
    ]
