"""A score goes with its partnership and comes back with it, so it may be deleted, and that is recorded."""

import django.db.models.deletion
from django.db import migrations

import core.tenancy.constraints
import core.tenancy.models


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0007_health_batch")]

    operations = [
        migrations.RemoveConstraint(model_name="healthsnapshot", name="partnerships_healthsnapshot_policy"),
        migrations.AlterField(
            model_name="healthsnapshot",
            name="partnership",
            field=core.tenancy.models.TenantForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="health_snapshots",
                to="partnerships.partnership",
            ),
        ),
        migrations.AddConstraint(
            model_name="healthsnapshot",
            constraint=core.tenancy.constraints.TenantPolicy(
                name="partnerships_healthsnapshot_policy", unchanging=True
            ),
        ),
        migrations.AddConstraint(
            model_name="healthsnapshot",
            constraint=core.tenancy.constraints.ChangeTriggers(
                name="partnerships_healthsnapshot_changes", unchanging=True
            ),
        ),
    ]
