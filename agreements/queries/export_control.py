"""What export control asks about: who may publish and take part, and whether the other side is a restricted party."""

from collections.abc import Mapping

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agreements.choices import ScreeningResult
from agreements.models import Agreement, ClauseAnswer, Party, RuleOverride, Screening
from agreements.queries.agreements import in_force, visible_agreements
from agreements.rules.workflow import BEFORE_EXECUTION
from core.actions import visible
from core.actor import Actor

RULE = "P11"
# What can be flagged: the annotation of ``export_control`` that says so, by the code of the filter.
FLAGS: Mapping[str, Promise] = {
    "any": _("Any flag"),
    "approval": _("Publication needs approval"),
    "nationality": _("Kept out by nationality"),
    "hit": _("Hit not decided"),
    "restricted": _("Restricted party"),
    "repeat": _("Screening to be repeated"),
    "never": _("Never screened"),
}


@visible("agreements.view_screenings")
def export_control(actor: Actor) -> QuerySet[Agreement]:
    """Agreements at work or in force that the actor may read, latest first, with what export control asks of them.

    True or false: ``by_approval`` (publication needs the other side's approval), ``by_nationality`` (somebody is kept
    out), ``is_set_aside`` (rule P11 was), and of the other parties ``has_hit`` (one not decided), ``is_restricted``
    (its last screening was a true hit), ``is_repeated`` (its last is to be made again), ``is_unscreened`` (one never
    was).
    """
    today = timezone.localdate()
    parties = Party.objects.filter(agreement=OuterRef("pk"), organization__is_own=False)
    return (
        visible_agreements(actor)
        .filter(Q(status__in=BEFORE_EXECUTION) | in_force(today))
        .annotate(
            by_approval=_says("publication_approval"),
            by_nationality=_says("nationality_restriction"),
            is_set_aside=Exists(RuleOverride.objects.filter(agreement=OuterRef("pk"), code=RULE)),
            has_hit=Exists(parties.filter(Exists(_of_party(result=ScreeningResult.OPEN)))),
            is_restricted=Exists(parties.filter(Exists(_last_of_party(result=ScreeningResult.TRUE_HIT)))),
            is_repeated=Exists(parties.filter(Exists(_last_of_party(valid_until__lt=today)))),
            is_unscreened=Exists(parties.filter(~Exists(_of_party()))),
        )
    )


def flagged(code: str) -> Q:
    """The rows of ``export_control`` with a flag; ``any`` leaves out those whose only flag is that nobody screened."""
    flags = {
        "approval": Q(by_approval=True),
        "nationality": Q(by_nationality=True),
        "hit": Q(has_hit=True),
        "restricted": Q(is_restricted=True),
        "repeat": Q(is_repeated=True),
    }
    if code == "never":
        return Q(is_unscreened=True)
    if code in flags:
        return flags[code]
    found = Q()
    for each in flags.values():
        found |= each
    return found


def _says(code: str) -> Exists:
    return Exists(ClauseAnswer.objects.filter(agreement=OuterRef("pk"), code=code, value=True))


def _of_party(**which: object) -> QuerySet[Screening]:
    return Screening.objects.filter(organization=OuterRef("organization"), **which)


def _last_of_party(**which: object) -> QuerySet[Screening]:
    later = Q(screened_on__gt=OuterRef("screened_on")) | Q(screened_on=OuterRef("screened_on"), pk__gt=OuterRef("pk"))
    return _of_party(**which).filter(~Exists(Screening.objects.filter(later, organization=OuterRef("organization"))))
