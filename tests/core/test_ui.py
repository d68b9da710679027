"""The components render, escape and keep to the content security policy; the vocabulary of values is exact."""

import datetime
import json
import re
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from django import forms
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.http import QueryDict
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory

from core.styleguide import PickerSelect, SampleForm, sample_context
from core.templatetags import ui

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
HOSTILE = '"><script>alert(1)</script>'


@pytest.fixture(autouse=True)
def _unhashed_static_files(settings):
    """Markup needs no build: static files keep their plain names."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture
def request_(rf: RequestFactory):
    request = rf.get("/partners/", {"tier": "strategic", "sort": "-health", "page": "3"})
    request.request_id = "7f3a21c0"
    return request


def render(text: str, **context) -> str:
    return Template("{% load ui i18n %}" + text).render(Context(context))


def without_comments(source: str) -> str:
    source = re.sub(r"{%\s*comment.*?endcomment\s*%}", "", source, flags=re.DOTALL)
    return re.sub(r"{#.*?#}", "", source)


# ------------------------------------------------------------------------------------- the template files


def test_templates_were_found():
    assert len(TEMPLATES) > 60


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_template_breaks_the_content_security_policy(path: Path):
    source = without_comments(path.read_text())
    assert not re.search(r"\sstyle\s*=", source)
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", source)
    assert "hx-on" not in source
    assert "javascript:" not in source
    assert "<style" not in source
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", source))


def test_every_icon_is_in_the_sprite():
    drawn = set(json.loads((ROOT / "static/src/icons.json").read_text()))
    drawn |= {path.stem for path in (ROOT / "static/src/icons").glob("*.svg")}
    used = set()
    for path in TEMPLATES:
        source = path.read_text()
        used |= set(re.findall(r"{%\s*icon \"([\w-]+)\"", source))
        used |= set(re.findall(r"(?:icon_name|kind_icon)=\"([\w-]+)\"", source))
    for path in ROOT.glob("*/apps.py"):
        used |= set(re.findall(r"icon=\"([\w-]+)\"", path.read_text()))
    assert len(used) > 30
    assert used - drawn == set()


def test_style_sheets_name_no_file_and_no_side():
    for path in (ROOT / "static/src/css").glob("*.css"):
        source = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
        assert "url(" not in source, path.name
        sides = r"(?:margin|padding|border)-(?:left|right)\b|(?:^|[;{\s])(?:left|right):|text-align:\s*(?:left|right)"
        assert not re.search(sides, source), path.name


# -------------------------------------------------------------------------------------- whole pages


def test_the_style_guide_renders_in_the_frame(request_):
    context = {
        **sample_context(),
        "tenant": SimpleNamespace(name="Northfield & Co", slug="northfield"),
        "actor": SimpleNamespace(name="Ana Costa", email="ana@example.org", role_label="Manager"),
        "preferences": {"theme": "dark", "density": "compact", "shortcuts": "off"},
        "navigation": [
            {"label": "Today", "url": "/", "icon": "home", "key": "g t", "current": False, "group": "main"},
            {"label": "Partners", "url": "/p", "icon": "building", "key": "g p", "current": True, "group": "main"},
            {"label": "Settings", "url": "/s", "icon": "settings", "key": "", "current": False, "group": "settings"},
        ],
        "log_url": "/log/",
        "search_url": "/search/",
        "preferences_url": "/preferences/",
    }
    html = render_to_string("styleguide/index.html", context, request_)
    assert html.count("<h1") == 1
    assert 'data-theme="dark" data-density="compact" data-shortcuts="off"' in html
    assert "Northfield &amp; Co" in html
    assert '"allowEval":false' in html
    assert "x-csrftoken" in html
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    targets = set(re.findall(r'aria-(?:labelledby|describedby|controls)="([^"]+)"', html))
    assert {word for value in targets for word in value.split()} <= set(ids)


@pytest.mark.parametrize("code", [400, 403, 404, 409, 413, 429, 500, 503])
def test_error_pages_need_no_context(code: int):
    html = render_to_string(f"{code}.html")
    assert html.count("<h1>") == 1
    assert "Causeway" in html


def test_error_pages_show_the_reference(request_):
    assert "7f3a21c0" in render_to_string("404.html", {}, request_)


@pytest.mark.parametrize(
    "page", sorted(path.stem for path in (ROOT / "templates/account").glob("*.html")), ids=lambda page: page
)
def test_account_pages_compile(page: str):
    from django.template.loader import get_template

    assert get_template(f"account/{page}.html")


# -------------------------------------------------------------------------------------- components


def test_icon_is_hidden_or_named():
    assert 'aria-hidden="true"' in ui.icon("home")
    assert 'role="img" aria-label="Home"' in ui.icon("home", "Home", 16)
    assert "icons.svg#home" in ui.icon("home")
    assert "<script" not in ui.icon("home", HOSTILE)


@pytest.mark.parametrize(
    ("band", "score", "words"),
    [
        ("healthy", Decimal("88.2"), "Healthy 88"),
        ("watch", Decimal("69.96"), "Watch 69"),
        ("at_risk", Decimal("31.4"), "At risk 31"),
        ("insufficient", Decimal("50"), "Not enough data"),
        ("healthy", None, "Healthy"),
    ],
)
def test_health_badge_says_the_band_and_never_rounds_into_the_next(band, score, words):
    html = render("{% health_badge band score %}", band=band, score=score)
    assert re.sub(r"<[^>]+>", "", html).strip() == words
    assert f"#health-{ui.health_kind(band)}" in html


def test_field_connects_label_help_and_errors():
    form = SampleForm({"kind": "meeting", "day": "31 31 2026"})
    html = render("{% field form.note %}", form=form)
    assert 'for="id_note"' in html
    assert 'aria-describedby="id_note_helptext id_note_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_note_error"' in html
    assert 'value="31 31 2026"' in render("{% field form.day %}", form=form)


def test_dates_become_native_pickers_with_iso_values():
    html = render("{% field form.day %}{% field form.moment %}", form=SampleForm())
    assert 'type="date"' in html
    assert 'value="2026-11-21"' in html
    assert 'type="datetime-local"' in html
    assert 'value="2026-11-21T14:05"' in html


def test_choices_are_a_fieldset_and_may_be_segments():
    html = render("{% field form.kind appearance='segmented' %}", form=SampleForm())
    assert "<fieldset" in html
    assert "<legend" in html
    assert html.count('class="segment"') == 5


def test_a_picker_keeps_the_select_inside():
    class Form(forms.Form):
        partner = forms.ChoiceField(choices=[("1", HOSTILE)], widget=PickerSelect(lookup_url="/lookup/"))

    html = render("{% field form.partner %}", form=Form())
    assert '<cw-combo class="combo" data-src="/lookup/"' in html
    assert "<select" in html
    assert "<script" not in html


def test_error_summary_links_to_the_first_control_of_every_field():
    form = SampleForm({"kind": "", "stage": "lead"})
    form.add_error(None, HOSTILE)
    html = render_to_string("components/error_summary.html", {"form": form})
    assert 'href="#id_kind_0"' in html
    assert 'href="#id_note"' in html
    assert "What happened: " in html
    assert "<script" not in html
    assert render_to_string("components/error_summary.html", {"form": SampleForm()}).strip().startswith("<") is False


def test_form_carries_token_draft_and_encoding(request_):
    html = render_to_string("components/form.html", {"form": SampleForm(), "draft": "log", "submit": "Log"}, request_)
    assert "csrfmiddlewaretoken" in html
    assert 'data-draft="log"' in html
    assert 'enctype="multipart/form-data"' in html
    assert "novalidate" in html


def test_pager_keeps_the_filter_and_says_where_we_are():
    page = Paginator(range(213), 50).get_page(2)
    html = render_to_string("components/pager.html", {"page": page, "query": "tier=a&sort=name"})
    assert "51 to 100 of 213" in html
    assert 'href="?tier=a&amp;sort=name&amp;page=3"' in html
    assert "Previous" not in render_to_string("components/pager.html", {"page": Paginator([1], 50).get_page(1)})


def test_status_shows_messages_with_the_way_back():
    context = {
        "messages": [Message(constants.SUCCESS, HOSTILE)],
        "status_undo": {"url": "/undo/1/", "label": "Undo"},
    }
    html = render_to_string("components/status.html", context)
    assert 'action="/undo/1/"' in html
    assert "status-success" in html
    assert "<script" not in html
    assert "aria-live" not in html


@pytest.mark.parametrize(
    ("component", "context"),
    [
        ("badge", {"label": HOSTILE}),
        ("callout", {"title": HOSTILE, "text": HOSTILE}),
        ("chips", {"chips": [{"label": HOSTILE, "value": HOSTILE, "remove": 'a="b'}]}),
        ("conflict", {"who": HOSTILE, "conflicts": [{"name": "x", "label": HOSTILE, "yours": HOSTILE}]}),
        ("copy", {"value": HOSTILE, "label": HOSTILE}),
        ("diff", {"changes": [{"label": HOSTILE, "before": HOSTILE, "after": HOSTILE}]}),
        ("empty", {"text": HOSTILE, "action_url": HOSTILE, "action": HOSTILE}),
        ("menu", {"label": HOSTILE, "items": [{"label": HOSTILE, "url": HOSTILE}]}),
        ("stat_tile", {"label": HOSTILE, "value": HOSTILE, "note": HOSTILE, "href": HOSTILE}),
        ("table", {"caption": HOSTILE, "headers": [HOSTILE], "rows": [[HOSTILE, HOSTILE]]}),
        ("tabs", {"tabs": [{"label": HOSTILE, "url": HOSTILE, "current": True}]}),
        ("tie", {"name": HOSTILE, "role": HOSTILE, "strength_label": HOSTILE}),
        ("timeline_item", {"title": HOSTILE, "people": HOSTILE, "text": HOSTILE, "by": HOSTILE}),
    ],
)
def test_components_escape(component: str, context: dict):
    html = render_to_string(f"components/{component}.html", context)
    assert "&lt;script&gt;" in html
    assert "<script" not in html


# ------------------------------------------------------------------------------ addresses and values


def test_sort_links_turn_round_and_forget_the_page(request_):
    html = Template("{% load ui %}{% th 'health' 'Health' '-health' %}{% th 'name' 'Name' '-health' %}").render(
        Context({"request": request_})
    )
    assert html.count("aria-sort") == 1
    assert 'aria-sort="descending"' in html
    assert "?tier=strategic&amp;sort=health" in html
    assert "?tier=strategic&amp;sort=name" in html
    assert "page=" not in html


def test_querystring_without_one_value():
    request = SimpleNamespace(GET=QueryDict("tier=a&tier=b&page=2&q=x"))
    assert ui.querystring_without({"request": request}, "tier", "a") == "?tier=b&q=x"
    assert ui.querystring_without({"request": request}, "tier") == "?q=x"


def test_global_url_is_silent_about_missing_pages():
    assert ui.global_url("account_logout").endswith("/logout/")
    assert ui.global_url("no_such_page") == ""


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Ana Costa", "AC"), ("Łukasz", "Ł"), ("Jean van der Berg", "JB"), ("", "?"), (None, "?"), ("李 明", "李明")],
)
def test_initials(name, letters):
    assert ui.initials(name) == letters


@pytest.mark.parametrize(
    ("value", "currency", "text"),
    [
        (Decimal("438000"), "EUR", "EUR\xa0438,000.00"),
        (Decimal("-5.5"), "EUR", "-EUR\xa05.50"),
        (1200, "JPY", "JPY\xa01,200"),
        (None, "EUR", "–"),
        ("", "EUR", "–"),
        (SimpleNamespace(amount=Decimal(3), currency="DKK"), "", "DKK\xa03.00"),
    ],
)
def test_money(value, currency, text):
    assert ui.money(value, currency) == text


def test_money_in_minor_units_and_in_short():
    assert ui.money_minor(43_800_050, "EUR") == "EUR\xa0438,000.50"
    assert ui.money_minor(1200, "JPY") == "JPY\xa01,200"
    assert ui.money_short(Decimal("1234567"), "EUR") == "EUR\xa01.2M"
    assert ui.money_short(None, "EUR") == "–"


def test_dates_in_words():
    today = datetime.date(2026, 11, 21)
    assert ui.short_date(today) == '<time datetime="2026-11-21">21 Nov 2026</time>'
    assert ui.short_date(None) == "–"
    html = ui.days_ago(datetime.date(2026, 8, 16), today)
    assert html == '<time datetime="2026-08-16" title="16 Aug 2026">97 days ago</time>'


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "today"), (-1, "yesterday"), (1, "tomorrow"), (-97, "97 days ago"), (52, "in 52 days")],
)
def test_distance(days, words):
    assert ui._distance(days) == words


def test_changes_carry_their_sign():
    assert ui.signed(9) == "+9"
    assert ui.signed(Decimal("-13.8")) == "−13.8"
    assert ui.signed(0) == "0"
    assert ui.signed(None) == "–"
    assert ui.points(Decimal("9.14")) == "9.1"
    assert ui.or_none("") == "–"
    assert ui.or_none(0) == 0
