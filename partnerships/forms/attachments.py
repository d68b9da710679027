"""Adding files to an interaction."""

from django.utils.translation import gettext_lazy as _

from core.forms import ActionForm
from partnerships.forms.interactions import SeveralFiles


class AttachForm(ActionForm):
    files = SeveralFiles(
        label=_("Files"),
        help_text=_("PDF, images, Office documents or text, up to 25 MB each."),
        error_messages={"required": _("Choose at least one file.")},
    )
