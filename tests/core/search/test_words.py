"""Reading a question, and showing where a text answers it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.search.words import all_of, any_of, excerpt, folded, fragment, marked, matches, nearly, words_of


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("", []),
        ("  \t ", []),
        ("🎉 !? -- %_", []),
        ("Nordlys Vindkraft A/S", ["nordlys", "vindkraft", "a", "s"]),
        ("Łódź & Müller", ["łódź", "müller"]),
        ("o\u0308l", ["öl"]),
        ("'; drop table x --", ["drop", "table", "x"]),
        ("a:* | !b & (c <-> d)", ["a", "b", "c", "d"]),
        ("مرحبا بالعالم", ["مرحبا", "بالعالم"]),
        ("a\0b", ["a", "b"]),
        (
            "one two three four five six seven eight nine",
            ["one", "two", "three", "four", "five", "six", "seven", "eight"],
        ),
    ],
)
def test_the_words_of_a_question(question, words):
    assert words_of(question) == words


def test_only_the_beginning_of_a_long_question_counts():
    assert words_of("x" * 10_000) == ["x" * 200]


def test_a_tsquery_holds_nothing_but_words():
    assert any_of(["a", "b"]) == "'a':* | 'b':*"
    assert all_of(["a", "abc"], shortest_beginning=3) == "'a' & 'abc':*"


@given(st.text(max_size=300))
def test_no_question_can_leave_its_quotes(question):
    for word in words_of(question):
        assert not set(word) & set("'\\:&|!()<> \0")


def test_case_and_accents_do_not_count():
    assert folded("Łódź Straße Ærø") == "lodz strasse aero"
    assert matches("Add a partner", ["part"])
    assert matches("Öresund", ["ore"])
    assert not matches("Add a partner", ["part", "x"])
    assert matches("anything", [])


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Siemens Energy", "seimens"),
        ("Nordlys Vindkraft", "nrodl"),
        ("Müller Maschinenbau", "mueller"),
        ("Lena Ørsted", "lena oersted"),
        ("Jan Kowalczyk", "kowalcyk jan"),
    ],
)
def test_slips_of_the_pen(text, asked):
    assert nearly(text, words_of(asked))


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Airbus", "airship"),
        ("Grid storage", "gristo"),
        ("Nordlys", "nordlys köln"),
        ("Abb", "abc"),
        ("Siemens", "sxxxens"),
        ("", "siemens"),
    ],
)
def test_other_words_are_no_slips(text, asked):
    assert not nearly(text, words_of(asked))


def test_what_is_found_is_marked_and_everything_is_escaped():
    assert marked("Lena <b> Müller & Søn", ["muller", "son"]) == (
        "Lena &lt;b&gt; <mark>Müller</mark> &amp; <mark>Søn</mark>"
    )
    assert marked("<script>", ["script"]) == "&lt;<mark>script</mark>&gt;"
    assert marked("plain", []) == "plain"


def test_a_fragment_lies_around_the_first_word_found():
    text = "word " * 100 + "the zeppelin came late " + "word " * 100
    shown = fragment(text, ["zepp"])
    assert "<mark>zeppelin</mark> came late" in shown
    assert shown.startswith("… word")
    assert shown.endswith(" …")
    assert len(shown) < 230
    assert "zeppelin" in excerpt(text, ["zepp"])
    assert fragment("short", ["nothing"]) == "short"


@given(st.text(max_size=400), st.text(min_size=1, max_size=20))
def test_a_fragment_never_lets_markup_through(text, question):
    shown = fragment(text, words_of(question)).replace("<mark>", "").replace("</mark>", "")
    assert "<" not in shown
    assert ">" not in shown
