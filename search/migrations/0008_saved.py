"""Searches that people keep. What is public when they begin to is not new."""

from typing import Any

import core.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core import clock


_ARRIVED = """
INSERT INTO search_searcharrival (kind, object_id, at)
SELECT DISTINCT d.kind, d.object_id, %s
  FROM search_searchdoc d JOIN search_searchscope s ON s.key = d.scope WHERE s.visible
"""


def begin(apps: Any, schema_editor: Any) -> None:
    """One statement, however many documents there are."""
    # With its type: PostgreSQL knows none of a value that is only chosen.
    kind = schema_editor.connection.vendor
    sql = _ARRIVED.replace("%s", "%s::timestamptz") if kind == "postgresql" else _ARRIVED
    at = schema_editor.connection.ops.adapt_datetimefield_value(clock.now())
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(sql, [at])


class Migration(migrations.Migration):

    dependencies = [
        ('search', '0007_likes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SavedQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=64, unique=True)),
                ('text', models.CharField(max_length=200)),
                ('facets', models.JSONField(default=dict)),
                ('read_as', models.CharField(db_index=True, max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name='SearchArrival',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=16)),
                ('object_id', models.BigIntegerField()),
                ('at', models.DateTimeField(db_index=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'object_id'), name='search_arrival_once')],
            },
        ),
        migrations.CreateModel(
            name='SavedHit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=16)),
                ('object_id', models.BigIntegerField()),
                ('document', models.BigIntegerField()),
                ('since', models.DateTimeField(null=True)),
                ('at', models.DateTimeField(db_index=True)),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='hits', to='search.savedquestion')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('question', 'kind', 'object_id'), name='saved_hit_once')],
            },
        ),
        migrations.CreateModel(
            name='SavedSearch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=core.ids.public_id, editable=False, max_length=16, unique=True)),
                ('words', models.CharField(max_length=200)),
                ('sort', models.CharField(max_length=16)),
                ('every', models.CharField(choices=[('soon', 'As it appears'), ('daily', 'Once a day'), ('weekly', 'Once a week'), ('off', 'Not at all')], max_length=8)),
                ('token', models.CharField(default=core.ids.receipt_code, editable=False, max_length=32, unique=True)),
                ('created_at', models.DateTimeField()),
                ('from_document', models.BigIntegerField(default=0)),
                ('told_hit', models.BigIntegerField(default=0)),
                ('told_at', models.DateTimeField(blank=True, null=True)),
                ('due_at', models.DateTimeField(blank=True, null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='saved_searches', to=settings.AUTH_USER_MODEL)),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='searches', to='search.savedquestion')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('due_at__isnull', False)), fields=['due_at'], name='saved_search_due')],
                'constraints': [models.UniqueConstraint(fields=('account', 'question'), name='saved_search_once')],
            },
        ),
        migrations.CreateModel(
            name='SavedToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.CharField(db_index=True, max_length=80)),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tokens', to='search.savedquestion')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('question', 'token'), name='saved_token_once')],
            },
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
