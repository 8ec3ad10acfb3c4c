from django.db import migrations

from crowdtasks.ledger import triggers


class Migration(migrations.Migration):
    """What the database itself refuses; see crowdtasks/ledger/triggers.py."""

    dependencies = [("ledger", "0001_initial")]

    operations = [migrations.RunPython(triggers.install, triggers.remove)]
