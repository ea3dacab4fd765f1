"""What an export holds: its tables and the notes beside them."""

from dataclasses import dataclass

from pipelines.contracts.model import Table


@dataclass(frozen=True)
class ExportedTable:
    """A table of the export: its contract with names put in, and how the state's rows are asked for."""

    contract: Table
    sql: str

    @property
    def name(self) -> str:
        """Name of files and sheets."""
        return self.contract.name


@dataclass(frozen=True)
class Notes:
    """What a reader needs beside the tables: headings with their paragraphs."""

    sections: tuple[tuple[str, tuple[str, ...]], ...]

    def markdown(self, title: str) -> str:
        """The notes as a page of text."""
        parts = [f"# {title}\n"]
        for heading, paragraphs in self.sections:
            parts.append(f"## {heading}\n")
            parts += [f"- {paragraph}" for paragraph in paragraphs]
            parts.append("")
        return "\n".join(parts)
