"""The rest of ``0004_corrections`` once no row waits for its checks; and proposals are proved anew.

Kind, holder, target and verdict of a proposal are proved from now on: each is entered again.
"""

from typing import Any

from django.db import migrations, models

from core import audit

BATCH = 200


def enter_again(apps: Any, schema_editor: Any) -> None:
    """One entry for each run of rows, whose digests then hold what is proved from now on."""
    from crowdtasks.ledger.models import Proposal

    known = apps.get_model("ledger", "Proposal")
    names = [field.attname for field in known._meta.concrete_fields]
    # Only what the table has now: the model may have gained columns since.
    rows = [Proposal(**values) for values in known.objects.order_by("pk").values(*names)]
    for start in range(0, len(rows), BATCH):
        audit.record("points.prove", actor=audit.SYSTEM, rows=rows[start : start + BATCH])


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0004_corrections"),
        ("core", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="proposal",
            name="key",
            field=models.CharField(max_length=150, unique=True),
        ),
        migrations.AlterField(
            model_name='proposal',
            name='kind',
            field=models.CharField(choices=[('grant', 'Grant to a budget'), ('award', 'Add points by a correction'), ('deduct', 'Take points by a correction'), ('reversal', 'Take a correction back'), ('take_back', 'Take a reward back')], max_length=10),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(('points__gte', 1), ('points__lte', 1000000000)), name='ledger_proposal_points'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('bureau__isnull', False), ('kind', 'grant'), ('person__isnull', True)), models.Q(('bureau__isnull', False), ('kind', 'award'), ('person__isnull', False)), models.Q(('bureau__isnull', True), ('kind', 'deduct'), ('person__isnull', False)), models.Q(('bureau__isnull', True), ('kind', 'take_back'), ('person__isnull', False)), models.Q(('bureau__isnull', True), ('kind', 'reversal')), _connector='OR'), name='ledger_proposal_holder'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['reversal', 'take_back']), ('target__isnull', False)), models.Q(models.Q(('kind__in', ['reversal', 'take_back']), _negated=True), ('target__isnull', True)), _connector='OR'), name='ledger_proposal_target'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decided_by__isnull', True), ('verdict', '')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('verdict__in', ['agreed', 'declined'])), _connector='OR'), name='ledger_proposal_decided'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('verdict', 'agreed'), _negated=True), models.Q(('decided_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='ledger_proposal_four_eyes'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(('entry__isnull', True), ('verdict', 'agreed'), _connector='OR'), name='ledger_proposal_moves_agreed'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(('person__isnull', True), models.Q(models.Q(('proposed_by', models.F('person')), _negated=True), models.Q(models.Q(('verdict', 'agreed'), _negated=True), models.Q(('decided_by', models.F('person')), _negated=True), _connector='OR')), _connector='OR'), name='ledger_proposal_not_for_oneself'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.UniqueConstraint(condition=models.Q(('verdict', '')), fields=('target',), name='ledger_proposal_one_waits'),
        ),
        migrations.RunPython(enter_again, migrations.RunPython.noop),
    ]
