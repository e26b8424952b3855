"""Feedback letters: what an enterprise is told of its evaluation, beside the decision."""
