"""``python -m quotestance`` is the command ``quotestance``."""

from quotestance.cli.main import main

if __name__ == "__main__":
    main(prog_name="quotestance")
