"""What nightly health starts from is kept, and its update stays within a page: no index on a score, room for a copy."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import core.tenancy.constraints
import core.tenancy.models
import core.tenancy.scope


class Migration(migrations.Migration):
    dependencies = [
        ("partnerships", "0006_pipeline_stages"),
        ("tenants", "0006_files"),
    ]

    operations = [
        migrations.CreateModel(
            name="HealthBasis",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("as_of", models.DateField()),
                ("scanned_at", models.DateTimeField()),
                ("scan_on", models.DateField()),
                ("leaves_on", models.DateField(null=True)),
                ("touches", models.IntegerField()),
                ("weight", models.FloatField()),
                ("named_touches", models.IntegerField()),
                ("named_weight", models.FloatField()),
                ("recency_mass", models.FloatField()),
                ("inbound", models.FloatField()),
                ("outbound", models.FloatField()),
                ("last_touch_on", models.DateField(null=True)),
                ("last_real_on", models.DateField(null=True)),
                ("last_contact_at", models.DateTimeField(null=True)),
                ("contacts", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                (
                    "contact_masses",
                    django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(), size=None),
                ),
                ("members", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ("member_masses", django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(), size=None)),
                (
                    "partnership",
                    core.tenancy.models.TenantOneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="health_basis",
                        to="partnerships.partnership",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        default=core.tenancy.scope.current_tenant_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenants.tenant",
                    ),
                ),
            ],
            options={
                "base_manager_name": "objects",
                "default_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "partnership"), name="partnerships_healthbasis_partnership_once"
                    ),
                    core.tenancy.constraints.TenantPrimaryKey(name="partnerships_healthbasis_tenant_key"),
                    core.tenancy.constraints.TenantReference(
                        field="partnership", name="partnerships_healthbasis_partnership_ref"
                    ),
                    core.tenancy.constraints.TenantPolicy(name="partnerships_healthbasis_policy"),
                ],
            },
        ),
        migrations.RemoveIndex(
            model_name="partnershiphealth",
            name="partnerships_health_score",
        ),
        migrations.RunSQL(
            "alter table partnerships_partnershiphealth set (fillfactor = 60)",
            "alter table partnerships_partnershiphealth reset (fillfactor)",
        ),
        migrations.RunSQL(
            "alter table partnerships_healthbasis set (fillfactor = 80)",
            "alter table partnerships_healthbasis reset (fillfactor)",
        ),
    ]
