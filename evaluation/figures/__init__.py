"""Figures of an activity: asked for, computed in the background, read, tried otherwise."""
