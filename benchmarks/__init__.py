"""Measurements that can be repeated: ``run.py bench [NAME] [--full]``.

A benchmark is a module here with ``run(full: bool) -> list[dict[str, str | int | float]]``;
the first line of its docstring is its title. Without ``--full`` it takes seconds.
"""
