"""Organizations and people are found by their words, by what they begin with and by similar letters."""

from django.db import migrations

from organizations.migrations._search import MINE, search_view, typos_index, words_and_keys, words_index

DOMAIN = "coalesce(substring(website from '^[^:]*://(?:www\\.)?([^/:]+)'), '')"
ABOUT = f"name || ' ' || legal_name || ' ' || city || ' ' || {DOMAIN}"
PERSON = "name || ' ' || email"

ORGANIZATIONS = f"""
    select id, 'name'::text as field, name::text as label, name_key as plain, search_key(name) as key,
           search_words({ABOUT}) as words, updated_at as at
    from organizations_organization where {MINE}
    union all
    select organization_id, 'alias'::text, name::text, name_key, search_key(name), search_words(name), null::timestamptz
    from organizations_organizationalias where {MINE}
    union all
    select organization_id, 'identifier'::text, value::text, null::text, null::text, search_words(value),
           null::timestamptz
    from organizations_organizationidentifier where {MINE}
"""

CONTACTS = f"""
    select id, 'name'::text as field, name::text as label, name_key as plain, search_key(name) as key,
           search_words({PERSON}) as words, updated_at as at
    from organizations_contact where {MINE}
    union all
    select contact_id, 'title'::text, title::text, null::text, null::text, search_words(title), null::timestamptz
    from organizations_affiliation where {MINE}
    union all
    select a.contact_id, 'organization'::text, o.name::text, null::text, null::text, search_words(o.name),
           null::timestamptz
    from organizations_organization o
    join organizations_affiliation a on a.tenant_id = o.tenant_id and a.organization_id = o.id
    where {MINE.replace("tenant_id", "o.tenant_id", 1)}
"""


class Migration(migrations.Migration):
    dependencies = [("organizations", "0002_relationship")]

    operations = [
        words_and_keys(),
        words_index("organizations_organization", ABOUT, "organizations_organization_words"),
        words_index("organizations_organization", "name", "organizations_organization_name_words"),
        typos_index("organizations_organization", "name", "organizations_organization_letters"),
        words_index("organizations_organizationalias", "name", "organizations_alias_words"),
        typos_index("organizations_organizationalias", "name", "organizations_alias_letters"),
        words_index("organizations_organizationidentifier", "value", "organizations_identifier_words"),
        words_index("organizations_contact", PERSON, "organizations_contact_words"),
        typos_index("organizations_contact", "name", "organizations_contact_letters"),
        words_index("organizations_affiliation", "title", "organizations_affiliation_words"),
        search_view("organizations_search", ORGANIZATIONS),
        search_view("organizations_contact_search", CONTACTS),
    ]
