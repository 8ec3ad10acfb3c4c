"""Which finding a note became is proved from now on: each note is entered anew with it."""

from typing import Any

from django.db import migrations

from core import audit

BATCH = 200


def enter_again(apps: Any, schema_editor: Any) -> None:
    """One entry for each run of rows, whose digests then hold what is proved from now on."""
    from crowdtasks.panel.models import Observation

    known = apps.get_model("panel", "Observation")
    names = [field.attname for field in known._meta.concrete_fields]
    # Only what the table has now: the model may have gained columns since.
    rows = [Observation(**values) for values in known.objects.order_by("pk").values(*names)]
    for start in range(0, len(rows), BATCH):
        audit.record("session.prove", actor=audit.SYSTEM, rows=rows[start : start + BATCH])


class Migration(migrations.Migration):
    dependencies = [
        ("panel", "0003_notes_become_findings"),
        ("core", "0001_initial"),
    ]

    operations = [migrations.RunPython(enter_again, migrations.RunPython.noop)]
