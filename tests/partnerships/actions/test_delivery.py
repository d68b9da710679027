"""Milestones and issues of projects: what is refused, what is done with proof, and the health that follows."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from core.errors import ActionRefused, InvalidInput, PermissionRefused, StaleEdit
from partnerships.actions.delivery import (
    accept_milestone,
    add_milestone,
    add_project_issue,
    close_project_issue,
    complete_milestone,
    delete_milestone,
    delete_project_issue,
    edit_milestone,
    edit_project_issue,
    reopen_project_issue,
)
from partnerships.actions.projects import delete_project
from partnerships.models import Milestone, ProjectIssue
from tenants.actions.history import undo_changes
from tenants.models import Job, User
from tests.api_kit import nothing_changes
from tests.factories.partnerships import make_partnership, make_project
from tests.factories.projects import make_milestone, make_project_issue
from tests.partnerships.actions.test_undo import by

TODAY = timezone.localdate()
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


def scored() -> list[int]:
    """Of whom new health is wanted; looking forgets it."""
    rows = Job.objects.filter(name="partnerships.recompute_health")
    found = sorted(pk for job in rows for pk in job.payload["partnership_ids"])
    rows.delete()
    return found


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"title": "  "}, "nothing_said", "title"),
        ({"side": "shared"}, "one_side", "side"),
        ({"weight": Decimal(0)}, "out_of_range", "weight"),
        ({"weight": Decimal(100)}, "out_of_range", "weight"),
        ({"due_on": date(1, 1, 1)}, "out_of_range", "due_on"),
        ({"due_on": date(9999, 1, 1)}, "out_of_range", "due_on"),
    ],
)
def test_a_milestone_that_says_nothing_is_refused(in_alpha, fields, code, field):
    row, actor = make_milestone(), in_alpha.actor()
    with nothing_changes():
        for write in (
            lambda: add_milestone(
                actor=actor, project=row.project, **{"title": "A", "due_on": TODAY, "side": "ours", **fields}
            ),
            lambda: edit_milestone(actor=actor, milestone=row, **fields),
        ):
            with pytest.raises(InvalidInput) as refused:
                write()
            assert (refused.value.code, refused.value.field) == (code, field)


def test_who_looks_after_it_works_here(in_alpha):
    stranger, row, actor = User.objects.get(email="stranger@example.org"), make_milestone(), in_alpha.actor()
    issue = make_project_issue(row.project)
    with nothing_changes():
        for write in (
            lambda: add_milestone(actor=actor, project=row.project, title="A", due_on=TODAY, owner=stranger),
            lambda: edit_milestone(actor=actor, milestone=row, owner=stranger),
            lambda: add_project_issue(actor=actor, project=row.project, title="A", owner=stranger),
            lambda: edit_project_issue(actor=actor, project_issue=issue, owner=stranger),
        ):
            with pytest.raises(InvalidInput) as refused:
                write()
            assert refused.value.field == "owner"


def test_nothing_is_done_without_proof_and_nothing_twice(in_alpha):
    row, actor = make_milestone(due_on=TODAY - timedelta(days=10)), in_alpha.actor("researcher")
    with nothing_changes():
        for given, field in (
            ({"evidence": "  "}, "evidence"),
            ({"evidence": "x", "done_on": TOMORROW}, "done_on"),
            ({"evidence": "x", "done_on": date(1, 1, 1)}, "done_on"),
        ):
            with pytest.raises(InvalidInput) as refused:
                complete_milestone(actor=actor, milestone=row, **given)
            assert refused.value.field == field
        with pytest.raises(StaleEdit):
            complete_milestone(actor=actor, milestone=row, evidence="x", seen=0)
    done = complete_milestone(actor=actor, milestone=row, evidence=" Report 7 ", done_on=TODAY - timedelta(days=4))
    assert (done.evidence, done.days_late, done.accepted_on) == ("Report 7", 6, None)
    with nothing_changes():
        for write in (
            lambda: complete_milestone(actor=actor, milestone=row, evidence="Again"),
            lambda: edit_milestone(actor=actor, milestone=row, title="Another"),
            lambda: delete_milestone(actor=in_alpha.actor(), milestone=row),
        ):
            with pytest.raises(ActionRefused):
                write()


def test_the_other_side_accepts_what_is_done(in_alpha):
    actor, us = in_alpha.actor(), in_alpha.user().name
    ours, theirs = make_milestone(side="ours"), make_milestone(side="theirs")
    with nothing_changes(), pytest.raises(ActionRefused) as refused:
        accept_milestone(actor=actor, milestone=ours, accepted_by="Dr. Holm")
    assert refused.value.code == "not_done"
    for row in (ours, theirs):
        complete_milestone(actor=actor, milestone=row, evidence="Seen", done_on=YESTERDAY)
    with nothing_changes():
        for row, given, field in (
            (ours, {}, "accepted_by"),
            (ours, {"accepted_by": us.upper()}, "accepted_by"),
            (ours, {"accepted_by": "Dr. Holm", "accepted_on": YESTERDAY - timedelta(days=1)}, "accepted_on"),
            (ours, {"accepted_by": "Dr. Holm", "accepted_on": TOMORROW}, "accepted_on"),
            (theirs, {"accepted_by": "Dr. Holm"}, "accepted_by"),
        ):
            with pytest.raises(InvalidInput) as refused:
                accept_milestone(actor=actor, milestone=row, **given)
            assert refused.value.field == field
    accept_milestone(actor=actor, milestone=ours, accepted_by=" Dr.  Holm ", accepted_on=YESTERDAY)
    accept_milestone(actor=actor, milestone=theirs)
    ours.refresh_from_db()
    theirs.refresh_from_db()
    assert (ours.accepted_by, ours.accepted_on) == ("Dr. Holm", YESTERDAY)
    assert (theirs.accepted_by, theirs.accepted_on) == (us, TODAY)
    with nothing_changes(), pytest.raises(ActionRefused) as refused:
        accept_milestone(actor=actor, milestone=theirs)
    assert refused.value.code == "accepted_already"


def test_records_stay_with_their_project(in_alpha):
    milestone, issue, other = make_milestone(), make_project_issue(), make_project()
    with nothing_changes():
        for edit, subject, row in (
            (edit_milestone, "milestone", milestone),
            (edit_project_issue, "project_issue", issue),
        ):
            with pytest.raises(ActionRefused) as refused:
                edit(actor=in_alpha.actor(), **{subject: row}, project=other)
            assert refused.value.code == "project_fixed"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": ""}, "title"),
        ({"raised_on": TOMORROW}, "raised_on"),
        ({"raised_on": TODAY, "due_on": YESTERDAY}, "due_on"),
        ({"likelihood": 0}, "likelihood"),
        ({"likelihood": 6}, "likelihood"),
        ({"due_on": date(9999, 1, 1)}, "due_on"),
    ],
)
def test_an_issue_that_cannot_be_is_refused(in_alpha, fields, field):
    row, actor = make_project_issue(), in_alpha.actor()
    with nothing_changes():
        for write in (
            lambda: add_project_issue(actor=actor, project=row.project, **{"title": "A", **fields}),
            lambda: edit_project_issue(actor=actor, project_issue=row, **fields),
        ):
            with pytest.raises(InvalidInput) as refused:
                write()
            assert refused.value.field == field


def test_an_issue_is_settled_with_words_and_can_be_opened_again(in_alpha):
    row, actor = make_project_issue(raised_on=YESTERDAY, severity="critical", likelihood=3), in_alpha.actor()
    assert row.exposure == 12
    with nothing_changes():
        for given, field in (
            ({"resolution": " "}, "resolution"),
            ({"resolution": "x", "closed_on": TOMORROW}, "closed_on"),
            ({"resolution": "x", "closed_on": YESTERDAY - timedelta(days=1)}, "closed_on"),
        ):
            with pytest.raises(InvalidInput) as refused:
                close_project_issue(actor=actor, project_issue=row, **given)
            assert refused.value.field == field
        with pytest.raises(ActionRefused):
            reopen_project_issue(actor=actor, project_issue=row)
    closed = close_project_issue(actor=actor, project_issue=row, resolution="They  pay")
    assert (closed.resolution, closed.closed_on) == ("They pay", TODAY)
    with nothing_changes():
        for write in (
            lambda: close_project_issue(actor=actor, project_issue=row, resolution="Again"),
            lambda: edit_project_issue(actor=actor, project_issue=row, severity="low"),
        ):
            with pytest.raises(ActionRefused):
                write()
    again = reopen_project_issue(actor=actor, project_issue=row)
    assert (again.resolution, again.closed_on) == ("", None)


def test_every_write_that_health_depends_on_wants_a_new_score_of_every_partner(in_alpha):
    one, other, actor = make_partnership(), make_partnership(), in_alpha.actor()
    project, both = make_project(one, other), sorted([one.pk, other.pk])
    make_project(make_partnership())
    milestone = add_milestone(actor=actor, project=project, title="A", due_on=TODAY)
    assert scored() == both
    edit_milestone(actor=actor, milestone=milestone, due_on=YESTERDAY)
    assert scored() == both
    complete_milestone(actor=actor, milestone=milestone, evidence="x")
    assert scored() == both
    accept_milestone(actor=actor, milestone=milestone, accepted_by="Dr. Holm")
    assert scored() == []
    delete_milestone(actor=actor, milestone=make_milestone(project))
    assert scored() == both
    issue = add_project_issue(actor=actor, project=project, title="A", severity="critical")
    assert scored() == both
    edit_project_issue(actor=actor, project_issue=issue, severity="high")
    assert scored() == both
    close_project_issue(actor=actor, project_issue=issue, resolution="x")
    assert scored() == both
    reopen_project_issue(actor=actor, project_issue=issue)
    assert scored() == both
    delete_project_issue(actor=actor, project_issue=issue)
    assert scored() == both


def test_what_is_done_or_deleted_can_be_taken_back_and_health_follows(in_alpha):
    partnership = make_partnership()
    row = make_milestone(make_project(partnership))
    issue = make_project_issue(row.project)
    complete_milestone(actor=by(in_alpha, request="set-done"), milestone=row, evidence="x")
    delete_project_issue(actor=by(in_alpha, request="set-gone"), project_issue=issue)
    scored()
    for request in ("set-done", "set-gone"):
        undo_changes(actor=by(in_alpha, request=f"undo-{request}"), request_id=request)
        assert scored() == [partnership.pk]
    assert Milestone.objects.get(pk=row.pk).done_on is None
    assert ProjectIssue.objects.get(pk=issue.pk).title == issue.title


def test_a_project_with_records_is_not_deleted(in_alpha):
    row = make_milestone(title="A first prototype")
    with nothing_changes(), pytest.raises(ActionRefused, match="A first prototype"):
        delete_project(actor=in_alpha.actor(), project=row.project)


def test_who_may_not_is_refused(in_alpha):
    row, issue = make_milestone(), make_project_issue()
    with nothing_changes():
        for write in (
            lambda: delete_milestone(actor=in_alpha.actor("researcher"), milestone=row),
            lambda: accept_milestone(actor=in_alpha.actor("researcher"), milestone=row),
            lambda: complete_milestone(actor=in_alpha.actor("viewer"), milestone=row, evidence="x"),
            lambda: delete_project_issue(actor=in_alpha.actor("researcher"), project_issue=issue),
        ):
            with pytest.raises(PermissionRefused):
                write()
