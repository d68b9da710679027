from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PartnershipsConfig(AppConfig):
    """The relationship: partnerships, interactions, projects and the health of it all."""

    name = "partnerships"

    def ready(self) -> None:
        from core.navigation import Entry, register
        from core.permissions import registry
        from core.search.registry import Jump, register_jumps, register_kind
        from organizations.models import Contact, Organization
        from organizations.registry import (
            PersonalData,
            Section,
            register_last_touch,
            register_personal_data,
            register_section,
        )
        from partnerships import tasks  # noqa: F401
        from partnerships.actions.funding_history import register_funding_histories
        from partnerships.actions.history import register_histories
        from partnerships.actions.pipeline_history import register_pipeline_histories
        from partnerships.actions.project_records import register_project_histories
        from partnerships.actions.stages import lay_out_pipeline
        from partnerships.actions.talent_history import register_talent_histories
        from partnerships.permissions import PERMISSIONS
        from partnerships.queries.delivery import (
            issue_evidence,
            milestone_evidence,
            read_critical_issues,
            read_milestones,
        )
        from partnerships.queries.funding_signals import (
            funding_evidence,
            invoice_evidence,
            read_funding,
            read_overdue_invoices,
        )
        from partnerships.queries.groups import group_section
        from partnerships.queries.handovers import still_carried
        from partnerships.queries.health import read_breadth, read_depth, read_recency
        from partnerships.queries.health_evidence import READERS as EVIDENCE
        from partnerships.queries.people import (
            activity_section,
            annotate_last_touch,
            interactions_held,
            who_knows_section,
        )
        from partnerships.queries.search import (
            INTERACTIONS,
            OPPORTUNITIES,
            PARTNERS,
            POSITIONS,
            PROJECTS,
            TALENT_PROGRAMS,
        )
        from partnerships.queries.talent_health import read_talent, talent_evidence
        from partnerships.queries.value_signals import read_reciprocity, read_satisfaction
        from partnerships.registry import register_evidence, register_signal
        from tenants.registry import register_leaving, register_opening

        registry.register(PERMISSIONS)
        for kind in (PARTNERS, OPPORTUNITIES, PROJECTS, POSITIONS, TALENT_PROGRAMS, INTERACTIONS):
            register_kind(kind)
        register_jumps(
            Jump(_("Log an interaction"), "partnerships:log", "plus", "partnerships.log_interaction"),
            Jump(
                _("Add a partner"), "partnerships:partner_new", "building-skyscraper", "partnerships.create_partnership"
            ),
            Jump(
                _("Add an opportunity"),
                "partnerships:opportunity_new",
                "target-arrow",
                "partnerships.create_opportunity",
            ),
            Jump(_("Add a project"), "partnerships:project_new", "flask", "partnerships.create_project"),
            Jump(_("Record money"), "partnerships:funding_new", "coin", "partnerships.add_funding_entry"),
        )
        register_opening(lay_out_pipeline)
        register_leaving(still_carried)
        register_histories()
        register_pipeline_histories()
        register_funding_histories()
        register_project_histories()
        register_talent_histories()
        register_signal("recency", read_recency)
        register_signal("breadth", read_breadth)
        register_signal("depth", read_depth)
        register_signal("reciprocity", read_reciprocity)
        register_signal("satisfaction", read_satisfaction)
        register_signal("delivery", read_milestones)
        register_signal("critical_issues", read_critical_issues)
        register_evidence("delivery", milestone_evidence)
        register_evidence("critical_issues", issue_evidence)
        register_signal("funding", read_funding)
        register_signal("critical_issues", read_overdue_invoices)
        register_evidence("critical_issues", invoice_evidence)
        register_evidence("funding", funding_evidence)
        register_signal("talent", read_talent)
        register_evidence("talent", talent_evidence)
        for dimension, evidence in EVIDENCE.items():
            register_evidence(dimension, evidence)
        register_section(Organization, Section("partnerships/groups/_figures.html", group_section, "side", 10))
        register_section(Contact, Section("partnerships/people/_activity.html", activity_section, "main", 10))
        register_section(Contact, Section("partnerships/people/_who_knows.html", who_knows_section, "side", 10))
        register_last_touch(annotate_last_touch)
        register_personal_data(PersonalData(_("Interactions"), interactions_held))
        view, log = "partnerships.view_partnerships", "partnerships.log_interaction"
        pipeline, handovers = "partnerships.view_opportunities", "partnerships.view_handovers"
        stages, settings = "partnerships.add_stage", "partnerships.view_health_configuration"
        schemes = "partnerships.view_schemes"
        parts = ("positions", "placements", "students", "matchings", "talent_events", "talent_programs")
        talent = tuple(f"partnerships:{each}" for each in parts)
        register(
            Entry(_("Today"), "partnerships:today", "sun", view, 10, "t"),
            Entry(_("Partners"), "partnerships:partners", "building-skyscraper", view, 20, "p"),
            Entry(_("Pipeline"), "partnerships:opportunities", "target-arrow", pipeline, 22, "o"),
            Entry(_("Follow-ups"), "partnerships:followups", "checklist", "partnerships.view_followups", 35, "f"),
            Entry(_("Alerts"), "partnerships:health_alerts", "bell", "partnerships.view_health_alerts", 37, ""),
            Entry(_("Projects"), "partnerships:projects", "flask", "partnerships.view_projects", 40, "j"),
            Entry(_("Talent"), "partnerships:talent", "school", "partnerships.view_talent", 50, "s", area=talent),
            Entry(_("Funding"), "partnerships:funding", "coin", "partnerships.view_funding", 46, "d"),
            Entry(_("Schemes"), "partnerships:schemes", "building-bank", schemes, 48, inside="partnerships:funding"),
            Entry(_("Lessons"), "partnerships:lessons", "book", "partnerships.view_reviews", 60, ""),
            Entry(_("Workload"), "partnerships:workload", "scale", "partnerships.view_workload", 70, "w"),
            Entry(_("Pipeline stages"), "partnerships:stages", "timeline", stages, 80, "", "settings"),
            Entry(_("Health"), "partnerships:health_settings", "activity", settings, 82, "", "settings"),
            Entry(_("Handovers"), "partnerships:handovers", "switch-horizontal", handovers, 91, "", "settings"),
            Entry(_("Log interaction"), "partnerships:log", "plus", log, 0, "", "primary"),
        )
