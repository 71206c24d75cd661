"""`python -m pipeline` is the command `pipeline`."""


def main() -> None:
    """Run the command; a process that reads for it imports this module, and no more."""
    from pipeline.cli import main as command
    from pipeline.cli.worded import enter

    enter(command)


if __name__ == "__main__":
    main()
