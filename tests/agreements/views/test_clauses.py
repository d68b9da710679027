"""The clause questions on pages: answering, the checklist while one types, conflicts, setting rules aside."""

from agreements.models import ClauseAnswer
from core.merging import posted
from tests.api_kit import nothing_changes
from tests.factories.agreements import make_agreement, make_executed


def page_of(office, row, path: str = "clauses/") -> str:
    return f"{office.prefix}/agreements/{row.pk}/{path}"


def form_of(client, address: str) -> dict:
    """What a browser would send back unchanged."""
    form = client.get(address).context["form"]
    return {name: posted(field, form.initial.get(name, field.initial)) for name, field in form.fields.items()}


def test_answers_are_saved_with_clause_and_note_and_the_score_follows(in_alpha, client_of):
    row, member = make_agreement(), client_of(in_alpha, "officer")
    given = form_of(member, page_of(in_alpha, row))
    given |= {
        "foreground_owner": "university",
        "foreground_owner-place": "7.1",
        "foreground_owner-note": "As in the master.",
        "statement_of_work": "yes",
        "publication_review_days": "45",
    }
    assert member.post(page_of(in_alpha, row), given)["Location"].endswith("?tab=clauses")
    found = {each.code: each.value for each in row.answers.all()}
    assert found == {"foreground_owner": "university", "statement_of_work": True, "publication_review_days": 45}
    assert row.answers.get(code="foreground_owner").clause_number == "7.1"
    before, row = row.clarity, type(row).objects.get(pk=row.pk)
    assert row.clarity != before


def test_the_checklist_follows_what_is_typed_and_nothing_is_written(in_alpha, client_of):
    row, member = make_agreement(), client_of(in_alpha)
    with nothing_changes():
        empty = member.post(page_of(in_alpha, row, "clauses/check/"), {})
        typed = member.post(
            page_of(in_alpha, row, "clauses/check/"),
            {"foreground_owner": "inventorship", "publication_review_days": "many"},
        )
    assert "Nobody has said who owns the results" in empty.content.decode().split("rules are clear")[0]
    assert "Nobody has said who owns the results" not in typed.content.decode().split("rules are clear")[0]
    assert typed.status_code == 200
    assert b"<html" not in typed.content


def test_wrong_answers_stay_on_the_page_and_nothing_is_saved(in_alpha, client_of):
    row, member = make_agreement(), client_of(in_alpha)
    given = {**form_of(member, page_of(in_alpha, row)), "publication_review_days": "many"}
    with nothing_changes():
        answer = member.post(page_of(in_alpha, row), given)
        alone = member.post(
            page_of(in_alpha, row), {**given, "publication_review_days": "", "data_exchanged-place": "9"}
        )
    assert (answer.status_code, 'value="many"' in answer.content.decode()) == (422, True)
    assert "Answer the question too, or empty clause and note." in alone.content.decode()


def test_two_who_answer_are_merged_and_asked_where_they_differ(in_alpha, client_of):
    row, ana, ben = make_agreement(), client_of(in_alpha), client_of(in_alpha, "officer")
    page = page_of(in_alpha, row)
    hers, his = form_of(ana, page), form_of(ben, page)
    assert ana.post(page, {**hers, "foreground_owner": "joint", "right_to_publish": "yes"}).status_code == 302
    with nothing_changes():
        answer = ben.post(page, {**his, "foreground_owner": "sponsor", "data_exchanged": "no"})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert 'name="keep_foreground_owner"' in text
    assert 'name="keep_right_to_publish"' not in text
    again = answer.context["form"].data.copy()
    again["keep_foreground_owner"] = "theirs"
    assert ben.post(page, again).status_code == 302
    found = {each.code: each.value for each in ClauseAnswer.objects.filter(agreement=row)}
    assert found == {"foreground_owner": "joint", "right_to_publish": True, "data_exchanged": False}


def test_an_executed_agreement_shows_its_answers_and_takes_none(in_alpha, client_of):
    row = make_executed()
    row.answers.create(code="foreground_owner", value="joint", clause_number="7.1")
    member = client_of(in_alpha)
    text = member.get(page_of(in_alpha, row, "?tab=clauses")).content.decode()
    assert "Both together" in text
    assert 'id="clauses"' not in text
    with nothing_changes():
        answer = member.post(page_of(in_alpha, row), {"version": 1, "foreground_owner": "sponsor"})
    assert answer.status_code == 422
    assert "Draft an amendment" in answer.content.decode()


def test_a_blocking_rule_is_set_aside_by_a_manager_with_a_reason(in_alpha, client_of):
    row, member = make_agreement(), client_of(in_alpha)
    page = page_of(in_alpha, row, "override/?rule=P02")
    assert "Nobody has said who owns the results" in member.get(page).content.decode()
    with nothing_changes():
        assert member.post(page, {"rule": "P02", "version": 1}).status_code == 422
        assert member.post(page, {"rule": "P05", "reason": "Why not", "version": 1}).status_code == 422
        assert member.post(page, {"rule": "P02", "reason": "Late", "version": 7}).status_code == 409
        assert (
            client_of(in_alpha, "officer").post(page, {"rule": "P02", "reason": "x", "version": 1}).status_code == 403
        )
    assert member.post(page, {"rule": "P02", "reason": "Their law says so", "version": 1}).status_code == 302
    assert row.overrides.get().reason == "Their law says so"
    assert "Set aside by" in member.get(page_of(in_alpha, row, "")).content.decode()
