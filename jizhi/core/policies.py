"""Row-level security: one script of policies and grants from every model's `row_scope`, applied when it changed.

The owner of the tables (migrations, commands, the demonstration) is not bound by it; the web role is, in everything.
Posts and cards become settings in `scope.sql`; the policies only compare.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction
from psycopg import sql

from jizhi.core.scope import ANYBODY, PATHS, RowScope, number, numbers, whole_role

# Tables that come with libraries: they hold nothing of a village, and the pages must write them.
LIBRARIES = {
    "sessions": "found by an unguessable key",
    "axes": "wrong tries by user name, counted before anybody is known",
    "procrastinate": "jobs name records by number; whoever works them reads under the owner",
}
UNUSED = {"auth", "contenttypes"}  # no page reads them, so the web role may not


def scope_of(model: type[models.Model]) -> RowScope | None:
    """What the model says of its rows; a table between two models follows the first of them."""
    if model._meta.app_label in LIBRARIES:
        return RowScope(open=LIBRARIES[model._meta.app_label])
    if model._meta.auto_created:
        return RowScope(via=(next(f.name for f in model._meta.fields if f.is_relation),))
    return vars(model).get("row_scope")


def tables() -> dict[type[models.Model], RowScope]:
    """Every table the web role may touch. A model of ours that says nothing is not among them: it stays shut."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.proxy or model._meta.app_label in UNUSED:
            continue
        if (scope := scope_of(model)) is not None:
            found[model] = scope
    return found


def reading(model: type[models.Model]) -> str:
    """Who sees a row. Through a parent nothing is said twice: the parent's own policy narrows the subquery."""
    scope, table = _stated(model), model._meta.db_table
    if scope.public:
        return scope.read or ANYBODY
    parts = _columns(model, scope, table)
    parts += [scope.read] if scope.read else []
    parts += [_neighbours(model, scope)] if scope.neighbours else []
    parts += [_through(model, name, table) for name in (*scope.via, *scope.seen_via)]
    parts += [_through(model, name, table, depth=1) for name in scope.via_writers]
    return " OR ".join(parts)


def writing(model: type[models.Model], table: str = "", depth: int = 1) -> str:
    """Who may write a row: whoever may write its parent, which may be narrower than who reads it."""
    scope, table = _stated(model), table or model._meta.db_table
    if scope.write:
        return scope.write
    parts = _columns(model, scope, table)
    parts += [_through(model, name, table, depth=depth) for name in (*scope.via, *scope.via_writers)]
    return " OR ".join(parts)


def _stated(model: type[models.Model]) -> RowScope:
    scope = scope_of(model)
    if scope is None:
        raise LookupError(f"{model._meta.label} says no row_scope")
    return scope


def _columns(model: type[models.Model], scope: RowScope, table: str) -> list[str]:
    parts = []
    if scope.village:
        parts.append(f"{_column(model, table, scope.village)} = ANY {numbers('villages')}")
    if scope.area:
        parts.append(f"{_column(model, table, scope.area)} = ANY {numbers('areas')}")
    if scope.path:
        parts.append(f"{_column(model, table, scope.path)} <@ ANY {PATHS}")
    if scope.subject:
        parts.append(f"{_column(model, table, scope.subject)} = ANY {numbers('subjects')}")
    if scope.user:
        parts.append(f"{_column(model, table, scope.user)} = {number('user')}")
    return parts


def _neighbours(model: type[models.Model], scope: RowScope) -> str:
    return f"{_column(model, model._meta.db_table, scope.village)} = ANY {numbers('homes')}"


def _column(model: type[models.Model], table: str, name: str) -> str:
    field: Any = model._meta.get_field(name)
    return f'{table}."{field.column}"'


def _related(model: type[models.Model], name: str) -> type[models.Model]:
    field: Any = model._meta.get_field(name)
    related: type[models.Model] = field.related_model
    return related


def _through(model: type[models.Model], name: str, table: str, *, depth: int = 0) -> str:
    """The row at the other end of a foreign key, whichever of the two tables has the column.

    With a depth, its writers are asked for in so many words, since the parent's own policy lets all its readers in.
    """
    field: Any = model._meta.get_field(name)
    parent, alias = _related(model, name), f"parent{depth}"
    if field.auto_created:  # the other table points at this one
        match = f'{alias}."{field.field.column}" = {table}."{field.field.target_field.column}"'
    else:
        match = f'{alias}."{field.target_field.column}" = {table}."{field.column}"'
    also = f" AND ({writing(parent, alias, depth + 1)})" if depth else ""
    return f"EXISTS (SELECT 1 FROM {parent._meta.db_table} {alias} WHERE {match}{also})"


def _append_only(model: type[models.Model]) -> bool:
    return any(trigger.name == "append_only" for trigger in getattr(model._meta, "triggers", []))


def _policies(model: type[models.Model], role: str) -> list[str]:
    scope, table = _stated(model), model._meta.db_table
    if scope.open:
        return [f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY", *_guard(model, role)]
    read, write = reading(model), writing(model)
    lock = f"{write} OR {_neighbours(model, scope)}" if scope.neighbours else write
    insert = scope.insert or write
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"CREATE POLICY jizhi_read ON {table} FOR SELECT TO {role} USING ({read})",
        f"CREATE POLICY jizhi_insert ON {table} FOR INSERT TO {role} WITH CHECK ({insert})",
        f"CREATE POLICY jizhi_update ON {table} FOR UPDATE TO {role} USING ({lock}) WITH CHECK ({write})",
        f"CREATE POLICY jizhi_delete ON {table} FOR DELETE TO {role} USING ({write})",
    ]


def _guard(model: type[models.Model], role: str) -> list[str]:
    """The planner forgets its statistics of a table with policies: one that every list joins has a trigger instead."""
    scope, table = _stated(model), model._meta.db_table
    if not scope.path or role == "PUBLIC":
        return []
    call = f"EXECUTE FUNCTION jizhi_guard('{role.strip(chr(34))}')"
    return [f"CREATE TRIGGER jizhi_guard BEFORE INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW {call}"]


def _whole_policy(model: type[models.Model], role: str) -> list[str]:
    """A condition that is true for every row costs nothing: an index on a name serves a county's search again."""
    if _stated(model).open:
        return []
    return [f"CREATE POLICY jizhi_whole ON {model._meta.db_table} TO {role} USING (true) WITH CHECK (true)"]


def _grants(model: type[models.Model], role: str) -> str:
    """Never TRUNCATE, REFERENCES or TRIGGER; what only grows cannot even be asked to change."""
    rights = "SELECT, INSERT, UPDATE, DELETE"
    if _stated(model).read_only:
        rights = "SELECT"
    elif _append_only(model):
        rights = "SELECT, INSERT"
    return f"GRANT {rights} ON {model._meta.db_table} TO {role}"


FORGET = """DO $$ DECLARE one record; BEGIN
FOR one IN SELECT schemaname, tablename, policyname FROM pg_policies WHERE policyname LIKE 'jizhi\\_%' LOOP
    EXECUTE format('DROP POLICY %I ON %I.%I', one.policyname, one.schemaname, one.tablename);
END LOOP; END $$"""


def script(web: str | None, whole: str | None) -> str:
    """Everything that is applied, in order; without the roles the policies stand and nobody is granted anything."""
    parts = [
        FORGET,
        "DROP FUNCTION IF EXISTS jizhi_enter; DROP FUNCTION IF EXISTS jizhi_guard CASCADE",
        Path(__file__).with_name("scope.sql").read_text(encoding="utf-8"),
    ]
    found = tables()
    for model in found:
        parts += _policies(model, web or "PUBLIC")
    parts.append("REVOKE ALL ON FUNCTION jizhi_enter FROM PUBLIC")
    if web and whole:
        both = f"{web}, {whole}"
        for model in found:
            parts += _whole_policy(model, whole)
        parts += [
            f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {both}",
            f"GRANT USAGE ON SCHEMA public TO {both}",
            f"GRANT EXECUTE ON FUNCTION jizhi_enter TO {both}",
            f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {both}",
            *(_grants(model, both) for model in found),
        ]
    return ";\n".join(part.strip().rstrip(";") for part in parts) + ";\n"


def apply(*, always: bool = False) -> bool:
    """Bring policies and grants up to date; True when anything was done. Two queries when nothing changed."""
    roles = [settings.WEB_ROLE, whole_role()]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_roles WHERE rolname = ANY(%s)", [roles])
        there = cursor.fetchone()[0] == len(roles)
        wanted = script(*(connection.ops.quote_name(role) if there else None for role in roles))
        mark = hashlib.sha256(wanted.encode()).hexdigest()
        cursor.execute("SELECT obj_description(to_regproc('jizhi_enter'), 'pg_proc')")
        if cursor.fetchone()[0] == mark and not always:
            return False
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('jizhi policies'))")
        cursor.execute(wanted)
        cursor.execute(sql.SQL("COMMENT ON FUNCTION jizhi_enter IS {}").format(sql.Literal(mark)))
    return True
