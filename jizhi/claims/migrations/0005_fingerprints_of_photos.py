"""Photos that were there before get their fingerprint; one whose file is gone or unreadable stays without."""

from django.db import migrations
from PIL import Image, UnidentifiedImageError

from jizhi.claims import rules
from jizhi.core.photos import fingerprint


def forwards(apps, schema_editor):
    evidence = apps.get_model("claims", "Evidence")
    for row in (
        evidence.objects.filter(kind="photo", fingerprint__isnull=True).select_related("claim").iterator()
    ):
        try:
            with row.file.open("rb") as file, Image.open(file, formats=("JPEG",)) as image:
                row.size, row.fingerprint = row.file.size, fingerprint(image)
        except (OSError, UnidentifiedImageError):
            continue
        row.bands = [] if row.fingerprint is None else rules.bands(row.fingerprint, row.claim.village_id)
        row.save(update_fields=["size", "fingerprint", "bands"])


class Migration(migrations.Migration):
    dependencies = [("claims", "0004_evidence_fingerprints_and_compared_pairs")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
