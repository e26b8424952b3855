"""Says what a file holds that must not be handed on. Runs in a process of its own; see reader.py.

Nothing here knows Django, a setting or a secret: bytes in, a verdict out.
"""
