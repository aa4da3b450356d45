"""``python -m sandcone`` is ``sandcone``."""

from sandcone.cli import main

if __name__ == "__main__":
    main()
