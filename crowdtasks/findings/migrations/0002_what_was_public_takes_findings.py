"""Products and rounds that were published before there were findings take them from now on."""

from typing import Any

from django.db import migrations

from core import audit

BATCH = 200
VERB = "test"
ANYONE = 0


def open_to_findings(apps: Any, schema_editor: Any) -> None:
    """Let their phases open the verb, as publishing them again would, and say so in the trail."""
    from participation.models import Engagement, Phase

    engagements = apps.get_model("participation", "Engagement").objects
    phases = apps.get_model("participation", "Phase").objects
    public = engagements.filter(kind__in=["product", "round"], published_at__isnull=False)
    opened = []
    for phase in phases.filter(engagement__in=public).order_by("pk"):
        if VERB not in phase.verbs:
            phase.verbs = [*phase.verbs, VERB]
            phase.save(update_fields=["verbs"])
            opened.append(phase.pk)
    eased = []
    for round in public.filter(kind="round").order_by("pk"):
        if VERB not in round.levels:
            # Whoever may try it may say what went wrong, without an account.
            round.levels = {**round.levels, VERB: ANYONE}
            round.save(update_fields=["levels"])
            eased.append(round.pk)
    rows = [*_rows(phases, Phase, opened), *_rows(engagements, Engagement, eased)]
    for start in range(0, len(rows), BATCH):
        audit.record("finding.open", actor=audit.SYSTEM, rows=rows[start : start + BATCH])


def _rows(known: Any, model: Any, keys: list[int]) -> list[Any]:
    """As the model the trail knows; only what the table has now: it may gain columns later."""
    names = [field.attname for field in known.model._meta.concrete_fields]
    return [model(**values) for values in known.filter(pk__in=keys).order_by("pk").values(*names)]


class Migration(migrations.Migration):
    dependencies = [
        ("findings", "0001_findings"),
        ("participation", "0012_votes_of_several_choices"),
        ("core", "0001_initial"),
    ]

    operations = [migrations.RunPython(open_to_findings, migrations.RunPython.noop)]
