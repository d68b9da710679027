"""Who signs, and whether they may."""

from collections.abc import Callable, Iterable, Mapping

from django.utils import timezone
from django.utils.translation import gettext as _

from agreements.actions.clauses import recheck
from agreements.actions.parts import refuse_after_execution, replace_parts
from agreements.models import Agreement, Signatory
from agreements.queries.agreements import lock_agreement
from core.actions import action
from core.actor import Actor
from core.errors import InvalidInput
from core.versions import apply_edit, count_edit
from partnerships.actions.partnerships import check_member


@action("agreements.set_signatories")
def set_signatories(
    *, actor: Actor, agreement: Agreement, signatories: Iterable[Mapping[str, object]], seen: int | None = None
) -> Agreement:
    """Replace who signs an agreement that is not executed: ``party`` (its id), ``name``, ``job_title``,
    ``member`` and ``signed_on`` of each.

    Whoever signs for the institution is a colleague (``member``). One who is not on the delegation list for this
    value is kept, and rule P27 then stands against execution until that is settled or set aside.
    """
    row = lock_agreement(agreement.pk)
    apply_edit(row, {}, seen=seen)
    refuse_after_execution(row)
    parties = {party.pk: party for party in row.parties.select_related("organization")}
    wanted = []
    for each in signatories:
        party, member = each["party"], each.get("member")
        if party not in parties:
            words = _("This party belongs to another agreement. Choose one of this agreement.")
            raise InvalidInput("other_agreement", words, field="signatories")
        is_own = parties[party].organization.is_own
        if member is not None and parties[party].is_primary:
            words = _("A colleague signs for the institution, not for the counterparty.")
            raise InvalidInput("wrong_side", words, field="signatories")
        if is_own and member is None:
            words = _("Say which colleague signs for the institution.")
            raise InvalidInput("no_member", words, field="signatories")
        check_member(actor, member, field="signatories")
        signed_on = each.get("signed_on")
        if signed_on is not None and signed_on > timezone.localdate():
            words = _("Nobody has signed on a day that lies in the future.")
            raise InvalidInput("in_the_future", words, field="signatories")
        wanted.append(
            {
                "party_id": party,
                "name": str(each.get("name") or (member.name if member else "")).strip(),
                "job_title": str(each.get("job_title") or "").strip(),
                "member_id": None if member is None else member.pk,
                "signed_on": signed_on,
            }
        )
        if not wanted[-1]["name"]:
            raise InvalidInput("no_name", _("Name who signs."), field="signatories")
    if replace_parts(Signatory, row, wanted, same=_named):
        count_edit(row)
        recheck([row.pk])
        row.refresh_from_db(fields=["clarity", "blocking"])
    return row


def _named(value_of: Callable[[str], object]) -> tuple:
    return value_of("party_id"), value_of("name")
