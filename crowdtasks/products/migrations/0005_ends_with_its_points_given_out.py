from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_apitoken'),
        ('participation', '0012_votes_of_several_choices'),
        ('products', '0004_scale_is_for_invited'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='award',
            name='award_number_once',
        ),
        migrations.AlterField(
            model_name='award',
            name='state',
            field=models.CharField(choices=[('open', 'Waits to be claimed'), ('lapsed', 'Not claimed in time'), ('review', 'Being looked at'), ('accepted', 'Rewarded'), ('declined', 'Not counted'), ('refused', 'Not counted for good'), ('withdrawn', 'Withdrawn'), ('over', 'Not counted; its points are given out')], max_length=10),
        ),
        migrations.AddConstraint(
            model_name='award',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ('open', 'review', 'accepted', 'declined', 'over'))), fields=('round', 'number'), name='award_number_once'),
        ),
    ]
