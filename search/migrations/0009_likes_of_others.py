from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('search', '0008_saved'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='searchlike',
            index=models.Index(fields=['other_kind', 'other_id'], name='search_like_other'),
        ),
    ]
