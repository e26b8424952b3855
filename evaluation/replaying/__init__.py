"""Working every result out again, from the audit and the sealed criteria, and comparing."""
