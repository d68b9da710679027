"""Recipients say of which report they are, so that its history shows who came and who left."""

import django.db.models.deletion
from django.db import migrations, models

import core.tenancy.constraints
import core.tenancy.models

# Nobody made this change, so the history does not tell of it.
FILL = """
alter table reporting_reportrecipient disable trigger user;
update reporting_reportrecipient r
set report_id = s.report_id
from reporting_reportschedule s
where s.tenant_id = r.tenant_id and s.id = r.schedule_id;
alter table reporting_reportrecipient enable trigger user;
"""


class Migration(migrations.Migration):
    dependencies = [("reporting", "0003_report_schedules")]

    operations = [
        migrations.AddField(
            model_name="reportrecipient",
            name="report",
            field=core.tenancy.models.TenantForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="recipients",
                to="reporting.reportdefinition",
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="reportrecipient",
            name="report",
            field=core.tenancy.models.TenantForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="recipients",
                to="reporting.reportdefinition",
            ),
        ),
        migrations.AddIndex(
            model_name="reportrecipient",
            index=models.Index(fields=["tenant", "report"], name="reporting_r_tenant__3ddae2_idx"),
        ),
        migrations.AddConstraint(
            model_name="reportrecipient",
            constraint=core.tenancy.constraints.TenantReference(
                field="report", name="reporting_reportrecipient_report_ref"
            ),
        ),
    ]
