"""How agreements are found, and what names them in a list of results."""

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from agreements.queries.agreements import visible_agreements
from core.search.registry import Kind
from organizations.queries.search import in_words

AGREEMENTS = Kind(
    code="agreements",
    label=_("Agreements"),
    icon="file-text",
    group="records",
    view="agreements_agreement_search",
    url_name="agreements:agreement",
    reads=visible_agreements,
    title=F("title"),
    about=in_words("reference", "partnership__organization__name"),
    text="summary",
    order=55,
)
