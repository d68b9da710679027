"""What the Lambert model agreements say, for people, by their number."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class ModelWords:
    """Who owns the results under a model, and what the other side may do with them."""

    owner: Promise
    rights: Promise


MODELS: dict[str, ModelWords] = {
    "1": ModelWords(
        _("The university owns the results"),
        _("The sponsor and its group have a non-exclusive license in a stated field or territory."),
    ),
    "2": ModelWords(
        _("The university owns the results"),
        _("As model 1, and the sponsor may negotiate an exclusive license to certain results."),
    ),
    "3": ModelWords(
        _("The university owns the results"),
        _("As model 1, and the sponsor may negotiate to have certain results assigned to it."),
    ),
    "4": ModelWords(
        _("The sponsor owns the results"),
        _("The university may use them for research and teaching, and may publish."),
    ),
    "5": ModelWords(
        _("The sponsor owns the results"),
        _("Contract research: the university publishes only what the sponsor permits."),
    ),
}

OWNERSHIPS: dict[str, Promise] = {
    "keeps": _("The university should own the results."),
    "reconsider": _("The university may own the results, but look again: several answers speak for the sponsor."),
    "sponsor_owns": _("The sponsor should own the results."),
}
