"""Listings of before the portal: kept as the lists state them, released by two officers."""
