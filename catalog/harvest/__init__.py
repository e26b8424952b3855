"""What machines read of the catalogue: harvesting, feeds, linked data, site maps, whole files.

All of it is made of the public record, for nobody in particular: no session, no cookie. What is
written in one language is written in English.
"""
