"""Plans of an activity: what they are drawn from, drawing, reading, publishing, replacing.

The arithmetic is ``evaluation.assignment``; here is what it knows nothing of: rows and officers.
Only ``compute`` imports the solver, and only the compute worker imports ``compute``.
"""
