from django.apps import AppConfig

# The pages that hang on agreements and have no entry of their own in the rail.
AREA = (
    *("agreements:obligations", "agreements:calendar_feeds", "agreements:renewals"),
    *("agreements:ndas", "agreements:screenings", "agreements:conflict_plans", "agreements:export_control"),
    *("agreements:ip_assets", "agreements:grants", "agreements:freedom"),
    *("agreements:turnaround", "agreements:clause_report", "agreements:reported", "agreements:model_choice"),
)


class AgreementsConfig(AppConfig):
    """The paper and the IP: agreements, obligations, disclosures, patents, licenses, revenue, equity."""

    name = "agreements"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from agreements import tasks  # noqa: F401
        from agreements.actions.agreement_history import register_agreement_histories
        from agreements.actions.parts_history import register_part_histories
        from agreements.permissions import PERMISSIONS
        from agreements.queries.alert_facts import read_commitments
        from agreements.queries.brief import BRIEF
        from agreements.queries.health_evidence import obligation_evidence, runway_evidence
        from agreements.queries.obligations import read_delivery
        from agreements.queries.outcomes import agreement_outcomes
        from agreements.queries.runway import read_runway
        from agreements.queries.search import AGREEMENTS
        from agreements.queries.sections import agreements_section
        from core.navigation import Entry, register
        from core.permissions import registry
        from core.search.registry import Jump, register_jumps, register_kind
        from organizations.models import Organization
        from organizations.registry import Section, register_section
        from partnerships.registry import (
            register_brief_part,
            register_commitments,
            register_evidence,
            register_outcomes,
            register_signal,
        )

        registry.register(PERMISSIONS)
        register_agreement_histories()
        register_part_histories()
        register_kind(AGREEMENTS)
        register_signal("runway", read_runway)
        register_signal("delivery", read_delivery)
        register_brief_part(BRIEF)
        register_section(
            Organization, Section("agreements/agreements/_organization.html", agreements_section, "side", 20)
        )
        create = "agreements.create_agreement"
        duty, asset = "agreements.add_obligation", "agreements.create_ip_asset"
        register_jumps(
            Jump(_("Add an agreement"), "agreements:agreement_new", "file-text", create),
            Jump(_("Add an obligation"), "agreements:obligation_new", "checklist", duty),
            Jump(_("Record a screening"), "agreements:screening_new", "shield-check", "agreements.record_screening"),
            Jump(_("Add IP"), "agreements:ip_asset_new", "bulb", asset),
            Jump(_("Could a right be granted?"), "agreements:freedom", "scale", "agreements.view_freedom"),
        )
        view = "agreements.view_agreements"
        register(Entry(_("Agreements"), "agreements:agreements", "file-text", view, 30, "a", area=AREA))
        register_outcomes(agreement_outcomes)
        register_commitments(read_commitments)
        register_evidence("runway", runway_evidence)
        register_evidence("delivery", obligation_evidence)
