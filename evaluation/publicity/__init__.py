"""The publicity of a case: its days, its end, and the page everybody reads."""
