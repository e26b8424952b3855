"""How well the search of the catalogue finds: judged questions over entries that are known."""
