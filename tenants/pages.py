"""What pages of every app show of what an office keeps for all of them."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from core.versions import VersionedModel
from tenants.models import StoredFile
from tenants.queries.record_history import history_of


def render_history(request: HttpRequest, row: VersionedModel, *beside: VersionedModel) -> HttpResponse:
    """Who changed what about a record that the reader may see, and about others that are shown together with it."""
    history = history_of(request.actor, [row, *beside], page=request.GET.get("page"))
    return render(request, "tenants/history/record.html", {"record": row, "history": history})


def handed_out(file: StoredFile) -> FileResponse:
    """The bytes as a download, whatever they are: nothing is ever shown inside a page. 404 where they are gone."""
    try:
        content = default_storage.open(file.path)
    except FileNotFoundError:
        raise Http404 from None
    answer = FileResponse(content, as_attachment=True, filename=file.name, content_type=file.media_type)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer
