"""Every reference has an index of all its rows, and those who decide, object or were edited are found at once."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0005_search_needs"),
        ("tenants", "0010_monthly_digest"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="affiliation",
            index=models.Index(
                condition=models.Q(("is_decision_maker", True)),
                fields=["tenant", "organization"],
                name="organizations_deciders",
            ),
        ),
        migrations.AddIndex(
            model_name="affiliation",
            index=models.Index(fields=["tenant", "contact"], name="organizatio_tenant__a1b2ad_idx"),
        ),
        migrations.AddIndex(
            model_name="clearance",
            index=models.Index(fields=["tenant", "contact"], name="organizatio_tenant__2b7b70_idx"),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                condition=models.Q(("objects_to_scoring", True)),
                fields=["tenant", "id"],
                name="organizations_objectors",
            ),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(fields=["tenant", "updated_at"], name="organizations_contact_edited"),
        ),
    ]
