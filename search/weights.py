"""What a word is worth by the field it stands in."""

#: Part of every content hash and of the node's mapping: raise it when the same texts shall give
#: other words.
ANALYSIS = 4

#: A word of the title says ten times what a word of a step says. A code is a number of a service or
#: of a legal document as a whole.
CODE, TITLE, SYNONYM, SUMMARY, AGENCY, DETAIL = 40, 20, 16, 5, 4, 2
WEIGHTS = (CODE, TITLE, SYNONYM, SUMMARY, AGENCY, DETAIL)
