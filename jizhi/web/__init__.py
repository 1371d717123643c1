"""The pages people see: public, resident, field and desk, over shared shells, parts and static files.

Views call selectors and services of the domain apps; no view touches a model and no rule lives here.
"""
