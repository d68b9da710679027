"""What follows an executed agreement: an amendment that changes its terms, a renewal that succeeds it."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from agreements.actions.agreements import begin, check_agreement
from agreements.actions.clauses import recheck
from agreements.actions.parts import copy_parts, replace_parts
from agreements.choices import LegalStatus, RenewalProgress
from agreements.models import Agreement, AgreementProject, ClauseAnswer, Grant, MoneyLine
from agreements.queries.agreements import in_law, lock_agreement
from agreements.rules.workflow import BEFORE_EXECUTION, IN_LAW, is_in_force
from core.actions import action
from core.actor import Actor
from core.errors import ActionRefused
from core.versions import apply_edit
from partnerships.actions.partnerships import recompute_soon

# What an amendment can change, and takes over into the agreement that it amends.
TERMS = ("value", "currency", "expires_on", "notice_days", "renews_automatically", "governing_law")
PASSED_ON = ("their_reference", "kind", "partnership", "unit", "principal_investigator", "level", "summary")
ANSWER = ("code", "value", "clause_number", "note")
LINE = ("kind", "direction", "amount", "due_on", "note")
SCOPE = ("asset_id", "kind", "exclusivity", "fields", "territories")
RIGHT = (*SCOPE, "starts_on", "ends_on")


@action("agreements.amend_agreement")
def amend_agreement(*, actor: Actor, agreement: Agreement, title: str = "", seen: int | None = None) -> Agreement:
    """Draft an amendment of an agreement in force: a draft of its own that begins with the present terms.

    When it is executed, the amended agreement takes over its terms, answers, money schedule and rights. Refused for
    what is not executed (change the draft itself), for what has run out (renew it), and beside another open amendment.
    """
    row = _standing(agreement, seen)
    if not is_in_force(row.status, None, row.expires_on, timezone.localdate()):
        words = _("%s has run out. Draft a renewal.") % row.reference
        raise ActionRefused("run_out", words, details={"status": row.status})
    if row.amends_id is not None:
        words = _("%(reference)s is an amendment itself. Amend %(amended)s.")
        named = {"reference": row.reference, "amended": row.amends.reference}
        raise ActionRefused("amends_itself", words % named)
    _refuse_second(row.amendments.filter(status__in=BEFORE_EXECUTION), _("%s is being drafted already. Finish it."))
    amendment = Agreement(
        title=title.strip() or _("Amendment of %s") % row.title,
        amends=row,
        parent=row.parent,
        owner_id=actor.user_id or row.owner_id,
        effective_on=None,
        **{name: getattr(row, name) for name in (*PASSED_ON, *TERMS)},
    )
    return _begin_after(actor, row, amendment)


@action("agreements.renew_agreement")
def renew_agreement(*, actor: Actor, agreement: Agreement, title: str = "", seen: int | None = None) -> Agreement:
    """Draft the agreement that succeeds an executed one: the same parties, answers, rights and value, the day after.

    Its work tells how far the renewal has come. Refused beside another renewal that is open or executed.
    """
    row = _standing(agreement, seen)
    if row.amends_id is not None:
        words = _("%(reference)s is an amendment. Renew %(amended)s.")
        raise ActionRefused("amends", words % {"reference": row.reference, "amended": row.amends.reference})
    _refuse_second(
        row.renewals.filter(in_law()) | row.renewals.filter(status__in=BEFORE_EXECUTION),
        _("%s renews it already."),
    )
    successor = Agreement(
        title=title.strip() or row.title,
        renews=row,
        parent=row.parent,
        owner_id=actor.user_id or row.owner_id,
        effective_on=None if row.expires_on is None else row.expires_on + timedelta(days=1),
        **{name: getattr(row, name) for name in (*PASSED_ON, *TERMS) if name != "expires_on"},
    )
    made = _begin_after(actor, row, successor)
    changes = {"renewal_progress": RenewalProgress.PROPOSED, "renewal_intended": True}
    apply_edit(row, changes, seen=None)
    _score(row)
    return made


@action("agreements.decline_renewal")
def decline_renewal(*, actor: Actor, agreement: Agreement, seen: int | None = None) -> Agreement:
    """Say that an executed agreement will not be renewed. Drafting a renewal after all takes that back."""
    row = _standing(agreement, seen)
    _refuse_second(row.renewals.filter(status__in=BEFORE_EXECUTION), _("%s is being drafted. Withdraw it first."))
    changes = {"renewal_progress": RenewalProgress.DECLINED, "renewal_intended": False}
    if apply_edit(row, changes, seen=None):
        _score(row)
    return row


def replace_terms(actor: Actor, amendment: Agreement) -> Agreement:
    """Let the amended agreement have the terms of an amendment that has just been executed; answers it, changed.

    Its own answers to questions that the amendment leaves open stay.
    """
    row = lock_agreement(amendment.amends_id)
    if row.status not in IN_LAW:
        raise ActionRefused("amended_ended", _("%s, which this amends, has ended.") % row.reference)
    terms = {name: getattr(amendment, name) for name in TERMS}
    apply_edit(row, {**terms, "status": LegalStatus.AMENDED}, seen=None)
    answers = {each["code"]: each for each in _values(ClauseAnswer, row, ANSWER)}
    answers |= {each["code"]: each for each in _values(ClauseAnswer, amendment, ANSWER)}
    replace_parts(ClauseAnswer, row, list(answers.values()), same=lambda value_of: (value_of("code"),))
    lines = _values(MoneyLine, amendment, LINE)
    replace_parts(MoneyLine, row, lines, same=lambda value_of: tuple(value_of(name) for name in LINE))
    rights = _values(Grant, amendment, RIGHT)
    replace_parts(Grant, row, rights, same=lambda value_of: (value_of("asset_id"), value_of("kind")))
    recheck([row.pk])
    _score(row)
    return row


def _standing(agreement: Agreement, seen: int | None) -> Agreement:
    row = lock_agreement(agreement.pk)
    apply_edit(row, {}, seen=seen)
    if row.status not in IN_LAW:
        words = _("%s is not executed. Change it while it is a draft; afterwards it can be amended and renewed.")
        raise ActionRefused("not_executed", words % row.reference, details={"status": row.status})
    return row


def _refuse_second(others, words: str) -> None:
    other = others.order_by("pk").first()
    if other is not None:
        raise ActionRefused("open_already", words % other.reference)


def _begin_after(actor: Actor, earlier: Agreement, row: Agreement) -> Agreement:
    """Store a new agreement with what the earlier one has: parties, projects, answers, rights; an amendment money too.

    Rights of a renewal run as long as it does.
    """
    check_agreement(actor, row, changed={"title", "level", "effective_on"})
    parties = [
        {"organization": each.organization, "role": each.role, "is_primary": each.is_primary}
        for each in earlier.parties.select_related("organization").order_by("pk")
    ]
    begin(actor, row, parties)
    copy_parts(AgreementProject, earlier, row, ("project",))
    copy_parts(ClauseAnswer, earlier, row, ANSWER)
    copy_parts(Grant, earlier, row, RIGHT if row.amends_id is not None else SCOPE)
    if row.amends_id is not None:
        copy_parts(MoneyLine, earlier, row, LINE)
    recheck([row.pk])
    row.refresh_from_db(fields=["clarity", "blocking"])
    return row


def _values(model, agreement: Agreement, names: tuple[str, ...]) -> list[dict[str, object]]:
    return list(model.objects.filter(agreement=agreement).order_by("pk").values(*names))


def _score(row: Agreement) -> None:
    if row.partnership_id is not None:
        recompute_soon([row.partnership_id])
