"""Needs and capabilities are found by title and by the summary that may be shared, and by nothing else of theirs."""

from django.db import migrations

from organizations.migrations._search import MINE, search_view, typos_index, words_index

SHARED = "title || ' ' || public_summary"


def shared(table: str) -> str:
    return f"""
    select id, 'name'::text as field, title::text as label, lower(title) as plain, search_key(title) as key,
           search_words({SHARED}) as words, updated_at as at
    from {table} where {MINE}
"""


class Migration(migrations.Migration):
    dependencies = [("organizations", "0004_clearance_purpose")]

    operations = [
        words_index("organizations_need", SHARED, "organizations_need_words"),
        typos_index("organizations_need", "title", "organizations_need_letters"),
        search_view("organizations_need_search", shared("organizations_need")),
        words_index("organizations_capability", SHARED, "organizations_capability_words"),
        typos_index("organizations_capability", "title", "organizations_capability_letters"),
        search_view("organizations_capability_search", shared("organizations_capability")),
    ]
