"""A contest names the bodies that run it with its owner."""


from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ideas', '0010_results'),
    ]

    operations = [
        migrations.AddField(
            model_name='contestpage',
            name='partners',
            field=models.JSONField(blank=True, default=list, help_text='Named with your bureau. Their officers read what comes in, screen and reply as you do.', verbose_name='partner bodies'),
        ),
    ]
