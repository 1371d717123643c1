"""The rules engine: documents in, tables in, tables out.

A pure library. It is not an application: it knows no Django, no database server and no clock; whoever calls it passes
the documents, the rows and the days.
"""
