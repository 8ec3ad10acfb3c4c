"""A paper names the bodies that run it with its owner."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consultations', '0008_languages_are_proved'),
    ]

    operations = [
        migrations.AddField(
            model_name='consultationpage',
            name='partners',
            field=models.JSONField(blank=True, default=list, verbose_name='partner bodies'),
        ),
    ]
