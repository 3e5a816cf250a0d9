"""`python -m simtel`: the same as the command `simtel`."""

from simtel.cli import main

if __name__ == "__main__":
    main()
