"""One query of the batch in Spark's words: parsed as DuckDB's SQL, written as Spark's, equal in every result.

Four things differ in meaning and are put right here: HUGEINT becomes DECIMAL(38, 0), `//` becomes an exact division
that truncates towards zero and fails instead of wrapping round, a difference of days becomes a number, and a whole
match of a pattern is spelled out. It runs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlglot import exp

HUGE = "DECIMAL(38, 0)"
TABLE = re.compile("§(\\w+)§")
CLASSES = {"[:cntrl:]": r"\p{Cntrl}"}  # POSIX names inside brackets, as Java's patterns write them


@dataclass(frozen=True)
class Query:
    """A query in Spark's SQL with the names of its tables still open, and those tables, once per mention."""

    sql: str
    reads: tuple[str, ...]
    joins_rows: bool  # whether it is a UNION ALL, after which Spark forgets how rows are spread

    def over(self, views: Mapping[str, str]) -> str:
        """The query over these views."""
        return TABLE.sub(lambda found: views[found[1]], self.sql)


@lru_cache(maxsize=4096)
def translated(text: str) -> Query:
    """A query as the batch writes it."""
    from sqlglot import exp, parse_one

    tree = parse_one(text, read="duckdb")
    own = {cte.alias for cte in tree.find_all(exp.CTE)}
    tables = [table for table in tree.find_all(exp.Table) if table.name not in own]
    reads = tuple(table.name for table in tables)
    for table in tables:
        if not table.alias:
            table.set("alias", exp.TableAlias(this=exp.to_identifier(table.name)))
        table.set("this", exp.to_identifier(f"§{table.name}§", quoted=False))
    for kind in list(tree.find_all(exp.DataType)):
        if kind.is_type(exp.DataType.Type.INT128):
            kind.replace(exp.DataType.build(HUGE))
    for found in reversed(
        list(tree.find_all(exp.IntDiv, exp.Sub, exp.RegexpFullMatch))
    ):  # the inner ones first
        if (instead := _instead(found)) is not None:
            found.replace(instead)
    return Query(tree.sql(dialect="spark"), reads, isinstance(tree, exp.Union))


def _instead(found: exp.Condition) -> exp.Expression | None:
    """What says in Spark what an expression says in DuckDB, where the two differ."""
    from sqlglot import exp

    if isinstance(found, exp.IntDiv):
        return _quotient(found.this, found.expression)
    if isinstance(found, exp.Sub) and found.expression.is_type(exp.DataType.Type.DATE):
        return exp.Anonymous(this="DATEDIFF", expressions=[found.this.copy(), found.expression.copy()])
    if isinstance(found, exp.RegexpFullMatch):
        pattern = found.expression.name
        for posix, java in CLASSES.items():
            pattern = pattern.replace(posix, java)
        return exp.RegexpLike(this=found.this.copy(), expression=exp.Literal.string(f"\\A(?:{pattern})\\z"))
    return None


def _quotient(dividend: exp.Expression, divisor: exp.Expression) -> exp.Expression:
    """What is left after the remainder divides without rest, so no digit is ever rounded.

    Spark's own `div` wraps round beyond 64 bits, and its `/` rounds.
    """
    from sqlglot import exp

    over, under = (exp.cast(side.unnest().copy(), HUGE) for side in (dividend, divisor))
    rest = exp.Mod(this=over.copy(), expression=under.copy())
    whole = exp.paren(exp.Sub(this=over, expression=rest))
    return exp.cast(exp.Div(this=whole, expression=under, typed=False, safe=False), HUGE)
