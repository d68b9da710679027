"""Keys under which two spellings of one organization meet, and the domain of a website."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from urllib.parse import urlsplit

# Letters that NFKD leaves whole although people type them without the stroke or ligature.
_LETTERS = str.maketrans(
    {
        "\u00f8": "o",
        "\u00e6": "ae",
        "\u0153": "oe",
        "\u0142": "l",
        "\u0111": "d",
        "\u00f0": "d",
        "\u00fe": "th",
        "\u0131": "i",
        "\u0127": "h",
    }
)
_APOSTROPHES = re.compile("['`\u00b4\u02bc\u2018\u2019\u201b\u2032]")
_INITIALS = re.compile(r"(?<!\w)(?:\w[./]){1,5}\w(?!\w)")
# By region: English-speaking countries, India and Malaysia; German and Dutch; Romance languages; Nordic and
# Baltic; Central and Eastern Europe; Europe-wide and Japan.
_LEGAL_FORM_LIST = """
    inc incorporated corp corporation co company llc llp lp lllp plc pllc pc ltd limited pty proprietary
    pte pvt private bhd sdn berhad cic
    gmbh ggmbh mbh ag kg kgaa ohg gbr ug ev eg bv nv vof cv bvba cvba
    sa sas sasu sarl sca scs snc eurl scrl spa srl srls sl slu sau sapi lda ltda sgps eireli
    as asa ans aps ks ab oy oyj hf ehf ou uab sia
    sro doo kft zrt nyrt spzoo spj ooo oao zao pao pjsc ojsc eood ood
    se eeig kk gk
"""
_LEGAL_FORMS = frozenset(_LEGAL_FORM_LIST.split())
_LONG_LEGAL_FORMS: tuple[tuple[str, ...], ...] = (
    ("public", "limited", "company"),
    ("limited", "liability", "company"),
    ("limited", "liability", "partnership"),
    ("sp", "z", "o", "o"),
    ("sp", "zoo"),
    ("sp", "z", "oo"),
    ("sa", "de", "cv"),
    ("sab", "de", "cv"),
    ("s", "de", "rl", "de", "cv"),
)
_CONNECTIVES = frozenset({"and", "et", "und", "y", "e"})
_LONGEST_SPACED_FORM = 4
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


def normalize_name(name: str) -> str:
    """The name without case, accents, punctuation and surplus space, its legal form kept.

    "Société Générale S.A." gives "societe generale sa", "Ørsted A/S" "orsted as", "A & B" "a and b".
    Initials close up (I.B.M. gives "ibm"). Letters of other scripts are kept. The answer is "" when nothing
    but punctuation was given, and normalizing it again changes nothing.
    """
    text = name
    for _ in range(4):
        simpler = _normalize_once(text)
        if simpler == text:
            break
        text = simpler
    return text


def _normalize_once(name: str) -> str:
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    text = "".join(character for character in text if not unicodedata.combining(character))
    text = _APOSTROPHES.sub("", text.translate(_LETTERS))
    text = text.replace("&", " and ").replace("+", " plus ")
    text = _INITIALS.sub(lambda match: re.sub(r"[./]", "", match.group()), text)
    text = "".join(character if _is_kept(character) else " " for character in text)
    return unicodedata.normalize("NFC", " ".join(text.split()))


def _is_kept(character: str) -> bool:
    return unicodedata.category(character)[0] in "LNM"


def duplicate_key(name: str) -> str:
    """The key for finding duplicates: the normalized name without a leading "the" and trailing legal forms.

    "The Example Company, Inc.", "Example Co. Ltd" and "EXAMPLE GmbH & Co. KG" all give "example". The key
    is "" only when the normalized name is: a name made of legal forms alone keeps one of them. Equal keys
    suggest one organization, they do not prove it.
    """
    words = normalize_name(name).split()
    if len(words) > 1 and words[0] == "the":
        words = words[1:]
    while (length := _legal_form_length(words)) and length < len(words):
        words = words[:-length]
        if len(words) > 1 and words[-1] in _CONNECTIVES:
            words = words[:-1]
    return " ".join(words)


def _legal_form_length(words: list[str]) -> int:
    """How many words at the end are one legal form, spaced-out initials such as "s a" included, or 0."""
    for form in _LONG_LEGAL_FORMS:
        if tuple(words[-len(form) :]) == form:
            return len(form)
    for length in range(_LONGEST_SPACED_FORM, 1, -1):
        tail = words[-length:]
        if len(tail) == length and all(len(word) == 1 for word in tail) and "".join(tail) in _LEGAL_FORMS:
            return length
    return 1 if words and words[-1] in _LEGAL_FORMS else 0


def website_domain(url: str) -> str | None:
    """The host of a web address, or of an email address, in lower case, ASCII (punycode) and without "www.".

    Scheme, port, path and user are dropped; a scheme is not needed. Other subdomains are kept: telling them
    from registered domains takes a list that changes. None for an IP address, a host without a dot, or text
    that is not an address.
    """
    text = url.strip()
    if not text or any(character.isspace() for character in text):
        return None
    if "://" not in text:
        text = "//" + text.removeprefix("mailto:").removeprefix("//")
    try:
        host = urlsplit(text).hostname or ""
        ascii_host = host.rstrip(".").encode("idna").decode("ascii").lower()
    except (UnicodeError, ValueError):
        return None
    domain = ascii_host.removeprefix("www.")
    labels = domain.split(".")
    if len(labels) < 2 or len(domain) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        return None
    if labels[-1].isdigit() or _is_ip_address(domain):
        return None
    return domain


def _is_ip_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
