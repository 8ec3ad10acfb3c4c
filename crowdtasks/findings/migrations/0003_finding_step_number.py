"""The number a step had when something was reported at it; unknown for what is there already."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("findings", "0002_what_was_public_takes_findings")]

    operations = [
        migrations.AddField(
            model_name="finding",
            name="step_number",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        )
    ]
