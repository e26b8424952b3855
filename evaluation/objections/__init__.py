"""Objections to an entry in publicity: filed by anybody, confirmed, ruled on by officers."""
