"""PostgreSQL extensions the house relies on; all three are trusted, so the database's owner may create them."""

from django.contrib.postgres.operations import BtreeGistExtension, CreateExtension, TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [CreateExtension("ltree"), BtreeGistExtension(), TrigramExtension()]
