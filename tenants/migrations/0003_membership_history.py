"""Changes of a role and ended memberships belong to the history, although the table is global."""

from django.db import migrations

MAKE = """
create trigger record_update after update on tenants_membership
referencing old table as before_rows new table as after_rows
for each statement execute function record_update();
"""


class Migration(migrations.Migration):
    dependencies = [("tenants", "0002_kept_answers")]
    operations = [migrations.RunSQL(MAKE, "drop trigger record_update on tenants_membership;")]
