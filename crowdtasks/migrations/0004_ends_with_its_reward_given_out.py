from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_apitoken'),
        ('crowdtasks', '0003_rewards'),
        ('participation', '0012_votes_of_several_choices'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='claim',
            name='place_held_once',
        ),
        migrations.RemoveConstraint(
            model_name='claim',
            name='finished_claim_has_its_entry',
        ),
        migrations.AlterField(
            model_name='claim',
            name='state',
            field=models.CharField(choices=[('live', 'Begun'), ('expired', 'Not finished in time'), ('review', 'Being looked at'), ('accepted', 'Done'), ('declined', 'Declined'), ('refused', 'Declined for good'), ('withdrawn', 'Withdrawn'), ('over', 'Not counted; its points are given out')], default='live', max_length=10),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ('live', 'review', 'accepted', 'declined', 'over'))), fields=('place',), name='place_held_once'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('contribution__isnull', False), ('state__in', ('review', 'accepted', 'declined', 'refused', 'withdrawn', 'over'))), models.Q(models.Q(('state__in', ('review', 'accepted', 'declined', 'refused', 'withdrawn', 'over')), _negated=True), ('contribution__isnull', True)), _connector='OR'), name='finished_claim_has_its_entry'),
        ),
    ]
