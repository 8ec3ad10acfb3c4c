"""One entry for each key without a person, as for each person; keys used twice keep the first."""

from django.db import migrations, models
from django.db.models import Count, Min, Q


def forget_repeated_keys(apps, schema_editor):
    """The entries stay; of keys sent again, which were looked at by nobody, the first is kept."""
    Contribution = apps.get_model("participation", "Contribution")
    rows = Contribution.objects.filter(person=None).exclude(idempotency_key="")
    place = ("engagement", "kind", "idempotency_key")
    repeated = rows.order_by().values(*place).annotate(first=Min("pk"), sent=Count("pk"))
    for one in repeated.filter(sent__gt=1):
        same = rows.filter(**{name: one[name] for name in place})
        same.exclude(pk=one["first"]).update(idempotency_key="")


class Migration(migrations.Migration):
    dependencies = [("participation", "0008_kinds_of_rooms")]

    operations = [
        migrations.RunPython(forget_repeated_keys, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="contribution",
            constraint=models.UniqueConstraint(
                condition=Q(("person__isnull", True), ~Q(idempotency_key="")),
                fields=("engagement", "kind", "idempotency_key"),
                name="contribution_submitted_once_by_nobody",
            ),
        ),
    ]
