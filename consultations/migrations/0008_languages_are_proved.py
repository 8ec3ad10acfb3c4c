"""The languages of an approved sending are proved from now on: each is entered anew with them."""

from typing import Any

from django.db import migrations

from core import audit

BATCH = 200


def enter_again(apps: Any, schema_editor: Any) -> None:
    """One entry for each run of rows, whose digests then hold what is proved from now on."""
    from consultations.models import Submission

    known = apps.get_model("consultations", "Submission")
    names = [field.attname for field in known._meta.concrete_fields]
    # Only what the table has now: the model may have gained columns since.
    rows = [Submission(**values) for values in known.objects.order_by("pk").values(*names)]
    for start in range(0, len(rows), BATCH):
        audit.record("paper.prove", actor=audit.SYSTEM, rows=rows[start : start + BATCH])


class Migration(migrations.Migration):
    dependencies = [
        ("consultations", "0007_opinion_grouping"),
        ("core", "0001_initial"),
    ]

    operations = [migrations.RunPython(enter_again, migrations.RunPython.noop)]
