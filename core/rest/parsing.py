"""Reading a request's body: JSON that can be stored, and nothing that would be half understood."""

import json
import math
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser
from rest_framework.renderers import JSONRenderer

DEEPEST = 20


class BodyTooLarge(APIException):
    status_code = 413
    default_code = "too_large"


class StrictJSONParser(BaseParser):
    """RFC 8259 in UTF-8, at most DATA_UPLOAD_MAX_MEMORY_SIZE bytes and 20 levels deep.

    Refused with a ParseError, besides what is no JSON: a name given twice in one object, NaN and infinities also in
    the form 1e999, and text with half of a surrogate pair, which no database stores.
    """

    media_type = "application/json"
    renderer_class = JSONRenderer

    def parse(self, stream, media_type=None, parser_context=None) -> Any:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        raw = stream.read(limit + 1)
        if len(raw) > limit:
            raise BodyTooLarge(_("The body is larger than %s bytes.") % limit)
        try:
            value = json.loads(
                raw.decode("utf-8"), object_pairs_hook=_object, parse_constant=_no_constant, parse_float=_finite
            )
        except RecursionError:
            raise ParseError(_("The JSON is nested too deep.")) from None
        except ValueError as problem:
            raise ParseError(_("This is no valid JSON: %s") % str(problem)[:200]) from None
        _check(value, DEEPEST)
        return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError(_("a name is given twice in one object"))
    return made


def _no_constant(name: str) -> None:
    raise ValueError(_("%s is no number") % name)


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(_("a number is too large"))
    return number


def _check(value: Any, levels: int) -> None:
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, (dict, list)):
        if levels == 0:
            raise ParseError(_("The JSON is nested too deep."))
        if isinstance(value, dict):
            for name in value:
                _check_text(name)
            value = value.values()
        for each in value:
            _check(each, levels - 1)


def _check_text(text: str) -> None:
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            message = _("The text contains half of a surrogate pair, which cannot be stored.")
            raise ParseError(message) from None
