"""Handing out attached files: as a download, never shown inside a page of ours."""

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from core.errors import ActionRefused
from core.pages import page
from partnerships.actions.attachments import detach_file, open_attachment
from partnerships.queries.attachments import visible_attachments


@page("partnerships.open_attachment")
def attachment(request: HttpRequest, pk: int) -> FileResponse:
    """One file, for whoever may read its interaction; each time is written down."""
    row = get_object_or_404(visible_attachments(request.actor), pk=pk)
    try:
        file = open_attachment(actor=request.actor, attachment=row)
        content = default_storage.open(file.path)
    except (ActionRefused, FileNotFoundError):
        raise Http404 from None
    answer = FileResponse(content, as_attachment=True, filename=file.name, content_type=file.media_type)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "no-store, private"
    return answer


@page("partnerships.detach_file", methods=["POST"])
def detach(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a file away from its interaction."""
    row = get_object_or_404(visible_attachments(request.actor), pk=pk)
    try:
        detach_file(actor=request.actor, attachment=row)
    except ActionRefused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("%s taken away.") % row.file.name)
    return HttpResponseRedirect(row.interaction.get_absolute_url())
