"""Letters: what a regular expression takes for a capital."""

from __future__ import annotations

# Latin, Greek, Cyrillic and Armenian with their additions; other scripts have no capitals, and
# names of English news are written in these.
_CASED = (*range(0x41, 0x590), *range(0x1E00, 0x2000))
UPPER = "[" + "".join(letter for letter in map(chr, _CASED) if letter.isupper()) + "]"
"""A character class of the upper-case letters, for patterns to be built from."""
