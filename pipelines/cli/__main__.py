"""`python -m pipelines.cli`."""

from pipelines.cli.start import main

if __name__ == "__main__":  # and not in a process that it starts
    main()
