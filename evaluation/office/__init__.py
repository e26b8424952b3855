"""The officers' desk of evaluation (Django admin), one module for each kind of thing.

``evaluation.admin`` lays them out.
"""
