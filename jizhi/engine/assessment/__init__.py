"""Assessments as pure functions: a document, subjects and ratings in; scores, results and outcomes out.

`settle.py` is the way in. Reading and writing files is not done here, see `assessments_files.py`.
"""
