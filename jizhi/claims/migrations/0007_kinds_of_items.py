"""Claims that were there before learn what their item does, from the documents; one that was told is no merit."""

from django.db import migrations

from jizhi.engine import loader


def forwards(apps, schema_editor):
    claim = apps.get_model("claims", "Claim")
    if not claim.objects.exists():
        return
    for version in apps.get_model("schemes", "SchemeVersion").objects.order_by("applies_from_date"):
        by_kind = {}
        for item in loader.load_scheme(version.source).items:
            by_kind.setdefault(item.kind.value, []).append(item.id)
        below = claim.objects.filter(scheme=version.scheme, village__path__descendant_of=version.area.path)
        for kind, items in by_kind.items():
            below.filter(item__in=items).exclude(item_kind=kind).update(item_kind=kind)
    claim.objects.filter(item_kind="merit", told_at__isnull=False).update(item_kind="fault")


class Migration(migrations.Migration):
    dependencies = [("claims", "0006_told_first"), ("schemes", "0002_gridwork_of_the_pack")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
