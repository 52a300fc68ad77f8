"""Entries of a website know their document numbers, and their places in the listings of the 信息公开目录."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def copy_numbers(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """What was published before gets its numbers from the official fields."""
    entries = apps.get_model("records", "SiteEntry").objects.exclude(fields={})
    for entry in entries.iterator():
        entry.document_number = entry.fields.get("发文字号", "")[:255]
        entry.index_number = entry.fields.get("索引号", "")[:255]
        entry.explains = entry.fields.get("解读文件", "")[:255]
        entry.save()


class Migration(migrations.Migration):

    dependencies = [
        ("records", "0003_duty_again"),
    ]

    operations = [
        migrations.CreateModel(
            name='SitePlace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(max_length=64)),
                ('listing', models.CharField(max_length=64)),
                ('title', models.CharField(max_length=255)),
                ('sequence', models.PositiveIntegerField()),
            ],
        ),
        migrations.AddField(
            model_name='siteentry',
            name='document_number',
            field=models.CharField(blank=True, default='', max_length=255),
        ),
        migrations.AddField(
            model_name='siteentry',
            name='explains',
            field=models.CharField(blank=True, default='', max_length=255),
        ),
        migrations.AddField(
            model_name='siteentry',
            name='index_number',
            field=models.CharField(blank=True, default='', max_length=255),
        ),
        migrations.AddField(
            model_name='siteentry',
            name='listings',
            field=models.JSONField(default=list),
        ),
        migrations.AddIndex(
            model_name='siteentry',
            index=models.Index(fields=['channel', 'column', 'settled', 'published_at'], name='newest_of_column'),
        ),
        migrations.AddIndex(
            model_name='siteentry',
            index=models.Index(fields=['document_number'], name='entry_by_document_number'),
        ),
        migrations.AddIndex(
            model_name='siteentry',
            index=models.Index(fields=['index_number'], name='entry_by_index_number'),
        ),
        migrations.AddIndex(
            model_name='siteentry',
            index=models.Index(fields=['explains'], name='entry_by_explains'),
        ),
        migrations.AddField(
            model_name='siteplace',
            name='item',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='records.item'),
        ),
        migrations.AddIndex(
            model_name='siteplace',
            index=models.Index(fields=['channel', 'sequence'], name='listings_of_site'),
        ),
        migrations.AddConstraint(
            model_name='siteplace',
            constraint=models.UniqueConstraint(fields=('channel', 'item', 'listing'), name='one_place_per_listing'),
        ),
        migrations.AddConstraint(
            model_name='siteplace',
            constraint=models.UniqueConstraint(fields=('channel', 'listing', 'sequence'), name='dense_place'),
        ),
        migrations.RunPython(copy_numbers, migrations.RunPython.noop),
    ]
