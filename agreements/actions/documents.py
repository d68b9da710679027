"""Documents of agreements: adding versions, fetching, giving them to outsiders."""

from django.utils import timezone
from django.utils.translation import gettext as _

from agreements.models import Agreement, Document, DocumentShare
from agreements.queries.agreements import levels_of, lock_agreement
from agreements.queries.compliance import nda_in_force
from agreements.queries.documents import lock_document, next_number, visible_documents
from agreements.rules.confidentiality import is_lower, needs_nda
from core.actions import action
from core.actor import Actor
from core.errors import ActionRefused, InvalidInput
from core.versions import apply_edit
from organizations.models import Organization
from tenants.actions.deletion import delete_record
from tenants.actions.files import Upload, note_access, store_file

LONGEST_TEXT = 1_000_000


@action("agreements.add_document")
def add_document(
    *,
    actor: Actor,
    agreement: Agreement,
    title: str,
    text: str = "",
    file: Upload | None = None,
    **fields: object,
) -> Document:
    """Add a version of a paper: a file, its text, or both. The first of a title is version 1, each further one more.

    What the file is, is told from its content; programs, web pages, archives and anything beyond 25 MB are refused.
    Where it is plain text, that is kept for comparing versions unless ``text`` is given.
    """
    title, text = " ".join(title.split()), _plain(text)
    if not title:
        raise InvalidInput("no_title", _("Give the document a title."), field="title")
    if file is None and not text:
        raise InvalidInput("no_content", _("Choose a file, or paste the text."), field="file")
    agreement = lock_agreement(agreement.pk)
    stored = None
    if file is not None:
        stored = store_file(actor=actor, upload=file, field="file")
        text = text or _read_out(stored.media_type, file)
    return Document.objects.create(
        agreement=agreement,
        title=title,
        number=next_number(agreement, title),
        file=stored,
        text=text,
        added_by_id=actor.user_id,
        **fields,
    )


@action("agreements.edit_document")
def edit_document(*, actor: Actor, document: Document, seen: int | None = None, **changes: object) -> Document:
    """Correct what a document is, its level or its text. Its agreement, title, number and file stay.

    Lowering the level takes the permission to read the present one, and nobody raises it beyond their own sight.
    """
    row = lock_document(document.pk)
    for name in ("agreement", "title", "file"):
        given = changes.pop(name, None)
        if given is not None and given != getattr(row, name):
            raise ActionRefused("fixed", _("This stays as it was added. Add another version."), field=name)
    if "text" in changes:
        changes["text"] = _plain(changes["text"])
        if not changes["text"] and row.file_id is None:
            raise InvalidInput("no_content", _("Without a file, a document needs its text."), field="text")
    level = changes.get("level", row.level)
    if is_lower(level, than=row.level) and row.level not in levels_of(actor):
        words = _("Only somebody entitled to read this level may lower it. Ask a manager.")
        raise ActionRefused("may_not_lower", words, field="level")
    apply_edit(row, changes, seen=seen)
    if not visible_documents(actor).filter(pk=row.pk).exists():
        words = _("You could not read it yourself any more. Ask somebody who may.")
        raise ActionRefused("beyond_sight", words, field="level")
    return row


@action("agreements.delete_document")
def delete_document(*, actor: Actor, document: Document) -> None:
    """Delete a document that was added by mistake. One that was executed, or given to anybody, stays."""
    row = lock_document(document.pk)
    if row.label == "executed":
        raise ActionRefused("executed", _("An executed document is kept. It cannot be deleted."))
    if row.shares.exists():
        raise ActionRefused("shared", _("This was given to somebody, and that stays on record. It cannot be deleted."))
    delete_record(actor, row)


@action("agreements.open_document")
def open_document(*, actor: Actor, document: Document) -> Document:
    """Write down who fetches the file of a document; refused where it has none, or its content was removed."""
    row = lock_document(document.pk)
    if row.file is None or row.file.purged_at is not None:
        raise ActionRefused("no_file", _("There is no file, or its content was removed."))
    note_access(actor=actor, file=row.file)
    return row


@action("agreements.share_document")
def share_document(
    *, actor: Actor, document: Document, organization: Organization, override_reason: str = ""
) -> Document:
    """Write down that a document is given to an organization, under the NDA in force with it today.

    From the level "shared with the partner" upwards there must be one. A manager may give a reason instead, which is
    kept with the share.
    """
    give_document(actor=actor, document=lock_document(document.pk), organization=organization, why=override_reason)
    return document


def give_document(*, actor: Actor, document: Document, organization: Organization, why: str = "") -> DocumentShare:
    """The share itself, for actions that give something out as part of what they do; the document is locked."""
    if organization.is_own:
        raise InvalidInput("own_institution", _("The institution has it already."), field="organization")
    nda = nda_in_force(organization, timezone.localdate())
    return DocumentShare.objects.create(
        document=document,
        organization=organization,
        nda=nda,
        override_reason="" if nda is not None else reason_without_nda(actor, document.level, organization, why),
        shared_by_id=actor.user_id,
    )


def reason_without_nda(actor: Actor, level: str, organization: Organization, why: str) -> str:
    """Why something may leave the office without an NDA; refused where it may not."""
    if not needs_nda(level):
        return f"Level {level}: no NDA is needed."
    why = " ".join(why.split())
    if why and actor.may("agreements.share_without_nda"):
        return why
    if why:
        words = _("There is no NDA in force with %s. Only a manager may share without one.")
    else:
        words = _("There is no NDA in force with %s. Have one signed first, or let a manager give a reason.")
    raise ActionRefused("no_nda", words % organization.name, field="organization")


def _read_out(media_type: str, file: Upload) -> str:
    """The words of a plain text, as far as they are kept; of anything else none."""
    if media_type != "text/plain":
        return ""
    file.seek(0)
    words = file.read(4 * LONGEST_TEXT).decode("utf-8-sig", "ignore")
    file.seek(0)
    return words[:LONGEST_TEXT].strip()


def _plain(text: object) -> str:
    words = str(text or "").replace("\r\n", "\n").strip()
    if len(words) > LONGEST_TEXT:
        raise InvalidInput("too_long", _("This text is too long. Attach it as a file."), field="text")
    return words
