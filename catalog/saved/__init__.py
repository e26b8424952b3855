"""Searches kept by readers: what is new for one of them comes by mail. No account is asked for."""
