"""The hint on partner bodies is the form's; the column stays as it is."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ideas', '0011_partner_bodies'),
    ]

    operations = [
        migrations.AlterField(
            model_name='contestpage',
            name='partners',
            field=models.JSONField(blank=True, default=list, verbose_name='partner bodies'),
        ),
    ]
