"""Cases opened before learn in which field of technology they lie."""

from django.db import migrations
from django.db.models import OuterRef, Subquery


def fill(apps, schema_editor):
    Case = apps.get_model("evaluation", "Case")
    Declaration = apps.get_model("submissions", "Declaration")
    theirs = Declaration.objects.filter(pk=OuterRef("declaration"))
    Case.objects.filter(field=None).update(field=Subquery(theirs.values("subcategory__field")[:1]))


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0003_criteria_drafts")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
