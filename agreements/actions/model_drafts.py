"""Beginning an agreement from a model that was chosen by questions."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from agreements.actions.agreements import create_agreement
from agreements.actions.clauses import answer_clauses
from agreements.models import Agreement
from agreements.rules.model_choice import MODEL_TERMS, choose_model
from agreements.wording import LICENSE_TEST, OWNERSHIP_TEST
from agreements.wording_models import MODELS
from core.actions import action
from core.actor import Actor
from core.errors import InvalidInput
from partnerships.models import Partnership


@action("agreements.draft_from_model")
def draft_from_model(
    *,
    actor: Actor,
    partnership: Partnership,
    title: str,
    model: str,
    ownership: Mapping[str, bool],
    license_terms: Mapping[str, bool] | None = None,
) -> Agreement:
    """Begin a sponsored research agreement that says what the model says; its summary keeps how that was chosen.

    The model is one of those that the answers suggest.
    """
    choice = choose_model(ownership, license_terms)
    if model not in choice.models:
        raise InvalidInput("not_suggested", _("The answers do not lead to this model."), field="model")
    row = create_agreement(
        actor=actor,
        partnership=partnership,
        title=title,
        kind="research",
        summary=_summary(model, ownership, license_terms),
    )
    note = _("From model agreement %s; check it.") % model
    answers = [{"code": code, "value": value, "note": note} for code, value in MODEL_TERMS[model].answers.items()]
    return answer_clauses(actor=actor, agreement=row, answers=answers)


def _summary(model: str, ownership: Mapping[str, bool], license_terms: Mapping[str, bool] | None) -> str:
    words = MODELS[model]
    lines = [_("Begun from Lambert model agreement %(model)s. %(owner)s.") % {"model": model, "owner": words.owner}]
    lines.append(str(words.rights))
    for answers, texts in ((ownership, OWNERSHIP_TEST), (license_terms or {}, LICENSE_TEST)):
        lines += [f"{texts[code]} {_('Yes') if answers[code] else _('No')}" for code in texts if code in answers]
    return "\n".join(lines)
