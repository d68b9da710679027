"""Opportunities are found by their title, their next step and what is written about them."""

from django.db import migrations

from organizations.migrations._search import MINE, search_view, typos_index, words_index

ABOUT = "title || ' ' || next_step || ' ' || description"

OPPORTUNITIES = f"""
    select id, 'name'::text as field, title::text as label, lower(title) as plain, search_key(title) as key,
           search_words({ABOUT}) as words, updated_at as at
    from partnerships_opportunity where {MINE}
"""


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0008_scores_go_with_partner")]

    operations = [
        words_index("partnerships_opportunity", ABOUT, "partnerships_opportunity_words"),
        typos_index("partnerships_opportunity", "title", "partnerships_opportunity_letters"),
        search_view("partnerships_opportunity_search", OPPORTUNITIES),
    ]
