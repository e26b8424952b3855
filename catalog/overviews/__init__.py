"""Overviews of the catalogue: pages per field, place and holder, reference cases, statistics."""
