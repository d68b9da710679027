"""Reading a page as a machine does: what makes it hard to use or unsafe, in words."""

import re
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
UNLABELLED = {"hidden", "submit", "button", "image", "reset"}
# How days come out of a template that does not say how; ours are written 31 Mar 2028.
UNFORMATTED_DAY = re.compile(
    r"\b(?:Jan\.|Feb\.|March|April|May|June|July|Aug\.|Sept\.|Oct\.|Nov\.|Dec\.) \d\d?, \d{4}\b"
)
DIRECTIVES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    within: "Element | None" = None
    text: str = ""
    named: bool = False  # holds an image or the like with a name

    @property
    def name(self) -> str:
        return " ".join(filter(None, [self.tag, self.attributes.get("name") or self.attributes.get("id", "")]))

    def inside(self, tag: str) -> "Element | None":
        """The nearest element around it with this tag."""
        around = self.within
        while around is not None and around.tag != tag:
            around = around.within
        return around


@dataclass
class Markup(HTMLParser):
    """Every element of a page with its attributes, its text and what stands around it."""

    elements: list[Element] = field(default_factory=list)

    def __post_init__(self):
        super().__init__()
        self._open: list[Element] = []
        self.faults: list[str] = []
        self.doctype = False

    @classmethod
    def of(cls, text: str) -> "Markup":
        markup = cls()
        markup.feed(text)
        markup.close()
        markup.faults += [f"<{element.tag}> is never closed" for element in markup._open]
        return markup

    def handle_decl(self, decl):
        self.doctype = self.doctype or decl.lower() == "doctype html"

    def handle_starttag(self, tag, attrs):
        double = [name for name, times in Counter(name for name, _value in attrs).items() if times > 1]
        self.faults += [f"<{tag}> has {name} twice" for name in double]
        element = Element(tag, {name: value or "" for name, value in attrs}, self._open[-1] if self._open else None)
        self.elements.append(element)
        if element.attributes.get("aria-label") or element.attributes.get("alt"):
            for around in self._open:
                around.named = True
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        if not self._open or self._open[-1].tag != tag:
            self.faults.append(f"</{tag}> closes {self._open[-1].name if self._open else 'nothing'}")
            while self._open and self._open[-1].tag != tag and any(each.tag == tag for each in self._open):
                self._open.pop()
        if self._open and self._open[-1].tag == tag:
            self._open.pop()

    def handle_data(self, data):
        for element in self._open:
            element.text += data

    def all(self, *tags: str) -> list[Element]:
        return [element for element in self.elements if element.tag in tags]


def _unsafe(markup: Markup) -> list[str]:
    """No style, script or handler in the page itself, and no address that runs one."""
    problems = []
    for element in markup.elements:
        if element.tag == "style" or "style" in element.attributes:
            problems.append(f"<{element.name}> carries a style")
        if element.tag == "script" and not element.attributes.get("src"):
            if element.attributes.get("type") != "application/json":
                problems.append("a script stands in the page")
        for name, value in element.attributes.items():
            if name.startswith(("on", "hx-on")):
                problems.append(f"<{element.name}> has the handler {name}")
            if value.strip().lower().startswith(("javascript:", "data:text", "vbscript:")):
                problems.append(f"<{element.name}> has the address {value[:40]}")
            if name in ("src", "href", "action") and value.startswith(("http:", "https:", "//")):
                if element.tag not in ("a",):
                    problems.append(f"<{element.name}> loads from {value}")
    return problems


def part_problems(text: str) -> list[str]:
    """Whole markup, unique ids that references find, a name for every control, link, button and image."""
    return _faulty(Markup.of(text))


def _faulty(markup: Markup) -> list[str]:
    problems = list(markup.faults)
    ids = Counter(element.attributes["id"] for element in markup.elements if "id" in element.attributes)
    problems += [f"the id {name!r} stands there {times} times" for name, times in ids.items() if times > 1 or not name]
    labels = {element.attributes.get("for") for element in markup.all("label") if element.text.strip() or element.named}
    for element in markup.all("input", "select", "textarea"):
        if element.tag == "input" and element.attributes.get("type", "text") in UNLABELLED:
            continue
        around = element.inside("label")
        named = element.attributes.get("aria-label", "").strip() or element.attributes.get("id") in labels
        described = [each for each in element.attributes.get("aria-labelledby", "").split() if each in ids]
        if not (named or described or (around and around.text.strip())):
            problems.append(f"<{element.name}> has no label")
    for element in markup.all("a", "button", "summary"):
        labelled = [each for each in element.attributes.get("aria-labelledby", "").split() if each in ids]
        named = element.text.strip() or element.named or element.attributes.get("aria-label", "").strip() or labelled
        if not named and "hidden" not in element.attributes:
            problems.append(f"<{element.name}> has no name")
    for element in markup.all("img"):
        if "alt" not in element.attributes:
            problems.append(f"<{element.name}> has no alt")
    for element in markup.elements:
        for name in ("aria-labelledby", "aria-describedby", "aria-controls"):
            for each in element.attributes.get(name, "").split():
                if each not in ids and name != "aria-controls":
                    problems.append(f"<{element.name}> refers to {each}, which is not there")
    for element in markup.all("label"):
        if element.attributes.get("for") and element.attributes["for"] not in ids:
            problems.append(f"a label is for {element.attributes['for']}, which is not there")
    unformatted = {match[0] for element in markup.elements for match in UNFORMATTED_DAY.finditer(element.text)}
    problems += [f"the day {day} is not written as all others" for day in sorted(unformatted)]
    return problems + _unsafe(markup)


def document_problems(text: str) -> list[str]:
    """A whole page: language, title, one main landmark, one first heading, and what every part keeps."""
    markup = Markup.of(text)
    problems = [] if markup.doctype else ["it has no doctype"]
    if not [html for html in markup.all("html") if html.attributes.get("lang")]:
        problems.append("it says no language")
    titles = [title for title in markup.all("title") if not title.inside("svg")]
    if len(titles) != 1 or not titles[0].text.strip():
        problems.append("it has no title")
    for tag in ("h1", "main"):
        if len(markup.all(tag)) != 1:
            problems.append(f"it has {len(markup.all(tag))} <{tag}>")
    if [heading for heading in markup.all("h1") if not heading.text.strip()]:
        problems.append("its first heading is empty")
    if not [meta for meta in markup.all("meta") if meta.attributes.get("name") == "viewport"]:
        problems.append("it has no viewport")
    return problems + _faulty(markup)


def header_problems(headers) -> list[str]:
    """The content security policy is the strict one, and the other headers of a page are there."""
    problems = []
    policy = {}
    for directive in headers.get("Content-Security-Policy", "").split(";"):
        name, _space, sources = directive.strip().partition(" ")
        policy[name] = sources
    problems += [
        f"its policy says {name} {policy.get(name)}"
        for name, sources in DIRECTIVES.items()
        if policy.get(name) != sources
    ]
    problems += [
        f"its policy allows {name} {sources}"
        for name, sources in policy.items()
        if name not in DIRECTIVES and sources not in ("'self'", "'none'")
    ]
    for name, value in (
        ("X-Frame-Options", "DENY"),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
    ):
        if headers.get(name) != value:
            problems.append(f"its {name} is {headers.get(name)}")
    return problems
