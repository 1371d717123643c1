"""The role the pages run as: what it must not be able to do, found out before any page is served.

It only looks and says which SQL would help; making the role in an embedded server is `server`'s business, what it
may read is row-level security's.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg
from psycopg import sql

from jizhi.database.faults import DatabaseUnavailable

_FAULTS = """
SELECT r.rolsuper, r.rolbypassrls, r.rolcreaterole OR r.rolcreatedb,
       pg_has_role(r.oid, d.datdba, 'MEMBER'),
       EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid AND c.relnamespace = 'public'::regnamespace),
       has_database_privilege(r.oid, d.oid, 'CREATE') OR has_schema_privilege(r.oid, 'public', 'CREATE'),
       has_database_privilege(r.oid, d.oid, 'TEMPORARY'),
       w.oid IS NULL OR NOT pg_has_role(r.oid, w.oid, 'MEMBER'),
       COALESCE(pg_has_role(r.oid, w.oid, 'USAGE'), false),
       COALESCE(w.rolsuper OR w.rolbypassrls OR w.rolcreaterole OR w.rolcreatedb OR w.rolcanlogin, false)
FROM pg_roles r JOIN pg_database d ON true LEFT JOIN pg_roles w ON w.rolname = r.rolname || '_whole'
WHERE r.rolname = current_user AND d.datname = current_database()
"""
_WORDS = (
    "is a superuser",
    "may bypass row-level security",
    "may make roles or databases",
    "is a member of the role that owns the database",
    "owns tables",
    "may create objects",
    "may create temporary tables",
    "is no member of the role of its name with _whole",
    "inherits from its whole role instead of putting it on",
    "has a whole role that may do more than read and write rows",
)


def check_web_role(owner_url: str, web_url: str) -> None:
    """Raise DatabaseUnavailable, with the SQL to run, unless the web role can sign in and do no harm."""
    database = unquote(urlsplit(owner_url).path.lstrip("/")) or "jizhi"
    if not web_url:
        raise DatabaseUnavailable(
            "JIZHI_WEB_DATABASE_URL is not set. The pages connect as a role of their own, which owns nothing, so that\n"
            "row-level security binds them. As a superuser of the server, run in the database:\n\n"
            f"{_advice('jizhi_web', database, owner_url)}\n\n"
            f"then set JIZHI_WEB_DATABASE_URL=postgresql://jizhi_web:<password>@<host>/{database}"
        )
    role = unquote(urlsplit(web_url).username or "")
    try:
        with psycopg.connect(web_url, connect_timeout=10) as connection:
            row: Any = connection.execute(_FAULTS).fetchone()
    except psycopg.OperationalError as error:
        raise DatabaseUnavailable(
            f"The pages cannot connect as {role or 'the role of JIZHI_WEB_DATABASE_URL'}: {str(error).strip()}\n"
            f"If the role is missing, run as a superuser in the database {database}:\n\n"
            f"{_advice(role or 'jizhi_web', database, owner_url)}"
        ) from error
    faults = [word for word, is_so in zip(_WORDS, row, strict=True) if is_so]
    if faults:
        raise DatabaseUnavailable(
            f"The pages may not run as {role}: it {', '.join(faults)}.\n"
            f"Run as a superuser in the database {database}:\n\n{_advice(role, database, owner_url, exists=True)}"
        )


def _advice(role: str, database: str, owner_url: str, *, exists: bool = False) -> str:
    owner = unquote(urlsplit(owner_url).username or "jizhi")
    if role == owner:  # the same role for both: name another one
        role, exists = "jizhi_web", False
    web, whole, own, base = (
        sql.Identifier(name).as_string(None) for name in (role, f"{role}_whole", owner, database)
    )
    plain = "NOINHERIT NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE"
    first = (
        f"ALTER ROLE {web} LOGIN {plain};"
        if exists
        else f"CREATE ROLE {web} LOGIN {plain} PASSWORD '<password>';"
    )
    lines = [
        first,
        f"CREATE ROLE {whole} NOLOGIN {plain};",
        *([f"REVOKE {own} FROM {web};", f"REVOKE {whole} FROM {web};"] if exists else []),
        f"GRANT {whole} TO {web};",
        f"GRANT {web}, {whole} TO {own};",
        *([f"REASSIGN OWNED BY {web} TO {own};"] if exists else []),
        f"REVOKE CREATE, TEMPORARY ON DATABASE {base} FROM PUBLIC, {web}, {whole};",
        f"REVOKE CREATE ON SCHEMA public FROM PUBLIC, {web}, {whole};",
    ]
    return "\n".join(f"  {line}" for line in lines)
