"""PDF from a Typst template and plain data.

The template is a file of ours; what people typed goes in as data and is set as text, never read as markup. The result
is tagged for screen readers (PDF/UA-1).
"""

import json
from collections.abc import Mapping
from pathlib import Path

import typst
from django.conf import settings
from django.http import HttpResponse
from django.utils.text import slugify

STANDARD = "ua-1"


def pdf_from(template: str, data: Mapping[str, object]) -> bytes:
    """The document that ``templates/<template>`` makes of ``data``: plain values that JSON can carry.

    The template reads them as ``json(bytes(sys.inputs.data))``. A template that does not compile raises: that is a
    mistake of ours, not of the data.
    """
    path = Path(settings.BASE_DIR) / "templates" / template
    return typst.compile(str(path), sys_inputs={"data": json.dumps(data)}, pdf_standards=[STANDARD])


def pdf_response(content: bytes, name: str) -> HttpResponse:
    """The document as a download; ``name`` without ending, made safe for every file system."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{slugify(name) or "document"}.pdf"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
