"""All that the office holds on one person, for a request to see it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.actions import visible
from core.actor import Actor
from organizations.models import Affiliation, Clearance, Contact, Need
from organizations.queries.clearances import visible_clearances
from organizations.registry import personal_data
from tenants.models import Change

MOST_CHANGES = 500
HOUSEKEEPING = {"version", "updated_at", "tenant_id", "id"}


@dataclass(frozen=True, slots=True)
class Held:
    """One kind of record on the person: ``rows`` are dicts from label to plain value."""

    label: str
    rows: list[dict[str, Any]]


@visible("organizations.view_personal_data")
def personal_data_of(actor: Actor, contact: Contact) -> list[Held]:
    """Record, positions, clearances, needs, changes of the record, and what apps above hold; empty kinds included.

    What colleagues may not read by their role is in it only as far as this actor may read it.
    """
    held = [
        Held(_("Record"), [_record(contact)]),
        Held(_("Positions"), [_position(each) for each in contact.affiliations.all()]),
        Held(
            _("Requests to contact them"),
            [_clearance(each) for each in visible_clearances(actor).filter(contact=contact)],
        ),
        Held(
            _("Needs they told us"), [{_("need"): each.title, _("added"): each.created_at} for each in _needs(contact)]
        ),
    ]
    held += [Held(str(each.label), each.read(actor, contact)) for each in personal_data()]
    return [*held, Held(_("Changes of the record"), _changes(contact))]


def _record(contact: Contact) -> dict[str, Any]:
    return {
        _("name"): contact.name,
        _("e-mail address"): contact.email,
        _("telephone"): contact.phone,
        _("ORCID"): contact.orcid,
        _("notes"): contact.notes,
        _("kept by"): contact.owner.name if contact.owner_id else "",
        _("may colleagues contact them"): contact.get_permission_display(),
        _("left on"): contact.left_on,
        _("legal basis"): contact.get_basis_display(),
        _("source"): contact.get_data_source_display(),
        _("collected on"): contact.collected_on,
        _("last reviewed on"): contact.reviewed_on,
        _("opted out of mailings"): contact.opted_out_at,
        _("objects to relationship scoring"): contact.objects_to_scoring,
        _("added"): contact.created_at,
        _("last changed"): contact.updated_at,
    }


def _position(position: Affiliation) -> dict[str, Any]:
    return {
        _("organization"): position.organization.name,
        _("title"): position.title,
        _("decides"): position.is_decision_maker,
        _("from"): position.started_on,
        _("until"): position.ended_on,
    }


def _clearance(clearance: Clearance) -> dict[str, Any]:
    return {
        _("asked by"): clearance.requested_by.name,
        _("asked"): clearance.requested_at,
        _("what for"): clearance.purpose,
        _("answer"): clearance.get_state_display(),
        _("valid until"): clearance.valid_until,
    }


def _needs(contact: Contact) -> QuerySet[Need]:
    return Need.objects.filter(contact=contact).order_by("-created_at", "pk")


def _changes(contact: Contact) -> list[dict[str, Any]]:
    """When the record was changed, by whom and which fields; the values of the past are in the office's history."""
    changes = Change.objects.filter(table_name=Contact._meta.db_table, row_id=contact.pk).select_related("user")
    return [
        {
            _("when"): change.at,
            _("by"): change.user.name if change.user else "",
            _("what"): change.get_kind_display(),
            _("fields"): ", ".join(sorted((change.after or {}).keys() - HOUSEKEEPING)),
        }
        for change in changes.order_by("-pk")[:MOST_CHANGES]
    ]
