"""Reading documents: whoever may read the agreement and the document's own level, and nobody else."""

from dataclasses import dataclass

from django.db.models import Max, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from agreements.models import Agreement, Document, DocumentShare
from agreements.queries.agreements import levels_of, readable
from agreements.rules.differences import Row, compare_texts
from core.actions import visible
from core.actor import Actor
from core.errors import ActionRefused, InvalidInput
from tenants.models import FileAccess

LONGEST_COMPARED = 400_000


def readable_document(actor: Actor) -> Q:
    """Documents of the actor's levels, one's own, and every one of an agreement that the actor handles or leads."""
    allowed = Q(level__in=levels_of(actor))
    if actor.user_id is None:
        return allowed
    mine = Q(agreement__owner_id=actor.user_id) | Q(agreement__principal_investigator_id=actor.user_id)
    return allowed | mine | Q(added_by_id=actor.user_id)


@visible("agreements.view_documents")
def visible_documents(actor: Actor) -> QuerySet[Document]:
    """The documents the actor may read, by title and newest version first, with file and who added them.

    ``text`` is not loaded: lists do not show it.
    """
    agreements = Agreement.objects.filter(readable(actor)).values("pk")
    return (
        Document.objects.filter(readable_document(actor), agreement__in=agreements)
        .select_related("agreement", "file", "added_by")
        .defer("text")
        .order_by("agreement_id", "title", "-number", "-pk")
    )


@visible("agreements.view_documents")
def versions_of(actor: Actor, document: Document) -> QuerySet[Document]:
    """The versions of the same paper that the actor may read, newest first."""
    return visible_documents(actor).filter(agreement_id=document.agreement_id, title=document.title)


@visible("agreements.view_documents")
def compare(actor: Actor, *, document_a: Document, document_b: Document) -> list[Row]:
    """Both texts side by side; each must be one the actor may read.

    Refused where a document has no text (its words were neither read out of the file nor pasted) or too much of it.
    """
    wanted = {document_a.pk, document_b.pk}
    texts = dict(visible_documents(actor).filter(pk__in=wanted).values_list("pk", "text"))
    if texts.keys() != wanted:
        raise ActionRefused("not_there", _("There is no such document, or none that you may see."))
    for document in (document_a, document_b):
        if not texts[document.pk]:
            words = _("%s has no text to compare. Paste its text into the document first.") % document
            raise ActionRefused("no_text", words)
        if len(texts[document.pk]) > LONGEST_COMPARED:
            words = _("%s is too long to compare here. Compare the files in your word processor.") % document
            raise ActionRefused("too_long", words)
    return compare_texts(texts[document_a.pk], texts[document_b.pk])


@dataclass(frozen=True, slots=True)
class Differences:
    """Two documents side by side."""

    left: Document
    right: Document
    rows: list[Row]


@visible("agreements.view_documents")
def differences_between(actor: Actor, document: Document, *, other: int) -> Differences:
    """A document beside another one that the actor may read, named by its id; refused as ``compare`` does."""
    right = visible_documents(actor).filter(pk=other).first()
    if right is None:
        raise InvalidInput("not_there", _("There is no such document, or none that you may see."), field="other")
    return Differences(document, right, compare(actor, document_a=document, document_b=right))


@visible("agreements.view_document_shares")
def visible_shares(actor: Actor) -> QuerySet[DocumentShare]:
    """To whom documents that the actor may read were given, latest first.

    ``nda_reference`` names the NDA where the actor may read that, else it is None: show it and never the row behind.
    """
    documents = visible_documents(actor).order_by().values("pk")
    nda = Agreement.objects.filter(readable(actor), pk=OuterRef("nda_id")).values("reference")[:1]
    return (
        DocumentShare.objects.filter(document__in=documents)
        .select_related("document", "organization", "shared_by")
        .defer("document__text")
        .annotate(nda_reference=Subquery(nda))
        .order_by("-shared_at", "-pk")
    )


@visible("agreements.view_document_shares")
def shares_of(actor: Actor, document: Document) -> QuerySet[DocumentShare]:
    """To whom one document was given."""
    return visible_shares(actor).filter(document=document)


@visible("agreements.view_document_accesses")
def accesses_of(actor: Actor, document: Document) -> QuerySet[FileAccess]:
    """Who fetched the file of a document, latest first: for whoever handles its agreement or added it, and managers.

    To others the log is empty.
    """
    rows = FileAccess.objects.filter(file_id=document.file_id, file__isnull=False)
    mine = actor.user_id is not None and actor.user_id in (document.agreement.owner_id, document.added_by_id)
    if not (mine or actor.may("agreements.view_all_accesses")):
        rows = rows.none()
    return rows.select_related("member").order_by("-at", "-pk")


def next_number(agreement: Agreement, title: str) -> int:
    """The number of the next version of a paper; call with the agreement locked."""
    present = Document.objects.filter(agreement=agreement, title=title).aggregate(last=Max("number"))
    return (present["last"] or 0) + 1


def lock_document(pk: int) -> Document:
    """The row, locked and read anew, with its agreement and file; call inside an action."""
    return Document.objects.select_for_update(of=("self",)).select_related("agreement", "file").get(pk=pk)
