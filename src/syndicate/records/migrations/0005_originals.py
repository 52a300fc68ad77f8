"""What is remembered about other people's sites and about the originals of our reprints."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("records", "0004_site_places"),
    ]

    operations = [
        migrations.CreateModel(
            name='SitePaging',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('site', models.CharField(max_length=260, unique=True)),
                ('numbers', models.CharField(max_length=16)),
                ('asked_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='SiteRobots',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('origin', models.CharField(max_length=280, unique=True)),
                ('status', models.PositiveSmallIntegerField()),
                ('text', models.TextField(blank=True)),
                ('fetched_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Likeness',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(blank=True, db_index=True, max_length=100)),
                ('title', models.CharField(max_length=500)),
                ('sketch', models.JSONField(default=list)),
                ('seen_at', models.DateTimeField(db_index=True)),
                (
                    'item',
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name='likeness', to='records.item'
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name='Original',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=64)),
                ('key', models.CharField(max_length=512)),
                ('url', models.CharField(max_length=2048)),
                ('title', models.TextField(blank=True)),
                ('step', models.PositiveSmallIntegerField(default=0)),
                ('next_look_at', models.DateTimeField(db_index=True, null=True)),
                ('absences', models.PositiveSmallIntegerField(default=0)),
                ('absent_since', models.DateTimeField(null=True)),
                ('gone_at', models.DateTimeField(db_index=True, null=True)),
                (
                    'item',
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name='original', to='records.item'
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name='SourceIncident',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(db_index=True, max_length=64)),
                ('result', models.CharField(max_length=16)),
                ('message_key', models.CharField(blank=True, max_length=128)),
                ('message_values', models.JSONField(default=dict)),
                ('opened_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(db_index=True, null=True)),
            ],
        ),
    ]
