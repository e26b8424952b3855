"""The panel meeting: who may take part in what, how it is prepared, run, voted in and minuted."""
