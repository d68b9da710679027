"""Who an agreement is between: one main counterparty, others beside it, and the institution itself."""

from collections.abc import Callable, Iterable, Mapping

from django.utils.translation import gettext as _

from agreements.actions.parts import refuse_after_execution, replace_parts
from agreements.choices import PartyRole
from agreements.models import Agreement, Party, Signatory
from agreements.queries.agreements import lock_agreement
from core.actions import action
from core.actor import Actor
from core.errors import ActionRefused, InvalidInput
from core.versions import apply_edit, count_edit
from partnerships.models import Partnership

PartyInput = Mapping[str, object]


@action("agreements.set_parties")
def set_parties(
    *, actor: Actor, agreement: Agreement, parties: Iterable[PartyInput], seen: int | None = None
) -> Agreement:
    """Replace the parties of an agreement that is not executed: ``organization``, ``role`` and ``is_primary`` of each.

    Exactly one other organization is the main counterparty. A party for which somebody is to sign stays. A partner
    that is no party any more gives way to the main counterparty's.
    """
    row = lock_agreement(agreement.pk)
    apply_edit(row, {}, seen=seen)
    refuse_after_execution(row)
    between = checked_parties(parties)
    named = {each["organization"].pk for each in between}
    stays = row.partnership is not None and row.partnership.organization_id in named
    partner = row.partnership if stays else check_partner(None, between)
    changed = replace_parties(row, between)
    if not apply_edit(row, {"partnership_id": None if partner is None else partner.pk}, seen=None) and changed:
        count_edit(row)
    return row


def checked_parties(parties: Iterable[PartyInput]) -> list[dict[str, object]]:
    """The parties as they are stored; refused when one is named twice, or not exactly one is the main one."""
    rows = [
        {
            "organization": each["organization"],
            "role": each.get("role") or PartyRole.PARTNER,
            "is_primary": bool(each.get("is_primary")),
        }
        for each in parties
    ]
    names = [(row["organization"].pk, row["role"]) for row in rows]
    for row, name in zip(rows, names, strict=True):
        if names.count(name) > 1:
            words = _("%s is named twice in the same role.") % row["organization"]
            raise InvalidInput("party_twice", words, field="parties")
    primary = [row["organization"] for row in rows if row["is_primary"]]
    if len(primary) > 1:
        words = _("%(first)s is the main counterparty already; %(second)s cannot be one too. Choose one of them.")
        named = {"first": primary[0], "second": primary[1]}
        raise InvalidInput("second_primary", words % named, field="parties")
    if not primary:
        raise InvalidInput("no_primary", _("Say which party is the main counterparty."), field="parties")
    if primary[0].is_own:
        words = _("The institution is a party too, but its counterparty is somebody else.")
        raise InvalidInput("own_primary", words, field="parties")
    return rows


def replace_parties(row: Agreement, parties: list[dict[str, object]]) -> bool:
    """Let a *locked* agreement have these parties; answers whether that changed anything."""
    wanted = {(each["organization"].pk, each["role"]) for each in parties}
    signing = Signatory.objects.filter(agreement=row).select_related("party__organization")
    for signatory in signing:
        if (signatory.party.organization_id, signatory.party.role) not in wanted:
            words = _("%(name)s is to sign for %(party)s. Take the signatory out first.")
            named = {"name": signatory.name, "party": signatory.party.organization}
            raise ActionRefused("party_signs", words % named, field="parties")
    now_primary = next(each["organization"].pk for each in parties if each["is_primary"])
    demoted = Party.objects.filter(agreement=row, is_primary=True).exclude(organization_id=now_primary)
    changed = bool(demoted.update(is_primary=False))  # first, for there may be one at any time
    return replace_parts(Party, row, stored_parties(parties), same=_named) or changed


def stored_parties(parties: Iterable[PartyInput]) -> list[dict[str, object]]:
    """The checked parties as columns."""
    return [
        {"organization_id": each["organization"].pk, "role": each["role"], "is_primary": each["is_primary"]}
        for each in parties
    ]


def _named(value_of: Callable[[str], object]) -> tuple:
    return value_of("organization_id"), value_of("role")


def check_partner(partnership: Partnership | None, parties: Iterable[PartyInput]) -> Partnership | None:
    """The partner of an agreement between these parties: the one that was named, or that of the main counterparty.

    Refused when the partner that was named is no party. None when nobody is a partner.
    """
    organizations = [each["organization"].pk for each in parties]
    if partnership is not None:
        if partnership.organization_id not in organizations:
            words = _("The partner is not among the parties. Add it there, or choose another partner.")
            raise InvalidInput("partner_no_party", words, field="partnership")
        return partnership
    primary = next(each["organization"].pk for each in parties if each["is_primary"])
    return Partnership.objects.filter(organization_id=primary).first()
