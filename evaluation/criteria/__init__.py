"""Criteria sets: the document, what makes one sound, what is asked of a field, how they change."""
