"""The records behind each dimension of one partner's score: what they add, and what of them the reader may see.

A score is made of all contact. Whoever may not read an interaction sees what it adds, without kind, people or link;
and where even its existence is not theirs to know, only one sum of all such contact.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.actor import Actor
from organizations.models import Contact
from partnerships.choices import Channel, RaterSide
from partnerships.models import Interaction, LedgerEntry, Partnership
from partnerships.queries.collisions import knowable
from partnerships.queries.governance import RATING_SCALES
from partnerships.queries.health_records import (
    decides_at,
    read_engagements,
    read_ratings,
    read_touches,
    scope_of,
)
from partnerships.queries.interactions import visible_interactions
from partnerships.queries.projects import visible_projects
from partnerships.queries.value_signals import RATER_WEIGHTS
from partnerships.registry import EvidenceRow, HealthScope
from partnerships.rules.health import HealthConfig, TouchRecord
from partnerships.rules.health.arithmetic import decay, tie_strength
from partnerships.rules.health.whatif import HealthRecords, shares_of_days
from tenants.models import User

MOST_NAMED = 3


def decayed(weight: float, age: int, half_life: float) -> str:
    """How a contribution was computed, as the formula's page writes it."""
    return f"{weight:g} × 2^(−{age}/{half_life:g})"


def recency_evidence(actor: Actor, partnership: Partnership, as_of: date, config: HealthConfig) -> list[EvidenceRow]:
    """Each contact with its weight, its age and what is left of it."""
    ids, touches = read_touches(scope := scope_of(partnership, as_of, config))
    shares = shares_of_days(HealthRecords(partnership.stage_declared, 0, touches), config)
    half_life = config.half_lives.recency
    notes = [decayed(touch.weight, touch.age_days, half_life) for touch in touches]
    return _contacts(actor, scope, ids, touches, shares, notes)


def _contacts(
    actor: Actor,
    scope: HealthScope,
    ids: Sequence[int],
    touches: Sequence[TouchRecord],
    shares: Sequence[float],
    notes: Sequence[str],
    group: str = "",
) -> list[EvidenceRow]:
    """A row for each contact that adds something, as far as the actor may see it; the rest as one sum."""
    counted = [place for place, share in enumerate(shares) if share > 0]
    seen, known = _sight(actor, [ids[place] for place in counted])
    rows, hidden = [], 0.0
    for place in counted:
        pk, when = ids[place], scope.as_of - timedelta(days=touches[place].age_days)
        if pk in seen:
            row = seen[pk]
            rows.append(EvidenceRow(_title(row), shares[place], row.get_absolute_url(), when, notes[place], group))
        elif pk in known:
            rows.append(EvidenceRow(_("A contact you may not read"), shares[place], "", when, notes[place], group))
        else:
            hidden += shares[place]
    if hidden:
        rows.append(EvidenceRow(_("Contacts you may not see, together"), hidden, group=group))
    return rows


def _sight(actor: Actor, ids: Sequence[int]) -> tuple[dict[int, Interaction], set[int]]:
    """Of these interactions those that the actor may read, and the ids of those that they may know of."""
    if not ids or not actor.may("partnerships.view_interactions"):
        return {}, set()
    seen = {row.pk: row for row in visible_interactions(actor).filter(pk__in=ids)}
    if len(seen) == len(ids):
        return seen, set()
    return seen, set(Interaction.objects.filter(knowable(actor), pk__in=ids).values_list("pk", flat=True))


def _title(row: Interaction) -> str:
    names = [each.contact.name for each in row.participants.all() if each.contact is not None]
    if not names:
        return str(row.get_kind_display())
    more = len(names) - MOST_NAMED
    words = ", ".join(names[:MOST_NAMED]) + (f" +{more}" if more > 0 else "")
    return _("%(kind)s with %(names)s") % {"kind": row.get_kind_display(), "names": words}


def breadth_evidence(actor: Actor, partnership: Partnership, as_of: date, config: HealthConfig) -> list[EvidenceRow]:
    """Each project with what it still adds to its channel."""
    ids, engagements = read_engagements(scope_of(partnership, as_of, config))
    seen = {}
    if actor.may("partnerships.view_projects"):
        seen = {row.pk: row for row in visible_projects(actor).prefetch_related(None).filter(pk__in=ids)}
    half_life = config.half_lives.breadth
    rows = []
    for pk, each in zip(ids, engagements, strict=True):
        project = seen.get(pk)
        rows.append(
            EvidenceRow(
                project.title if project else _("A project you may not see"),
                each.size * decay(each.ended_days_ago, half_life),
                project.get_absolute_url() if project else "",
                project.ended_on if project else None,
                decayed(each.size, each.ended_days_ago, half_life),
                str(Channel(each.channel).label),
            )
        )
    return sorted(rows, key=lambda row: (row.group, -row.contribution))


def depth_evidence(actor: Actor, partnership: Partnership, as_of: date, config: HealthConfig) -> list[EvidenceRow]:
    """Each person in touch on either side with the mass of contact and the strength of the tie."""
    _ids, touches = read_touches(scope_of(partnership, as_of, config))
    records = HealthRecords(partnership.stage_declared, 0, touches)
    theirs, ours = records.tie_masses(config), records.tie_masses(config, ours=True)
    sides = ((theirs, _("On their side")), (ours, _("On our side")))
    if not actor.may("partnerships.view_ties"):
        return [
            EvidenceRow(_("People you may not see, together"), sum(masses.values()), group=group)
            for masses, group in sides
            if masses
        ]
    decides = decides_at(partnership.organization_id, as_of)
    contacts = Contact.objects.annotate(decides=decides).in_bulk([int(key) for key in theirs])
    people = User.objects.filter(memberships__tenant_id=actor.tenant_id, pk__in=[int(key) for key in ours])
    members = dict(people.values_list("pk", "name"))
    linked = actor.may("organizations.view_contacts")
    rows = []
    for key, mass in theirs.items():
        person = contacts[int(key)]
        note = _strength(mass, config) + (f", {_('decides')}" if person.decides else "")
        url = person.get_absolute_url() if linked else ""
        rows.append(EvidenceRow(person.name, mass, url, None, note, sides[0][1]))
    for key, mass in ours.items():
        rows.append(EvidenceRow(members[int(key)], mass, "", None, _strength(mass, config), sides[1][1]))
    return rows


def _strength(mass: float, config: HealthConfig) -> str:
    strength = tie_strength(mass)
    words = _("tie %(percent)d %%") if strength >= config.tie_threshold else _("tie %(percent)d %%, not counted")
    return words % {"percent": round(100 * strength)}


def reciprocity_evidence(
    actor: Actor, partnership: Partnership, as_of: date, config: HealthConfig
) -> list[EvidenceRow]:
    """Who started each contact, and what each side gave."""
    ids, touches = read_touches(scope := scope_of(partnership, as_of, config))
    half_life, rows = config.half_lives.communication, []
    for inbound, group in ((True, _("They reached out")), (False, _("We reached out"))):
        shares = [
            touch.weight * decay(touch.age_days, half_life)
            if touch.partner_initiated is inbound and touch.age_days <= config.window_days
            else 0.0
            for touch in touches
        ]
        notes = [decayed(touch.weight, touch.age_days, half_life) for touch in touches]
        rows += _contacts(actor, scope, ids, touches, shares, notes, group)
    return rows + _ledger(actor, partnership, as_of, config)


def _ledger(actor: Actor, partnership: Partnership, as_of: date, config: HealthConfig) -> list[EvidenceRow]:
    since = as_of - timedelta(days=config.window_days)
    entries = LedgerEntry.objects.filter(partnership=partnership, occurred_on__range=(since, as_of))
    may_see, half_life = actor.may("partnerships.view_ledger"), config.half_lives.ledger
    rows = []
    for entry in entries.order_by("direction", "-occurred_on", "-pk"):
        age = (as_of - entry.occurred_on).days
        rows.append(
            EvidenceRow(
                entry.description if may_see else str(entry.get_kind_display()),
                decay(age, half_life),
                f"{partnership.get_absolute_url()}?tab=value" if may_see else "",
                entry.occurred_on,
                decayed(1, age, half_life),
                str(entry.get_direction_display()),
            )
        )
    return rows


def satisfaction_evidence(
    actor: Actor, partnership: Partnership, as_of: date, config: HealthConfig
) -> list[EvidenceRow]:
    """Each rating that counts, with its weight after decay."""
    half_life, rows = config.half_lives.ratings, []
    for each in read_ratings(partnership, as_of):
        age, weight = (as_of - each.rated_on).days, RATER_WEIGHTS[each.rater_side]
        words = _("%(side)s: %(score)d of %(highest)d") % {
            "side": RaterSide(each.rater_side).label,
            "score": each.score,
            "highest": RATING_SCALES[each.scale][1],
        }
        url, note = f"{partnership.get_absolute_url()}?tab=value", decayed(weight, age, half_life)
        rows.append(EvidenceRow(words, weight * decay(age, half_life), url, each.rated_on, note))
    if rows and not actor.may("partnerships.view_evaluations"):
        return [EvidenceRow(_("Ratings you may not see, together"), sum(row.contribution for row in rows))]
    return rows


READERS = {
    "recency": recency_evidence,
    "breadth": breadth_evidence,
    "depth": depth_evidence,
    "reciprocity": reciprocity_evidence,
    "satisfaction": satisfaction_evidence,
}


@dataclass(frozen=True, slots=True)
class Shown:
    """Evidence as a page shows it: the rows that add most, what the rest adds, and the sum of each group."""

    rows: Sequence[EvidenceRow]
    more: int
    rest: float
    sums: Sequence[tuple[str, float]]

    @property
    def counted(self) -> str:
        number = len(self.rows) + self.more
        return ngettext("%d record", "%d records", number) % number


def shown(rows: Sequence[EvidenceRow], *, most: int = 60) -> Shown:
    """The evidence for a page; a file has all of it."""
    sums: dict[str, float] = {}
    for row in rows:
        sums[row.group] = sums.get(row.group, 0.0) + row.contribution
    kept = list(rows)
    if len(rows) > most:
        largest = sorted(range(len(rows)), key=lambda place: -rows[place].contribution)[:most]
        kept = [rows[place] for place in sorted(largest)]
    rest = sum(row.contribution for row in rows) - sum(row.contribution for row in kept)
    return Shown(kept, len(rows) - len(kept), rest, list(sums.items()))
