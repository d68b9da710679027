"""Reading the query of a built report: its recipe and filter, each part checked, and the answer to it."""

from dataclasses import dataclass
from types import SimpleNamespace

from django.http import QueryDict
from django.utils.translation import gettext as _

from core.actions import visible
from core.actor import Actor
from core.errors import ActionRefused, InvalidInput
from core.views_of_lists import LONGEST_QUERY, filter_parts
from partnerships.models import Partnership
from reporting.models import ReportDefinition
from reporting.queries.builder import Recipe, built_answer
from reporting.queries.scopes import Scope
from reporting.queries.subjects import COUNT, SUBJECTS
from reporting.registry import scope_filter_class
from reporting.rules.answers import Answer
from tenants.models import Tenant

RECIPE = ("subject", "rows", "columns", "measure", "chart")


@dataclass(frozen=True, slots=True)
class Kept:
    """A query that was read. ``query`` is its canonical form; ``words``: the filter as label and value.

    ``problems`` says in words what does not hold (any more); with one there are no numbers, for they would be others.
    """

    recipe: Recipe
    scope: Scope
    query: str
    words: tuple[tuple[str, str], ...]
    problems: tuple[str, ...]


def title_of(recipe: Recipe) -> str:
    """ "Projects: Channel × Fiscal year", in the words of the choices."""
    subject = SUBJECTS[recipe.subject]
    parts = [str(subject.dimensions[code].label) for code in (recipe.rows, recipe.columns) if code]
    return f"{subject.label}: {' × '.join(parts)}"


@visible("reporting.view_insights")
def read_kept(actor: Actor, query: str, office: Tenant | None = None) -> Kept:
    """The query as this actor reads it. Nothing is left out silently: what does not hold is among ``problems``."""
    given = QueryDict(query)
    recipe = Recipe(
        given.get("subject", ""),
        given.get("rows", ""),
        given.get("columns", ""),
        given.get("measure", "") or COUNT,
        given.get("chart", ""),
    )
    problems = []
    try:
        recipe.checked()
    except InvalidInput as refused:
        problems.append(str(refused.message))
    else:
        if not SUBJECTS[recipe.subject].may_be_read(actor):
            problems.append(_("Your role may not count: %s.") % SUBJECTS[recipe.subject].label)
    chosen = scope_filter_class()
    filterset = chosen(given, queryset=Partnership.objects.none(), request=SimpleNamespace(actor=actor))
    if strange := [name[:100] for name in given if name not in RECIPE and name not in chosen.base_filters]:
        problems.append(_("Reports have no filter called %s.") % ", ".join(strange))
    problems += filterset.problems
    words = tuple((label, value) for _name, label, value in filter_parts(filterset, given))
    return Kept(recipe, filterset.scope(office), _canonical(recipe, given, chosen), words, tuple(problems))


def _canonical(recipe: Recipe, given: QueryDict, chosen: type) -> str:
    kept = QueryDict(mutable=True)
    for name in RECIPE:
        value = getattr(recipe, name)
        if value and (name, value) != ("measure", COUNT):
            kept[name] = value
    for name in chosen.base_filters:
        values = sorted({value.strip() for value in given.getlist(name) if value.strip()})
        if values:
            kept.setlist(name, values)
    return kept.urlencode()


def checked_query(actor: Actor, query: str) -> Kept:
    """The query, fit to be kept. Raises InvalidInput for one that is too long or does not hold."""
    if len(query) > LONGEST_QUERY:
        words = _("This filter is too long to keep: %(most)d characters at most.") % {"most": LONGEST_QUERY}
        raise InvalidInput("query_too_long", words, field="query")
    kept = read_kept(actor, query)
    if kept.problems:
        raise InvalidInput("invalid_query", " ".join(kept.problems), field="query")
    return kept


@visible("reporting.view_insights")
def kept_answer(actor: Actor, kept: Kept) -> Answer:
    """The answer to a query that was read. Refused while any of it does not hold, in words."""
    if kept.problems:
        raise ActionRefused("does_not_hold", " ".join(kept.problems), details={"problems": list(kept.problems)})
    return built_answer(actor, kept.scope, kept.recipe)


@visible("reporting.view_reports")
def report_answer(actor: Actor, report: ReportDefinition) -> Answer:
    """What a saved report says to this actor, read now. Refused while its query does not hold."""
    return kept_answer(actor, read_kept(actor, report.query))
