from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tenants", "0007_digests"),
    ]

    operations = [
        migrations.AlterField(
            model_name="export",
            name="file_format",
            field=models.CharField(
                choices=[("csv", "CSV"), ("xlsx", "Excel"), ("pdf", "PDF")], max_length=4, verbose_name="format"
            ),
        ),
        migrations.RemoveConstraint(model_name="export", name="tenants_export_file_format"),
        migrations.AddConstraint(
            model_name="export",
            constraint=models.CheckConstraint(
                condition=models.Q(("file_format__in", ["csv", "xlsx", "pdf"])), name="tenants_export_file_format"
            ),
        ),
    ]
