"""The monthly digest: what the dashboards find, by e-mail, on the first working day of the month by the office's clock.

The hourly look only decides who gets a mail and wants it as a job of that month, which is also the memory that nobody
is told twice. What stands in a mail is asked anew when it is sent, as the reader and with what they may read then.
"""

import zoneinfo
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.actor import Actor
from core.urls import in_office, office_url
from reporting.pack import figure_facts, figure_label
from reporting.queries.asking import ask, may_ask, targets_of
from reporting.queries.months import month_in_figures
from reporting.queries.questions import DIRECTOR, PORTFOLIO
from reporting.queries.scopes import Scope, scope_of
from reporting.registry import Question
from reporting.rules.answers import Figure
from reporting.rules.months import first_working_day, month_before
from reporting.templatetags.reports import figure_words
from tenants.actions.jobs import enqueue_each
from tenants.models import Job, Membership, Tenant
from tenants.queries.tenants import actor_of

DIGEST = "reporting.mail_monthly_digest"
PERMISSION = "reporting.view_insights"
MORNING = time(7)
# A morning on which nobody looked is made up for; jobs, which remember, are kept for a month.
MADE_UP = timedelta(days=3)
PAGES: Sequence[tuple[str, str, Sequence[Question]]] = [
    ("reporting:director", gettext_lazy("Insights"), DIRECTOR),
    ("reporting:portfolio", gettext_lazy("Portfolio review"), PORTFOLIO),
]


def plan_monthly_digests(*, actor: Actor, now: datetime | None = None) -> int:
    """Want a mail for everybody who chose it, from seven in the morning of the first working day; answers how many.

    Once for each month and member. Who chooses it within three days after that morning gets it still.
    """
    office = Tenant.objects.get(pk=actor.tenant_id)
    zone = zoneinfo.ZoneInfo(office.time_zone)
    there = (now or timezone.now()).astimezone(zone)
    morning = datetime.combine(first_working_day(there.date()), MORNING, zone)
    if not morning <= there < morning + MADE_UP:
        return 0
    month = month_before(there.date())[0].isoformat()
    members = Membership.objects.filter(
        tenant_id=actor.tenant_id, ended_at=None, user__is_active=True, monthly_digest=True
    ).order_by("user_id")
    jobs = {
        f"member-{pk}-{month}": {"member_id": pk, "month": month} for pk in members.values_list("user_id", flat=True)
    }
    told = set(Job.objects.filter(name=DIGEST, key__in=jobs).values_list("key", flat=True))
    enqueue_each(DIGEST, missing := {key: payload for key, payload in jobs.items() if key not in told})
    return len(missing)


def mail_monthly_digest(*, actor: Actor, member_id: int, month: date) -> bool:
    """Send one member the digest of a month, named by its first day; answers whether.

    Nothing goes to whoever left, chose not to have it since, or may not see the dashboards any more. A mail that is
    sent twice, because its worker was lost after sending, has the same Message-ID. It holds sentences and sums that
    the dashboards state, and neither notes nor names of students, because mail travels in the open.
    """
    membership = (
        Membership.objects.filter(
            tenant_id=actor.tenant_id, user_id=member_id, ended_at=None, user__is_active=True, monthly_digest=True
        )
        .select_related("user", "tenant")
        .first()
    )
    reader = actor_of(membership, read_only=True) if membership is not None else None
    if reader is None or not reader.may(PERMISSION):
        return False
    office = membership.tenant
    zone = zoneinfo.ZoneInfo(office.time_zone)
    with translation.override(settings.LANGUAGE_CODE), timezone.override(zone), in_office(office.slug):
        named = date_format(month, "F Y")
        context = {
            "name": membership.user.name,
            "office": office.name,
            "month": named,
            **digest_of(reader, scope_of(reader, {}, office), month),
            "preferences": office_url(office.slug, "tenants:preferences"),
        }
        for page in context["pages"]:
            page["link"] = office_url(office.slug, page["url_name"])
        text = render_to_string("reporting/monthly_digest/email.txt", context)
        subject = _("%(month)s in figures: %(office)s") % {"month": named, "office": office.name}
    identity = f"<month-{office.pk}-{member_id}-{month:%Y-%m}@{office.slug}.causeway>"
    headers = {"Message-ID": identity, "Auto-Submitted": "auto-generated"}
    EmailMessage(subject, text, None, [membership.user.email], headers=headers).send()
    return True


def digest_of(reader: Actor, scope: Scope, month: date) -> dict[str, list]:
    """What a digest says to a reader: what happened in the month, and what each page finds as it does today."""
    targets = targets_of(reader, scope.this_year)
    happened = month_in_figures(reader, scope, *_days(month))
    pages = []
    for url_name, title, questions in PAGES:
        found = []
        for question in questions:
            if may_ask(reader, question):
                answer = ask(reader, question, scope, targets)
                figures = [_line(each, answer.currency) for each in answer.figures]
                found.append({"title": str(question.title), "finding": answer.finding, "figures": figures})
        if found:
            pages.append({"title": title, "url_name": url_name, "findings": found})
    return {"happened": [_line(each, scope.currency) for each in happened], "pages": pages}


def _days(month: date) -> tuple[date, date]:
    following = (month + timedelta(days=32)).replace(day=1)
    return month_before(following)


def _line(figure: Figure, currency: str) -> str:
    """At risk: 12 (90 days ago: 10; Target: 8)."""
    facts = "; ".join(figure_facts(figure))
    words = f"{figure_label(figure, currency)}: {figure_words(figure)}"
    return f"{words} ({facts})" if facts else words
