"""Technologies side by side: what each states on the same measure, and what it leaves out."""
