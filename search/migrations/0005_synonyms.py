"""Words for the same thing, and those that a platform begins with."""

from typing import Any

import core.ids
from django.db import migrations, models

from core import audit, clock
from search.starting import STARTING


def begin(apps: Any, schema_editor: Any) -> None:
    """The first lines, entered in the audit trail as every later change is."""
    from search.models import SynonymGroup

    now = clock.now()
    known = apps.get_model("search", "SynonymGroup")
    rows = known.objects.bulk_create(
        [known(words="\n".join(group), changed_at=now) for group in STARTING]
    )
    # Only what the table has now: the model may have gained columns since.
    names = [field.attname for field in known._meta.concrete_fields]
    proved = [SynonymGroup(**{name: getattr(row, name) for name in names}) for row in rows]
    audit.record("synonyms.begin", actor=audit.SYSTEM, rows=proved)


class Migration(migrations.Migration):
    dependencies = [("search", "0004_searchchange"), ("core", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name='SynonymGroup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=core.ids.public_id, editable=False, max_length=12, unique=True)),
                ('words', models.TextField()),
                ('version', models.PositiveIntegerField(default=1)),
                ('changed_at', models.DateTimeField()),
            ],
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
