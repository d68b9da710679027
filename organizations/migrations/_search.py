"""What search needs of the database: how words are read, and views that look past the row policies.

Full text, trigrams and prefixes are compared by operators that are not leakproof, so under a row policy they lose
their index. Views owned by ``causeway_search`` keep it; each carries the tenant in its own WHERE.
"""

from django.db import migrations

# Everything that ends a word. In a database of the C locale the parser takes any sign beyond ASCII for a letter.
SIGNS = "!\"#$%&''()*+,-./:;<=>?@[\\]^_`{|}~¡¦§«¬­°±·»¿×÷‐‑‒–—―‘’‚“”„•…‹›€₤™、。，！？「」،؛؟ \u00a0\u2009\u202f\u2060\u200b"

WORDS = f"""
create text search configuration public.causeway_words (copy = pg_catalog.simple);
alter text search configuration public.causeway_words
    alter mapping for asciiword, asciihword, hword_asciipart, word, hword, hword_part, numword, numhword, hword_numpart
    with public.unaccent, pg_catalog.simple;

create function public.search_words(value text) returns tsvector language sql immutable parallel safe
return to_tsvector('public.causeway_words'::regconfig,
                   translate(lower(normalize(value)), '{SIGNS}', repeat(' ', {len(SIGNS) - 1})));

create function public.search_key(value text) returns text language sql immutable strict parallel safe
return public.unaccent('public.unaccent'::regdictionary, lower(normalize(value)));
"""

NO_WORDS = """
drop function public.search_key(text);
drop function public.search_words(text);
drop text search configuration public.causeway_words;
"""

MINE = "tenant_id = current_setting('app.tenant_id')::bigint"


def words_and_keys() -> list[migrations.RunSQL]:
    """How words are read. ``btree_gin`` lets an index of words begin with the tenant."""
    return [
        migrations.RunSQL("create extension if not exists btree_gin schema public", migrations.RunSQL.noop),
        migrations.RunSQL(WORDS, NO_WORDS),
    ]


def words_index(table: str, expression: str, name: str) -> migrations.RunSQL:
    """An index on the words of a text."""
    return _index(table, f"search_words({expression})", name)


def typos_index(table: str, column: str, name: str) -> migrations.RunSQL:
    """An index on the letters of a name, for finding it misspelled."""
    return _index(table, f"search_key({column}) gin_trgm_ops", name)


def _index(table: str, expression: str, name: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"create index {name} on {table} using gin (tenant_id, {expression})", f"drop index {name}"
    )


def search_view(name: str, query: str) -> migrations.RunSQL:
    """A view of the search role that the application may read and nothing else."""
    return migrations.RunSQL(
        f"""
        create view public.{name} as {query};
        alter view public.{name} owner to causeway_search;
        revoke all on public.{name} from causeway_app;
        grant select on public.{name} to causeway_app;
        """,
        f"drop view public.{name}",
    )
