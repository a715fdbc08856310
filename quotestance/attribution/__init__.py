"""Which words of a text name the source of each quotation."""
