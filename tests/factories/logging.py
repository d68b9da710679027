"""Follow-ups and attached files for tests; the scope must be open."""

import io

from partnerships.models import FollowUp, Interaction, InteractionAttachment, Partnership
from tenants.actions.files import store_file
from tests.cast import Office
from tests.factories.partnerships import make_interaction, make_partnership


def make_followup(partnership: Partnership | None = None, **fields) -> FollowUp:
    values = {"title": "Send the template", **fields}
    return FollowUp.objects.create(partnership=partnership or make_partnership(), **values)


def upload(content: bytes = b"%PDF-1.7 minutes", name: str = "minutes.pdf") -> io.BytesIO:
    """What a form hands over."""
    stream = io.BytesIO(content)
    stream.name, stream.size = name, len(content)
    return stream


def make_attachment(office: Office, interaction: Interaction | None = None, **file) -> InteractionAttachment:
    row = interaction or make_interaction(make_partnership())
    stored = store_file(actor=office.actor(), upload=upload(**file))
    return InteractionAttachment.objects.create(interaction=row, file=stored)
