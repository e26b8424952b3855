"""Which experts judge which declaration: pure arithmetic, numbers in and numbers out.

No Django here. ``problem``, ``plan``, ``explain``, ``compare``, ``seats`` and ``affinity`` need
numpy alone and may be imported by a page; ``solve`` needs OR-Tools and belongs to the worker.
"""
