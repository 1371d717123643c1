"""The batch evaluator on a Spark cluster: the same statements, transpiled; nothing but Spark on the workers.

`dialect` turns a statement into Spark's SQL, `session` opens the connection, `database` runs a settlement's statements
as the embedded backend does. It knows no rules, and needs the extra `jizhi[spark]` and Java only when it is used.
"""
