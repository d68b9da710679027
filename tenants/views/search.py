"""The page of results and the palette in the top bar."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from core.pages import page
from core.search.finding import MOST_FOUND, SIMILAR, Found
from core.search.registry import kinds_for
from core.search.words import LONGEST_QUESTION, excerpt, fragment, marked, words_of
from tenants.queries.search import quoted, suggestions
from tenants.queries.search import search as ask

FIRST, PER_PAGE = 5, 25


@page("tenants.view_search")
def search(request: HttpRequest) -> HttpResponse:
    """All kinds with their first rows, or one kind page by page; what is longer than a question is cut."""
    actor, question = request.actor, request.GET.get("q", "").strip()[:LONGEST_QUESTION]
    kinds = {kind.code: kind for kind in kinds_for(actor)}
    chosen = kinds.get(request.GET.get("kind", ""))
    answer = ask(actor, q=question)
    if chosen and chosen.code not in answer.found:
        answer = ask(actor, q=question.lstrip("@#>"))
    shown = [chosen] if chosen else [kinds[code] for code in answer.found]
    groups, found_page = [], None
    for kind in shown:
        rows = answer.found[kind.code]
        if chosen:
            found_page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
        some = list(found_page.object_list) if found_page else rows[:FIRST]
        if rows:
            described = [_described(row, answer.words) for row in quoted(actor, kind, some)]
            groups.append(
                {"kind": kind, "count": _count(rows), "rows": described, "rest": len(rows) > len(some) and not chosen}
                | {"url": _address(question, kind.code)}
            )
    tabs = [
        {
            "label": kinds[code].label,
            "url": _address(question, code),
            "current": kinds[code] is chosen,
            "count": _count(rows),
        }
        for code, rows in answer.found.items()
        if rows or kinds[code] is chosen
    ]
    if tabs:
        tabs.insert(0, {"label": _("Everything"), "url": _address(question), "current": chosen is None})
    context = {
        "question": question,
        "words": answer.words,
        "groups": groups,
        "tabs": tabs,
        "found_page": found_page,
        "query": urlencode({"q": question, "kind": chosen.code}) if chosen else "",
        "too_many": bool(chosen and len(answer.found[chosen.code]) >= MOST_FOUND),
        "most": MOST_FOUND,
        "total": answer.total,
    }
    return render(request, "tenants/search/results.html", context)


@page("tenants.view_search")
def palette(request: HttpRequest) -> HttpResponse:
    """Options for the search field: a group each of what was found, what one may start and where one may go."""
    question = request.GET.get("q", "").strip()[:LONGEST_QUESTION]
    found, words = suggestions(request.actor, q=question), words_of(question)
    titles = {
        "recent": _("Recent"),
        "partners": _("Partners"),
        "people": _("People"),
        "records": _("Records"),
    }
    groups = [
        {"label": label, "options": [_option(row, words) for row in found[name]]}
        for name, label in titles.items()
        if found[name]
    ]
    pages = [each for each in found["pages"] if each["group"] == "main"]
    settings = [each for each in found["pages"] if each["group"] == "settings"]
    groups += [
        {"label": label, "options": options}
        for label, options in ((_("Actions"), found["actions"]), (_("Pages"), pages), (_("Settings"), settings))
        if options
    ]
    everything = _address(question) if question.strip("@#>") else ""
    return render(
        request, "tenants/search/_palette.html", {"groups": groups, "everything": everything, "question": question}
    )


def _address(question: str, kind: str = "") -> str:
    return f"{reverse('tenants:search')}?{urlencode({'q': question} | ({'kind': kind} if kind else {}))}"


def _count(rows: list[Found]) -> str:
    return f"{MOST_FOUND}+" if len(rows) >= MOST_FOUND else str(len(rows))


def _described(row: Found, words: list[str]) -> dict:
    """What a result shows. The reason stands there unless title or description show the words themselves."""
    told = _told(row)
    return {
        "url": row.url,
        "title": marked(row.name, words),
        "about": marked(row.about, words),
        "at": row.at if row.kind.newest_first else None,
        "reason": row.reason if told or row.text or row.hit.field == SIMILAR else "",
        "told": marked(told, words),
        "fragment": fragment(row.text, words) if row.text else "",
    }


def _option(row: Found, words: list[str]) -> dict:
    told = _told(row)
    quoted_words = excerpt(row.text, words, length=70) if row.text else ""
    hint = [row.about, f"{row.reason}: {told}" if told else "", quoted_words]
    return {
        "label": row.name,
        "url": row.url,
        "icon": row.kind.icon,
        "hint": " · ".join(filter(None, hint)),
        "at": row.at if row.kind.newest_first else None,
    }


def _told(row: Found) -> str:
    """The alias, number or title that matched, where nothing else shows it."""
    label = row.hit.label
    return label if row.reason and label and label != row.title and label not in row.about else ""
