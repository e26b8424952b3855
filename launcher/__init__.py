"""What stands behind ``run.py``: from a bare Python to a running portal.

Two halves. ``entry`` and what it imports (``preflight``, ``install``, ``layout``,
``steps``, ``processes``, ``console``, ``refusal``) run before anything is installed and
know the standard library only; a test holds them to it. ``commands`` and the rest run
inside ``.venv``.
"""
