"""Interactions are found by the words of their notes; projects by title, acronym and program."""

from django.db import migrations

from organizations.migrations._search import MINE, search_view, typos_index, words_index

ABOUT = "acronym || ' ' || title || ' ' || programme"

INTERACTIONS = f"""
    select id, 'note'::text as field, null::text as label, null::text as plain, null::text as key,
           search_words(note) as words, occurred_at as at
    from partnerships_interaction where {MINE}
"""

PROJECTS = f"""
    select id, 'name'::text as field, title::text as label, lower(title) as plain, search_key(title) as key,
           search_words({ABOUT}) as words, updated_at as at
    from partnerships_project where {MINE}
    union all
    select id, 'acronym'::text, acronym::text, lower(acronym), search_key(acronym), search_words(acronym), updated_at
    from partnerships_project where {MINE}
"""


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0002_relationship"), ("organizations", "0003_search")]

    operations = [
        words_index("partnerships_interaction", "note", "partnerships_interaction_words"),
        words_index("partnerships_project", ABOUT, "partnerships_project_words"),
        words_index("partnerships_project", "acronym", "partnerships_acronym_words"),
        typos_index("partnerships_project", "title", "partnerships_project_letters"),
        typos_index("partnerships_project", "acronym", "partnerships_acronym_letters"),
        search_view("partnerships_interaction_search", INTERACTIONS),
        search_view("partnerships_project_search", PROJECTS),
    ]
