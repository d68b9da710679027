"""What of agreements has a history, and why a move is never undone."""

from collections.abc import Collection, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agreements.actions.clauses import recheck
from agreements.actions.parts import refuse_after_execution
from agreements.models import (
    Agreement,
    AgreementProject,
    ClauseAnswer,
    Grant,
    MoneyLine,
    Party,
    RuleOverride,
    Signatory,
)
from agreements.queries.agreements import levels_of, visible_agreements
from core.actor import Actor
from core.errors import ActionRefused
from partnerships.actions.partnerships import recompute_soon
from tenants.registry import States, Values, register_follower, register_guard, register_history, register_history_part

MOVED = ("status", "workflow", "court")
# What may change after execution, and what is computed or counted: everything else is a term.
NO_TERMS = {"owner_id", "unit_id", "level", "renewal_intended", "renewal_progress", "clarity", "blocking"}
COUNTED = {"version", "created_at", "updated_at"}
PARTS = (Party, AgreementProject, MoneyLine, Signatory, ClauseAnswer, RuleOverride)
CONTENT = (
    "title",
    "their_reference",
    "value",
    "governing_law",
    "summary",
    "hold_reason",
    "end_reason",
    "effective_on",
    "expires_on",
    "notice_days",
)


def register_agreement_histories() -> None:
    """Called once, from the app's ready()."""
    register_history(
        Agreement,
        label=gettext_lazy("Agreement"),
        visible=visible_agreements,
        create="agreements.create_agreement",
        edit="agreements.edit_agreement",
        delete="agreements.delete_agreement",
        home="agreements:agreements",
        derived=["clarity", "blocking"],
        conceals=concealed_terms,
    )
    for model, label in (
        (Party, gettext_lazy("Party")),
        (AgreementProject, gettext_lazy("Project")),
        (MoneyLine, gettext_lazy("Line of the money schedule")),
        (Signatory, gettext_lazy("Signatory")),
        (ClauseAnswer, gettext_lazy("Clause answer")),
        (RuleOverride, gettext_lazy("Rule set aside")),
    ):
        register_history_part(model, label=label, of="agreement")
    register_guard(keep_agreements)
    register_follower(bring_agreements_up_to_date)


def concealed_terms(actor: Actor, values: Values) -> Collection[str]:
    """What an agreement said while it was above the actor's level, unless they handled or led it then."""
    people = (values.get("owner_id"), values.get("principal_investigator_id"))
    mine = actor.user_id is not None and actor.user_id in people
    return () if mine or values.get("level") in levels_of(actor) else CONTENT


def keep_agreements(*, actor: Actor, states: States) -> None:
    """No move is put back, for its event stays, and no term of what was executed since."""
    _refuse_moves(states.get(Agreement, []))
    _refuse_terms(states)


def bring_agreements_up_to_date(*, actor: Actor, states: States) -> None:
    """After rows were put back, or led elsewhere by a merge: the checklist and health follow what was."""
    ids = {values["id"] for values in states.get(Agreement, ())}
    for model in PARTS:
        ids |= {values["agreement_id"] for values in states.get(model, ())}
    rows = Agreement.objects.filter(pk__in=ids).values_list("pk", "partnership_id")
    present = dict(rows)
    if present:
        recheck(present.keys())
        recompute_soon(sorted({pk for pk in present.values() if pk is not None}))


def _refuse_moves(states: Collection[Mapping[str, object]]) -> None:
    places: dict[object, tuple] = {}
    for values in states:
        place = tuple(values[name] for name in MOVED)
        if places.setdefault(values["id"], place) != place:
            words = _("%s was moved by this. A move is not undone: make the move that leads back.")
            raise ActionRefused("moved", words % values["reference"])


def _refuse_terms(states: States) -> None:
    """Undoing is no way round the rule that an executed agreement is never edited."""
    terms: dict[object, Mapping[str, object]] = {}
    touched = {values["agreement_id"] for model in (*PARTS, Grant) for values in states.get(model, ())}
    for values in states.get(Agreement, ()):
        said = {name: value for name, value in values.items() if name not in NO_TERMS | COUNTED}
        if terms.setdefault(values["id"], said) != said:
            touched.add(values["id"])
    for row in Agreement.objects.filter(pk__in=touched).order_by("pk"):
        refuse_after_execution(row)
