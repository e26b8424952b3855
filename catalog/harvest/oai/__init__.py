"""OAI-PMH 2.0: a harvester asks what changed since it came last (www.openarchives.org/pmh)."""
