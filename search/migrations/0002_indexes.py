"""The databases' own indexes over the documents' tokens."""

from django.db import migrations

from search import tables


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]

    operations = [migrations.RunPython(tables.make, tables.remove)]
