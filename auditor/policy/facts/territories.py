"""Places as licenses draw them: the EU, the UK, South Korea, and the rest by country."""

from __future__ import annotations

_EU = (
    "AT austria|BE belgium|BG bulgaria|HR croatia|CY cyprus|CZ czechia|DK denmark|EE estonia|FI finland|"
    "FR france|DE germany|GR greece|HU hungary|IE ireland|IT italy|LV latvia|LT lithuania|LU luxembourg|"
    "MT malta|NL netherlands|PL poland|PT portugal|RO romania|SK slovakia|SI slovenia|ES spain|SE sweden"
)
_OTHERS = (
    "US usa|US united states|US united states of america|JP japan|SG singapore|CH switzerland|NO norway|"
    "CA canada|AU australia|IN india|CN china|BR brazil|IL israel|NZ new zealand|TW taiwan|IS iceland|"
    "MX mexico|AE united arab emirates|HK hong kong|ZA south africa"
)
_SAME = {
    "eu": "EU", "european union": "EU", "eea": "EU", "europe": "EU", "uk": "GB", "gb": "GB",
    "united kingdom": "GB", "great britain": "GB", "england": "GB", "scotland": "GB", "wales": "GB",
    "kr": "KR", "korea": "KR", "south korea": "KR", "republic of korea": "KR", "czech republic": "EU",
    "el": "EU", "the netherlands": "EU",
}  # fmt: skip


def _table() -> dict[str, str]:
    table = dict(_SAME)
    for entry in _EU.split("|"):
        code, name = entry.split(" ", 1)
        table[code.casefold()] = table[name] = "EU"
    for entry in _OTHERS.split("|"):
        code, name = entry.split(" ", 1)
        table[code.casefold()] = table[name] = code
    return table


_PLACES = _table()


def place_of(words: str) -> str | None:
    """Return `EU` or an ISO 3166 country code; None for a place that the table lacks."""
    return _PLACES.get(" ".join(words.replace(".", "").casefold().split()))
