"""Defences and on-site verifications: arranged, answered by the enterprise once, reported."""
