"""The documents of agreements: adding versions, fetching, comparing, and giving them to outsiders."""

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from agreements.actions.documents import add_document, delete_document, edit_document, open_document, share_document
from agreements.forms.documents import CompareForm, DocumentEditForm, DocumentForm, ShareForm
from agreements.queries.agreements import visible_agreements
from agreements.queries.documents import accesses_of, compare, shares_of, versions_of, visible_documents
from core.errors import ActionRefused
from core.pages import delete_and_tell, page, render_form

FOLDER = "agreements/documents/"
MOST_ROWS = 100


@page("agreements.add_document", methods=["GET", "POST"])
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a document, or the next version of one: its title says which."""
    row = get_object_or_404(visible_agreements(request.actor), pk=pk)
    initial = {name: request.GET[name] for name in ("title", "label", "level") if name in request.GET}
    form = DocumentForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        made = form.perform(add_document, actor=request.actor, agreement=row)
        if made is not None:
            messages.success(request, _("%(title)s, version %(number)d added.") % vars(made))
            return redirect(f"{row.get_absolute_url()}?tab=documents")
    return render_form(request, f"{FOLDER}form.html", form, agreement=row)


@page("agreements.view_documents")
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """One version of a paper: the others, to whom it was given, and for its owner who fetched it."""
    actor = request.actor
    row = get_object_or_404(visible_documents(actor), pk=pk)
    versions = list(versions_of(actor, row))
    earlier = next((each for each in versions if each.number < row.number), None)
    mine = actor.user_id in (row.agreement.owner_id, row.added_by_id)
    shows_log = row.file_id is not None and (mine or actor.may("agreements.view_all_accesses"))
    context = {
        "document": row,
        "versions": versions,
        "earlier": earlier,
        "shares": shares_of(actor, row)[:MOST_ROWS],
        "shows_log": shows_log,
        "accesses": accesses_of(actor, row)[:MOST_ROWS] if shows_log else [],
    }
    return render(request, f"{FOLDER}detail.html", context)


@page("agreements.open_document")
def document_file(request: HttpRequest, pk: int) -> FileResponse:
    """The file, for whoever may read the document; each time is written down."""
    row = get_object_or_404(visible_documents(request.actor), pk=pk)
    try:
        file = open_document(actor=request.actor, document=row).file
        content = default_storage.open(file.path)
    except (ActionRefused, FileNotFoundError):
        raise Http404 from None
    answer = FileResponse(content, as_attachment=True, filename=file.name, content_type=file.media_type)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "no-store, private"
    return answer


@page("agreements.view_documents")
def document_compare(request: HttpRequest, pk: int) -> HttpResponse:
    """Two versions side by side: ``left`` and ``right``, or this one beside the one before it."""
    actor = request.actor
    row = get_object_or_404(visible_documents(actor), pk=pk)
    versions = list(versions_of(actor, row))
    by_pk = {str(each.pk): each for each in versions}
    earlier = [each for each in versions if each.number < row.number]
    right = by_pk.get(request.GET.get("right", ""), row)
    left = by_pk.get(request.GET.get("left", ""), earlier[0] if earlier else None)
    rows, refused = [], ""
    if left is not None and left.pk != right.pk:
        try:
            rows = compare(actor, document_a=left, document_b=right)
        except ActionRefused as why:
            refused = why.message
    chosen = {"left": left.pk if left else None, "right": right.pk}
    context = {
        "document": row,
        "form": CompareForm(initial=chosen, versions=versions_of(actor, row)),
        "left": left,
        "right": right,
        "rows": rows,
        "changes": sum(each.kind != "same" for each in rows),
        "refused": refused,
        "several": len(versions) > 1,
    }
    return render(request, f"{FOLDER}compare.html", context)


@page("agreements.edit_document", methods=["GET", "POST"])
def document_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what a document is, who may read it, or its text."""
    row = get_object_or_404(visible_documents(request.actor).defer(None), pk=pk)
    form = DocumentEditForm(request.POST or None, initial=DocumentEditForm.initial_of(row))
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data.pop("version")
        if form.perform(edit_document, actor=request.actor, document=row, seen=seen) is not None:
            messages.success(request, form.told(_("Document changed.")))
            return redirect(row)
    return render_form(request, f"{FOLDER}edit.html", form, document=row)


@page("agreements.share_document", methods=["GET", "POST"])
def document_share(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down that a document is given to an organization; from a level upwards that takes an NDA in force."""
    row = get_object_or_404(visible_documents(request.actor), pk=pk)
    partnership = row.agreement.partnership
    initial = {"organization": partnership.organization_id if partnership else None}
    form = ShareForm(request.POST or None, actor=request.actor, initial=initial)
    if request.method == "POST" and form.is_valid():
        words = {"title": str(row), "organization": form.cleaned_data["organization"].name}
        if form.perform(share_document, actor=request.actor, document=row) is not None:
            messages.info(request, _("%(title)s: given to %(organization)s.") % words)
            return redirect(row)
    return render_form(request, f"{FOLDER}share.html", form, document=row)


@page("agreements.delete_document", methods=["POST"])
def document_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a document that was added by mistake; the status bar has the way back."""
    row = get_object_or_404(visible_documents(request.actor), pk=pk)
    onward = f"{row.agreement.get_absolute_url()}?tab=documents"
    return delete_and_tell(request, row, delete_document, subject="document", onward=onward)
