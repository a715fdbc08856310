"""From annotated documents and labelled quotations to models, and how good those are.

Nothing outside the command line imports it.
"""
