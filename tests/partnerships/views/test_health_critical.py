"""What is critical, on the page that explains a score: named, linked and advised to be settled."""

from datetime import timedelta

from django.utils import timezone

from partnerships.models import ProjectIssue
from tests.factories.funding import make_funding
from tests.factories.partnerships import make_project
from tests.factories.projects import make_project_issue
from tests.partnerships.views.test_health import address, computed, explained, fill, partner, text_of


def test_a_critical_issue_that_holds_the_score_down_is_named_and_settling_it_is_advised(in_alpha, client_of):
    row = partner(in_alpha)
    fill(in_alpha, row, 12)
    issue = make_project_issue(make_project(row), severity="critical", title="Export control is open")
    computed(in_alpha, row)
    answer = client_of(in_alpha, "manager").get(address(in_alpha, row))
    assert [cap.code for cap in answer.context["explanation"].caps] == ["K4"]
    assert f'<a href="{in_alpha.prefix}/projects/{issue.project_id}/?tab=issues">Export control is open' in text_of(
        answer
    )
    first = answer.context["help"][0]
    assert first["words"] == "Settle what is critical: Export control is open"
    ProjectIssue.objects.filter(pk=issue.pk).update(closed_on=timezone.localdate(), resolution="Cleared")
    assert explained(in_alpha, row).table.score == first["after"]


def test_of_two_critical_matters_both_are_named_and_settling_them_is_one_advice(in_alpha, client_of):
    row = partner(in_alpha)
    fill(in_alpha, row, 12)
    make_project_issue(make_project(row), severity="critical", title="Export control is open")
    long_ago = timezone.localdate() - timedelta(days=100)
    make_funding(row, measure="invoiced", reference="R-17", booked_on=long_ago, due_on=long_ago)
    computed(in_alpha, row)
    words = text_of(client_of(in_alpha, "manager").get(address(in_alpha, row)))
    assert "2 critical issues are open" in words
    assert "Export control is open" in words
    assert "Invoice R-17 over" in words
    assert "100 days overdue" in words
    assert "Settle all that is critical" in words


def test_who_may_not_see_issues_is_told_of_them_without_words(in_alpha, client_of):
    row = partner(in_alpha)
    fill(in_alpha, row, 12)
    make_project_issue(make_project(row), severity="critical", title="Export control is open")
    computed(in_alpha, row)
    words = text_of(client_of(in_alpha, "viewer").get(address(in_alpha, row)))
    assert "1 critical issue is open" in words
    assert "Critical issues you may not see" in words
    assert "Export control" not in words
