"""Writing the rows of a list: cells by column, in the order that the reader chose.

    {% cells %}
    {% cell "name" %}<a href="{% row_link row %}">{{ row.name }}</a>{% endcell %}
    {% cell "city" %}{{ row.city|or_none }}{% endcell %}
    {% endcells %}

Element, alignment and the phone's label come from the column, so that head and body cannot drift apart.
"""

from django import template
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from core.neighbors import neighbors_of, origin

register = template.Library()


class CellNode(template.Node):
    def __init__(self, name: str, content: template.NodeList):
        self.name = name
        self.nodelist = content

    def render(self, context) -> str:
        return self.nodelist.render(context)


class CellsNode(template.Node):
    """One element per chosen column; a column without a cell is a fault of the template and raises."""

    def __init__(self, cells: dict[str, CellNode]):
        self.cells = cells

    def render(self, context) -> str:
        first, parts = context["listing"].list.columns[0], []
        for column in context["listing"].columns:
            if column.name not in self.cells:
                raise template.TemplateSyntaxError(f"There is no cell for the column {column.name}")
            content = self.cells[column.name].render(context).strip()
            classes = " ".join(
                filter(None, [column.css, "num" if column.numeric else "", "wide-only" if column.wide_only else ""])
            )
            css = format_html(' class="{}"', classes) if classes else ""
            if column is first:
                parts.append(f'<th scope="row" id="row-{context["row"].pk}"{css}>{content}</th>')
            else:
                labelled = not {"lead", "hide-phone"} & set(column.css.split())
                label = format_html(' data-label="{}"', column.label) if labelled else ""
                parts.append(f"<td{css}{label}>{content}</td>")
        return mark_safe("\n".join(parts))  # noqa: S308  content is rendered by the template, the rest escaped above


@register.tag
def cell(parser, token):
    """{% cell "name" %} … {% endcell %}"""
    try:
        _tag, name = token.split_contents()
    except ValueError:
        raise template.TemplateSyntaxError("cell takes the name of a column") from None
    content = parser.parse(("endcell",))
    parser.delete_first_token()
    return CellNode(name.strip("\"'"), content)


@register.tag
def cells(parser, token):
    """{% cells %} around the cells of a row"""
    content = parser.parse(("endcells",))
    parser.delete_first_token()
    return CellsNode({node.name: node for node in content if isinstance(node, CellNode)})


@register.simple_tag(takes_context=True)
def row_link(context, row) -> str:
    """The address of a row's page, which remembers the list it was opened from. Inside the loop over the rows."""
    listing, place = context["listing"], context["forloop"]["counter0"] + context["listing"].page.start_index()
    return f"{row.get_absolute_url()}?{origin(listing.list.code, listing.origin_query, place)}"


@register.simple_tag(takes_context=True)
def query_with(context, **changes) -> str:
    """The query of the list's address with changes, back on the first page: what a count of some rows links to."""
    return context["listing"].query_with(**changes)


@register.inclusion_tag("components/neighbors.html", takes_context=True)
def neighbors(context, row) -> dict:
    """Where a row's page stands in the list it was opened from, and the way on; nothing when it came another way."""
    return {"neighbors": neighbors_of(context["request"], row)}
