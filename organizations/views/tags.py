"""Settings: the office's words for organizations."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from core.pages import delete_and_tell, page, render_form
from core.tables import Column, Empty, List, build_listing, register_list, render_listing
from organizations.actions.tags import delete_tag, edit_tag
from organizations.filters import TagFilter
from organizations.forms.tags import TagNameForm
from organizations.queries.profiles import tags_with_counts

TAGS = register_list(
    List(
        code="tags",
        label=gettext_lazy("Tags"),
        url_name="organizations:tags",
        reads=tags_with_counts,
        filterset_class=TagFilter,
        columns=[
            Column("name", gettext_lazy("Tag"), sort="name_key", css="long-name", value="name"),
            Column("held", gettext_lazy("Organizations"), sort="held", numeric=True, value="held"),
        ],
        default_sort="name",
        row_template="organizations/tags/_row.html",
        counted=ngettext_lazy("%(n)d tag", "%(n)d tags", "n"),
        empty=Empty(gettext_lazy("No tags yet. Tag an organization on its page, or many in their list."), icon="tag"),
        no_match=gettext_lazy("No tag reads like that."),
    )
)


@page("organizations.view_organizations")
def tags(request: HttpRequest) -> HttpResponse:
    """All tags, and how many organizations have each."""
    return render_listing(request, build_listing(request, TAGS))


@page("organizations.edit_tag", methods=["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a tag another word, or make two tags one."""
    row = get_object_or_404(tags_with_counts(request.actor), pk=pk)
    form = TagNameForm(request.POST or None, initial=TagNameForm.initial_of(row))
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data.pop("version")
        if form.perform(edit_tag, actor=request.actor, tag=row, seen=seen) is not None:
            messages.success(request, form.told(_("Tag changed.")))
            return redirect("organizations:tags")
    return render_form(request, "organizations/tags/form.html", form, tag=row)


@page("organizations.delete_tag", methods=["POST"])
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a tag off all organizations; the status bar has the way back."""
    row = get_object_or_404(tags_with_counts(request.actor), pk=pk)
    return delete_and_tell(request, row, delete_tag, subject="tag", onward=row.get_absolute_url())
