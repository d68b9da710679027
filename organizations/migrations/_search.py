"""What search needs of the database: how words are read, and views that look past the row policies.

Full text, trigrams and prefixes are compared by operators that are not leakproof, so under a row policy they lose
their index. Views owned by ``causeway_search`` keep it; each carries the tenant in its own WHERE, written as its
indexes have it and no other index does, so that nothing but these serves.
"""

from django.db import migrations

# Everything that ends a word. In a database of the C locale the parser takes any sign beyond ASCII for a letter.
SIGNS = (
    "!\"#$%&''()*+,-./:;<=>?@[\\]^_`{|}~¡¦§«¬­°±·»¿×÷‐‑‒–—―‘’‚“”„•…‹›€₤™、。，！？「」،؛؟ \u00a0\u2009\u202f\u2060\u200b"
)

READING = f"""
create text search configuration public.causeway_words (copy = pg_catalog.simple);
alter text search configuration public.causeway_words
    alter mapping for asciiword, asciihword, hword_asciipart, word, hword, hword_part, numword, numhword, hword_numpart
    with public.unaccent, pg_catalog.simple;

create function public.search_words(value text) returns tsvector
language plpgsql immutable strict parallel safe cost 1000 as $$
begin
    return to_tsvector('public.causeway_words'::regconfig,
                       translate(lower(normalize(value)), '{SIGNS}', repeat(' ', {len(SIGNS) - 1})));
end $$;

create function public.search_key(value text) returns text
language plpgsql immutable strict parallel safe cost 100 as $$
begin
    return public.unaccent('public.unaccent'::regdictionary, lower(normalize(value)));
end $$;
"""

NO_READING = """
drop function if exists public.search_key(text);
drop function if exists public.search_words(text);
drop text search configuration if exists public.causeway_words;
"""

MINE = "array[tenant_id] @> array[current_setting('app.tenant_id')::bigint]"


def words_and_keys() -> migrations.RunSQL:
    """How the words of a text and the letters of a name are read: without case and accents, in any language."""
    return migrations.RunSQL(READING, NO_READING)


def words_index(table: str, expression: str, name: str) -> migrations.RunSQL:
    """An index on the words of a text."""
    return _index(table, f"search_words({expression})", name)


def typos_index(table: str, column: str, name: str) -> migrations.RunSQL:
    """An index on the letters of a name, for finding it misspelled."""
    return _index(table, f"search_key({column}) gin_trgm_ops", name)


def _index(table: str, expression: str, name: str) -> migrations.RunSQL:
    made = f"create index {name} on {table} using gin ((array[tenant_id]), {expression})"
    return migrations.RunSQL(made, f"drop index if exists {name}")


def search_view(name: str, query: str) -> migrations.RunSQL:
    """A view of the search role, which the application may read and nothing else.

    ``query`` answers id bigint, field text, label text, plain text (what a name begins with, in lower case), key text
    (``search_key`` of a name), words tsvector, at timestamptz; each part of a union in exactly these types, or the
    planner computes what nobody asked for. ``…_with`` reads it by words and ``…_like`` by similar letters, who begin as
    asked first. They forbid other ways of reading: the planner counts what ``search_words`` costs for rows that an
    index has found, and then rather reads the whole table.
    """
    made = f"""
        create view public.{name} as {query};
        alter view public.{name} owner to causeway_search;
        revoke all on public.{name} from causeway_app;
        grant select on public.{name} to causeway_app;

        create function public.{name}_with(wanted tsquery, beginning text, at_most integer)
        returns table (id bigint, field text, label text, at timestamptz)
        language sql stable parallel safe set enable_seqscan = off set enable_indexscan = off as $$
            select v.id, v.field, v.label, v.at from public.{name} v where v.words @@ wanted
            order by starts_with(v.plain, beginning) desc nulls last, v.at desc nulls last, v.id desc limit at_most
        $$;

        create function public.{name}_like(wanted text, at_most integer)
        returns table (id bigint, field text, label text, at timestamptz, near real)
        language sql stable parallel safe
        set enable_seqscan = off set enable_indexscan = off set pg_trgm.word_similarity_threshold = 0.36 as $$
            select v.id, v.field, v.label, v.at, word_similarity(wanted, v.key) from public.{name} v
            where v.key %> wanted
            order by word_similarity(wanted, v.key) desc, v.at desc nulls last, v.id desc limit at_most
        $$;
    """
    dropped = f"""
        drop function if exists public.{name}_with(tsquery, text, integer);
        drop function if exists public.{name}_like(text, integer);
        drop view if exists public.{name};
    """
    return migrations.RunSQL(made, dropped)
