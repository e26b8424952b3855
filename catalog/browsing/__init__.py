"""Finding technologies in the catalogue: search, filters, ranges, order, pages."""
