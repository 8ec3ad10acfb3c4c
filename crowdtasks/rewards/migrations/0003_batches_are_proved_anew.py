"""Who guards a batch's codes is proved from now on: each batch is entered anew with it."""

from typing import Any

from django.db import migrations

from core import audit

BATCH = 200


def enter_again(apps: Any, schema_editor: Any) -> None:
    """One entry for each run of rows, whose digests then hold what is proved from now on."""
    from crowdtasks.rewards.models import Batch

    known = apps.get_model("rewards", "Batch")
    names = [field.attname for field in known._meta.concrete_fields]
    # Only what the table has now: the model may have gained columns since.
    rows = [Batch(**values) for values in known.objects.order_by("pk").values(*names)]
    for start in range(0, len(rows), BATCH):
        audit.record("reward.prove", actor=audit.SYSTEM, rows=rows[start : start + BATCH])


class Migration(migrations.Migration):
    dependencies = [
        ("rewards", "0002_batch_guarded"),
        ("core", "0001_initial"),
    ]

    operations = [migrations.RunPython(enter_again, migrations.RunPython.noop)]
