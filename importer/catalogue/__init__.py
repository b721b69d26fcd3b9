"""The one catalogue of texts: every sentence that people read is an entry here, and nowhere else.

`rows` holds what can be wrong with a row, `files` what can be wrong with or worth knowing about a file, `errors` why a
run does not begin, `run` what can happen in one, `outcomes` what can become of a scope, `screen` what the command line
says besides. A translation replaces these pages.
"""
