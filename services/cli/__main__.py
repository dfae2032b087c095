"""`scout` and `python -m services.cli`."""


def main() -> None:
    """Run the command line; ends the process with the command's exit code."""
    from services.cli.root import scout  # noqa: PLC0415 - the house's child processes import this file and nothing more

    scout()


if __name__ == "__main__":
    main()
