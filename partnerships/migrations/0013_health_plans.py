"""Nights of health by better plans: whole indexes, what a touch says in its index, and rows counted as they are.

A row belongs to one tenant, which the planner does not know: of a list of ids within a tenant it expects one in as many
as there are tenants, and joins them the slow way. Statistics of such pairs of columns tell it.
"""

import django.contrib.postgres.fields
from django.conf import settings
from django.db import migrations, models

PAIRS = {
    "partnerships_partnership": "id",
    "partnerships_partnershiphealth": "partnership_id",
    "partnerships_healthbasis": "partnership_id",
    "partnerships_healthsnapshot": "partnership_id",
    "partnerships_healthalert": "partnership_id",
    "partnerships_interaction": "partnership_id",
    "partnerships_participant": "interaction_id",
    "partnerships_projectparticipant": "organization_id",
    "partnerships_fundingentry": "partnership_id",
}
REPEAT_SNAPSHOTS = """
    update partnerships_partnershiphealth h
    set snapshot_on = s.as_of, snapshot_version = s.config_version,
        snapshot_caps = array(select held ->> 0 from jsonb_array_elements(s.caps) as held),
        snapshot_ties = (s.dimensions #>> '{depth,details,active_external}')::float8::int
    from partnerships_healthsnapshot s
    where s.tenant_id = h.tenant_id and s.id = h.snapshot_id
"""


def pair_statistics(table: str, column: str) -> migrations.RunSQL:
    name = f"{table}_{column}"
    return migrations.RunSQL(
        f"create statistics {name} (dependencies) on tenant_id, {column} from {table}", f"drop statistics {name}"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0006_whole_indexes"),
        ("partnerships", "0012_search_talent"),
        ("tenants", "0010_monthly_digest"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="participant",
            name="partnerships_participant_member_once",
        ),
        migrations.AddConstraint(
            model_name="participant",
            constraint=models.UniqueConstraint(
                fields=("tenant", "interaction", "member"),
                include=("contact",),
                name="partnerships_participant_member_once",
            ),
        ),
        migrations.RemoveIndex(
            model_name="interaction",
            name="partnerships_touches_of",
        ),
        migrations.AddField(
            model_name="partnershiphealth",
            name="snapshot_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="partnershiphealth",
            name="snapshot_version",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="partnershiphealth",
            name="snapshot_caps",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=4), default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="partnershiphealth",
            name="snapshot_ties",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddIndex(
            model_name="followup",
            index=models.Index(fields=["tenant", "assignee"], name="partnership_tenant__22afb2_idx"),
        ),
        migrations.AddIndex(
            model_name="handover",
            index=models.Index(fields=["tenant", "member"], name="partnership_tenant__66c34c_idx"),
        ),
        migrations.AddIndex(
            model_name="healthalert",
            index=models.Index(fields=["tenant", "partnership"], name="partnership_tenant__b14494_idx"),
        ),
        migrations.AddIndex(
            model_name="interaction",
            index=models.Index(
                fields=["tenant", "partnership", "-occurred_at"],
                include=("id", "kind", "direction"),
                name="partnerships_touches_of",
            ),
        ),
        migrations.AddIndex(
            model_name="projectoutput",
            index=models.Index(fields=["tenant", "project"], name="partnership_tenant__2030c3_idx"),
        ),
        migrations.AddIndex(
            model_name="teammember",
            index=models.Index(fields=["tenant", "partnership"], name="partnership_tenant__011cdd_idx"),
        ),
        migrations.RunSQL(REPEAT_SNAPSHOTS, migrations.RunSQL.noop),
        *(pair_statistics(table, column) for table, column in PAIRS.items()),
    ]
