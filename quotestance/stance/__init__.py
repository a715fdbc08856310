"""How conciliatory or hardline quoted words are."""
