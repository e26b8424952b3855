"""What the sheets of an activity tell: no Django, numbers in, numbers out."""
