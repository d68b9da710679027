"""Offices opened before there was a pipeline get the stages that every new office begins with."""

from django.db import migrations

SEED = """
insert into partnerships_opportunitystage
    (tenant_id, name, meaning, position, expected_days, probability, exit_criteria,
     version, created_at, updated_at)
select t.id, s.name, s.meaning, s.position, s.expected_days, s.probability, '', 1, now(), now()
from tenants_tenant t
cross join (values
    ('Lead', 'open', 10, 30, 10),
    ('Qualified', 'open', 20, 30, 20),
    ('Scoping', 'open', 30, 45, 35),
    ('Proposal', 'open', 40, 30, 50),
    ('Negotiation', 'open', 50, 60, 75),
    ('On hold', 'on_hold', 60, null, 0),
    ('Won', 'won', 70, null, 100),
    ('Lost', 'lost', 80, null, 0)
) as s (name, meaning, position, expected_days, probability)
where not exists (select from partnerships_opportunitystage o where o.tenant_id = t.id)
order by t.id, s.position;
"""


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0005_attachments")]
    operations = [migrations.RunSQL(SEED, migrations.RunSQL.noop)]
