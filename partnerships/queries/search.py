"""How what partners are, deliver and talk about is found, and what names it in a list of results."""

from django.db.models import F, Max, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.search.registry import Kind
from organizations.queries.search import ORGANIZATION_REASONS, in_words
from partnerships.choices import InteractionKind
from partnerships.models import Interaction, Partnership
from partnerships.queries.interactions import visible_interactions
from partnerships.queries.opportunities import visible_opportunities
from partnerships.queries.partnerships import visible_partnerships
from partnerships.queries.positions import visible_positions, visible_programs
from partnerships.queries.projects import visible_projects

LATEST_PARTNERS, LATEST_INTERACTIONS, LOOKED_AT = 5, 3, 50


def partners_of_late(actor: Actor) -> QuerySet[Partnership]:
    """The partners of the last fifty interactions this member logged, five at most; ``worked_at`` says when."""
    mine = Interaction.objects.filter(logged_by_id=actor.user_id).order_by("-pk").values("pk")[:LOOKED_AT]
    touched = Interaction.objects.filter(pk__in=mine).values("partnership_id").annotate(worked_at=Max("created_at"))
    latest = touched.order_by("-worked_at").values("partnership_id")[:LATEST_PARTNERS]
    when = touched.order_by().filter(partnership_id=OuterRef("pk")).values("worked_at")
    return visible_partnerships(actor).filter(pk__in=latest).annotate(worked_at=Subquery(when))


def logged_of_late(actor: Actor) -> QuerySet[Interaction]:
    """The interactions this member logged last; ``worked_at`` says when."""
    mine = visible_interactions(actor).filter(logged_by_id=actor.user_id).annotate(worked_at=F("created_at"))
    return mine.order_by("-pk")[:LATEST_INTERACTIONS]


PARTNERS = Kind(
    code="partners",
    label=_("Partners"),
    icon="building-skyscraper",
    group="partners",
    view="organizations_search",
    url_name="partnerships:partner",
    reads=visible_partnerships,
    key="organization_id",
    title=F("organization__name"),
    about=in_words("organization__city", "organization__country"),
    order=10,
    hides="organizations",
    reasons=ORGANIZATION_REASONS,
    recent=partners_of_late,
)

OPPORTUNITIES = Kind(
    code="opportunities",
    label=_("Opportunities"),
    icon="target-arrow",
    group="records",
    view="partnerships_opportunity_search",
    url_name="partnerships:opportunity",
    reads=visible_opportunities,
    title=F("title"),
    about=F("partnership__organization__name"),
    text="description",
    order=50,
)

PROJECTS = Kind(
    code="projects",
    label=_("Projects"),
    icon="flask",
    group="records",
    view="partnerships_project_search",
    url_name="partnerships:project",
    reads=visible_projects,
    title=F("title"),
    about=in_words("acronym", "programme"),
    order=60,
    reasons={"acronym": _("Acronym"), "similar": _("Similar name")},
)

POSITIONS = Kind(
    code="positions",
    label=_("Positions"),
    icon="briefcase",
    group="records",
    view="partnerships_position_search",
    url_name="partnerships:position",
    reads=visible_positions,
    title=F("title"),
    about=in_words("partnership__organization__name", "term"),
    text="description",
    order=62,
    reasons={"similar": _("Similar name")},
)

TALENT_PROGRAMS = Kind(
    code="talent-programs",
    label=_("Talent programs"),
    icon="school",
    group="records",
    view="partnerships_talentprogram_search",
    url_name="partnerships:talent_program",
    reads=visible_programs,
    title=F("name"),
    about=Coalesce(F("unit__name"), Value("")),
    order=64,
    reasons={"similar": _("Similar name")},
)

INTERACTIONS = Kind(
    code="interactions",
    label=_("Interactions"),
    icon="message-circle",
    group="records",
    view="partnerships_interaction_search",
    url_name="partnerships:interaction",
    reads=visible_interactions,
    title=F("kind"),
    titles=dict(InteractionKind.choices),
    about=F("partnership__organization__name"),
    text="note",
    order=70,
    newest_first=True,
    reasons={"note": _("In the note")},
    recent=logged_of_late,
)
