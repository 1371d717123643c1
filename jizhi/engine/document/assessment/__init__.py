"""The meaning of an assessment's YAML: one frozen model per concept.

What is computed from it is in `engine/assessment/`.
"""
