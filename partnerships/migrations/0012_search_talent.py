"""Positions are found by title, description and learning goals, programs by name; nobody's name is among them."""

from django.db import migrations

from organizations.migrations._search import MINE, search_view, typos_index, words_index

ABOUT = "title || ' ' || description || ' ' || learning_goals"

POSITIONS = f"""
    select id, 'name'::text as field, title::text as label, lower(title) as plain, search_key(title) as key,
           search_words({ABOUT}) as words, updated_at as at
    from partnerships_position where {MINE}
"""

PROGRAMS = f"""
    select id, 'name'::text as field, name::text as label, lower(name) as plain, search_key(name) as key,
           search_words(name) as words, updated_at as at
    from partnerships_talentprogram where {MINE}
"""


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0011_delivery_funding_talent")]

    operations = [
        words_index("partnerships_position", ABOUT, "partnerships_position_words"),
        typos_index("partnerships_position", "title", "partnerships_position_letters"),
        search_view("partnerships_position_search", POSITIONS),
        words_index("partnerships_talentprogram", "name", "partnerships_talentprogram_words"),
        typos_index("partnerships_talentprogram", "name", "partnerships_talentprogram_letters"),
        search_view("partnerships_talentprogram_search", PROGRAMS),
    ]
