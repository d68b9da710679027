"""Files of interactions: adding, fetching, taking away."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from core.actions import action
from core.actor import Actor
from core.errors import ActionRefused
from core.versions import count_edit
from partnerships.models import Interaction, InteractionAttachment
from partnerships.queries.interactions import lock_interaction
from tenants.actions.files import Upload, decoded_upload, note_access, store_file
from tenants.models import StoredFile

MOST_FILES = 20


@action("partnerships.attach_files")
def attach_files(*, actor: Actor, interaction: Interaction, files: Iterable[Upload]) -> Interaction:
    """Add files to an interaction that the actor may read."""
    row = lock_interaction(interaction.pk)
    if keep_files(actor=actor, interaction=row, files=files):
        count_edit(row)
    return row


@action("partnerships.attach_content")
def attach_content(*, actor: Actor, interaction: Interaction, name: str, content: str) -> Interaction:
    """Add one small file, given as base64, to an interaction: the API's way."""
    upload = decoded_upload(name, content)
    row = lock_interaction(interaction.pk)
    keep_files(actor=actor, interaction=row, files=[upload], field="content")
    count_edit(row)
    return row


def keep_files(*, actor: Actor, interaction: Interaction, files: Iterable[Upload], field: str = "files") -> int:
    """Store files and attach them, inside an action; answers how many."""
    files = list(files)
    present = interaction.attachments.count() if files else 0
    if present + len(files) > MOST_FILES:
        words = _("An interaction has at most %s files. Attach fewer, or put them together.") % MOST_FILES
        raise ActionRefused("too_many_files", words, field=field)
    InteractionAttachment.objects.bulk_create(
        InteractionAttachment(interaction=interaction, file=store_file(actor=actor, upload=each, field=field))
        for each in files
    )
    return len(files)


@action("partnerships.detach_file")
def detach_file(*, actor: Actor, attachment: InteractionAttachment) -> Interaction:
    """Take a file away from its interaction. It can be put back for as long as changes can be undone."""
    row = lock_interaction(attachment.interaction_id)
    if row.logged_by_id != actor.user_id and not actor.may("partnerships.view_confidential"):
        raise ActionRefused("not_yours", _("Only its author or a manager can take a file away."))
    InteractionAttachment.objects.filter(pk=attachment.pk).delete()
    count_edit(row)
    return row


@action("partnerships.open_attachment")
def open_attachment(*, actor: Actor, attachment: InteractionAttachment) -> StoredFile:
    """The file to hand out, after writing down who fetches it. Refuses one whose content was removed."""
    if attachment.file.purged_at is not None:
        raise ActionRefused("purged", _("The content of this file was removed."))
    note_access(actor=actor, file=attachment.file)
    return attachment.file
