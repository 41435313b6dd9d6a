"""The location of a ledger: its database and the folder of its rows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from auditor.errors import UsageError

_ROWS = "rows"


@dataclass(frozen=True, slots=True)
class Location:
    """A database and the folder of row files.

    Attributes:
        url: of PostgreSQL, in SQLAlchemy's form; empty for SQLite.
        path: the SQLite file; None for PostgreSQL.
    """

    url: str
    rows: Path
    path: Path | None
    shown: str
    """For messages: without a password."""


def locate(ledger: str) -> Location:
    """Read a plain path, `sqlite:///PATH` or `postgresql://…[?rows=FOLDER]`.

    The rows of a SQLite ledger lie in `NAME.rows` beside it; those of a PostgreSQL ledger in the folder named
    by the URL's `rows`, else in `.auditor/ledger.rows`.

    Raises:
        UsageError: another scheme, or an empty or in-memory database.
    """
    scheme, separator, rest = ledger.partition("://")
    if not separator:
        return _sqlite(ledger)
    if scheme == "sqlite":
        return _sqlite(unquote(rest.removeprefix("/")))
    if scheme in ("postgresql", "postgres", "postgresql+psycopg"):
        return _postgres(ledger)
    raise UsageError(f"no ledger is kept in `{scheme}`", fix="give a file or a postgresql:// URL")


def _sqlite(path: str) -> Location:
    if not path or path == ":memory:":
        raise UsageError(
            "a ledger needs a file", where=path or None, fix="give a path, e.g. .auditor/ledger.db"
        )
    file = Path(path)
    if file.is_dir():
        raise UsageError("a ledger is a file, this is a folder", where=path, fix=f"give {file / 'ledger.db'}")
    return Location("", file.with_suffix(".rows"), file, str(file))


def _postgres(url: str) -> Location:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 — reading it checks it
    except ValueError as error:
        raise UsageError(
            f"this is not a database URL: {error}", fix="postgresql://USER@HOST:PORT/NAME"
        ) from None
    query = dict(parse_qsl(parts.query))
    rows = Path(query.pop(_ROWS, ".auditor/ledger.rows"))
    # Written out: without a host, urlunsplit leaves the slashes away.
    plain = f"postgresql+psycopg://{parts.netloc}{parts.path}" + (f"?{urlencode(query)}" if query else "")
    host = parts.netloc.rpartition("@")[2]
    return Location(plain, rows, None, f"postgresql://{host}{parts.path}")
