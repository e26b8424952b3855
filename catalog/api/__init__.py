"""The catalogue for programs: REST, version 1. It says what the public pages say, nothing more."""
