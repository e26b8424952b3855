"""How the one file is made: pages of each piece of evidence, a list of contents, all bound.

``pages`` and ``binder`` are programs of their own: whatever a stranger's file does to its reader,
it does to a small process without secrets (``submissions.files.guarded``, ADR 13 and 22).
"""
