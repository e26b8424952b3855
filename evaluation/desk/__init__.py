"""The scoring desk: what an expert reads, types, cites and saves."""
