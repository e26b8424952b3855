"""Collections: technologies officers put side by side for a purpose, by hand or by a rule."""
