"""What a note proposes: people, opportunities, tasks, and days in words."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerships.rules.days import FURTHEST, find_day
from partnerships.rules.notes import LONGEST_TITLE, MOST_TASKS, Named, Reading, fold, read_note

SATURDAY = date(2026, 11, 21)
LENA, JOERG, ANA = Named("contact-1", "Lena Brandt"), Named("contact-2", "Jörg Weiß"), Named("member-3", "Ana Pérez")
OTHER = Named("contact-4", "Peter Brandt")
PHD = Named("opportunity-1", "PhD co-funding")


def read(text: str, *people: Named, today: date = SATURDAY) -> Reading:
    return read_note(text, people=people or (LENA, JOERG, ANA), opportunities=[PHD], today=today)


def test_the_note_of_the_design():
    found = read("Lena wants 2 PhDs co-funded. next: send template Tue @brandt")
    (task,) = found.tasks
    assert (task.title, task.due) == ("send template", date(2026, 11, 24))
    assert [each.only for each in task.people] == [LENA]
    assert found.people == ()


@pytest.mark.parametrize("word", ["jorg", "Jörg", "JÖRG", "weiss", "Weiß", "jorg.weiss", "jö"])
def test_names_are_found_without_case_and_accents(word):
    assert [each.only for each in read(f"Met @{word}, good.").people] == [JOERG]


def test_a_word_that_fits_several_names_them_all_and_decides_nothing():
    (mention,) = read("@brandt called", LENA, OTHER).people
    assert (mention.found, mention.only) == ((LENA, OTHER), None)
    (mention,) = read("@lena.brandt called", LENA, OTHER).people
    assert mention.only == LENA


def test_a_whole_word_wins_over_the_beginning_of_one():
    bran = Named("contact-9", "Bran Stark")
    assert read("@bran", LENA, bran).people[0].only == bran


def test_addresses_and_anchors_are_no_mentions():
    assert not read("Write to lena@brandt.example, see https://x.example/#phd and C#phd")


def test_an_opportunity_is_found_by_the_words_of_its_title():
    assert read("about #phd").opportunities[0].only == PHD
    assert read("about #co-fund").opportunities[0].only == PHD
    assert read("about #unknown").opportunities[0].found == ()


def test_a_colleague_in_a_task_alone_did_not_take_part():
    found = read("next: ask the dean @ana")
    assert found.people == ()
    assert found.tasks[0].people[0].only == ANA


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("today", SATURDAY),
        ("tomorrow", date(2026, 11, 22)),
        ("Tue", date(2026, 11, 24)),
        ("on Tuesday", date(2026, 11, 24)),
        ("sat", date(2026, 11, 28)),
        ("next Tue", date(2026, 11, 24)),
        ("next sunday", date(2026, 11, 29)),
        ("next week", date(2026, 11, 23)),
        ("next month", date(2026, 12, 1)),
        ("in 2 weeks", date(2026, 12, 5)),
        ("in a month", date(2026, 12, 21)),
        ("24 Nov", date(2026, 11, 24)),
        ("20 Nov", date(2027, 11, 20)),
        ("Nov 24", date(2026, 11, 24)),
        ("January 3rd, 2027", date(2027, 1, 3)),
        ("24.11.", date(2026, 11, 24)),
        ("24. 11. 2027", date(2027, 11, 24)),
        ("2026-12-01", date(2026, 12, 1)),
        ("29 Feb", date(2028, 2, 29)),
    ],
)
def test_days_in_words(words, day):
    assert find_day(f"send it {words}", SATURDAY).day == day
    (task,) = read(f"next: send it {words}").tasks
    assert (task.title, task.due) == ("send it", day)


@pytest.mark.parametrize(
    "words", ["31 Feb", "24/11", "2026-13-01", "in 999 months", "version 2.5", "monsoon", "9999-12-31"]
)
def test_what_is_no_day_stays_in_the_title(words):
    (task,) = read(f"next: read {words}").tasks
    assert (task.title, task.due) == (f"read {words}", None)


def test_on_monday_next_tuesday_is_that_of_next_week():
    assert find_day("next Tue", date(2026, 11, 23)).day == date(2026, 12, 1)
    assert find_day("Tue", date(2026, 11, 23)).day == date(2026, 11, 24)


def test_the_end_of_a_long_month():
    assert find_day("in a month", date(2027, 1, 31)).day == date(2027, 2, 28)
    assert find_day("next month", date(2026, 12, 5)).day == date(2027, 1, 1)


def test_several_tasks_each_end_at_a_line_a_semicolon_or_the_next_one():
    found = read("next: one; two words next: three tomorrow\nfour next:\nNEXT: five")
    assert [task.title for task in found.tasks] == ["one", "three", "five"]


def test_the_mark_follows_the_proposals_and_not_the_words_around_them():
    assert read("next: call Tue").mark == read("More words. next: call Tue").mark
    assert read("next: call Tue").mark != read("next: call Wed").mark
    assert read("Only words.").mark == ""


texts = st.text(alphabet=st.characters(codec="utf-8"), max_size=400) | st.lists(
    st.sampled_from(
        ["next:", "@lena", "@", "#phd", "#", "Tue", "31.12.", "in 3 weeks", "\n", ";", "ß", "İ", "0000-00-00"]
    ),
    max_size=40,
).map(" ".join)


@given(texts, st.dates(min_value=date(1950, 1, 1), max_value=date(9000, 1, 1)))
def test_any_text_can_be_read(text, today):
    found = read(text, today=today)
    assert len(found.tasks) <= MOST_TASKS
    for task in found.tasks:
        assert 0 < len(task.title) <= LONGEST_TITLE
        assert "\n" not in task.title
        assert task.due is None or abs(task.due - today) <= FURTHEST
    for mention in found.people:
        assert f"@{mention.word}" in text


@given(st.text(alphabet="abcxyz ,.", max_size=80))
def test_plain_words_propose_nothing(text):
    assert not read(text)


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1)), st.integers(-3000, 3000))
def test_a_written_date_is_read_back(today, days):
    day = today + timedelta(days=days)
    assert find_day(f"due {day.isoformat()} please", today).day == day
    assert find_day(f"{day.day}.{day.month}.{day.year}", today).day == day


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1)), st.integers(0, 6))
def test_a_weekday_is_one_of_the_seven_days_to_come(today, at):
    name = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"][at]
    day = find_day(name, today).day
    assert day.weekday() == at
    assert 1 <= (day - today).days <= 7


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)
