"""Agreements are found by title, by either side's reference, and by the summary."""

from django.db import migrations

from organizations.migrations._search import MINE, search_view, typos_index, words_index

ABOUT = "title || ' ' || reference || ' ' || their_reference || ' ' || summary"

AGREEMENTS = f"""
    select id, 'name'::text as field, title::text as label, lower(title) as plain, search_key(title) as key,
           search_words({ABOUT}) as words, updated_at as at
    from agreements_agreement where {MINE}
"""


class Migration(migrations.Migration):
    dependencies = [("agreements", "0001_initial"), ("organizations", "0005_search_needs")]

    operations = [
        words_index("agreements_agreement", ABOUT, "agreements_agreement_words"),
        typos_index("agreements_agreement", "title", "agreements_agreement_letters"),
        search_view("agreements_agreement_search", AGREEMENTS),
    ]
