"""What belongs to one agreement, on the stage: readable to every role, and full of the stage's words."""

from django.utils import timezone

from agreements.models import (
    AgreementProject,
    CalendarFeed,
    ClauseAnswer,
    MoneyLine,
    RuleOverride,
    Signatory,
)
from core.secrets import digest_of, new_secret
from partnerships.models import Partnership, Project
from tenants.actions.files import store_file
from tenants.choices import Role
from tests.cast import Office
from tests.factories.agreement_parts import (
    make_conflict_plan,
    make_document,
    make_grant,
    make_ip_asset,
    make_nda,
    make_obligation,
    make_screening,
)
from tests.factories.agreements import make_agreement, make_event
from tests.factories.logging import upload


def add_agreement(word: str, office: Office, partnership: Partnership, project: Project) -> dict:
    """One agreement at work with each of its parts; their ids."""
    author, researcher = office.user(Role.ADMINISTRATOR), office.user(Role.RESEARCHER)
    row = make_agreement(
        partnership,
        title=word,
        summary=word,
        their_reference=word[:80],
        owner=author,
        principal_investigator=researcher,
        value=1000,
    )
    AgreementProject.objects.create(agreement=row, project=project)
    MoneyLine.objects.create(agreement=row, amount=1000, note=word)
    Signatory.objects.create(agreement=row, party=row.parties.get(), name=word)
    ClauseAnswer.objects.create(agreement=row, code="royalty_base", value=word, note=word)
    RuleOverride.objects.create(agreement=row, code="P01", reason=word, overridden_by=author)
    make_event(row, "triaged", "office", at=timezone.now(), note=word, made_by=author)
    asset = make_ip_asset(title=word, text=word, reference=f"{row.pk} {word}"[:40], level="internal", lead=researcher)
    secret = new_secret()
    feed = CalendarFeed.objects.create(member=author, digest=digest_of(secret))
    proof = store_file(actor=office.actor(), upload=upload(f"{word}\n".encode(), f"{word}.txt"))
    paper = store_file(actor=office.actor(), upload=upload(f"{word} paper\n".encode(), f"{word}.txt"))
    make_document(row, title=word, text=f"{word} before", number=2)
    done = make_obligation(row, title=word, done_on=timezone.localdate(), evidence=word, evidence_file=proof)
    return {
        "agreements": row.pk,
        "obligations": make_obligation(row, title=word, owner=author).pk,
        "evidence": done.pk,
        "calendar-feeds": feed.pk,
        "calendar": secret,
        "ndas": make_nda(partnership.organization, title=word, principal_investigator=researcher).pk,
        "documents": make_document(row, title=word, text=word, file=paper, added_by=author).pk,
        "screenings": make_screening(partnership.organization, lists=word).pk,
        "conflict-plans": make_conflict_plan(researcher, row, interest=word, plan=word).pk,
        "ip-assets": asset.pk,
        "grants": make_grant(row, asset).pk,
    }
