from parses import frozen_texts, wanted


def test_what_the_tables_ask_for_is_frozen_and_nothing_else() -> None:
    assert wanted() == frozen_texts(), "run: python tests/parses.py"
