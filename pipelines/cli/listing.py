"""Tables of the terminal that break no words: where they do not fit side by side, each row is a paragraph."""

from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

#: Longer words, such as addresses, may break.
_LONGEST_WORD = 24


class Listing(Table):
    """A table that cuts nothing: names in its first column stay whole to be copied, words elsewhere as far as they can.

    Where the words of a row are too wide for the terminal, its first cell is a line, and headings and cells follow.
    """

    def fits(self, console: Console) -> bool:
        """Whether the words of all rows stand side by side in the terminal."""
        least, _ = self._widths(console)
        return sum(least) <= self._room(console.options)

    def _room(self, options: ConsoleOptions) -> int:
        return options.max_width - 3 * len(self.columns) - 1

    def _widths(self, console: Console) -> tuple[list[int], list[int]]:
        """The least width of each column, and the one that breaks no line."""
        least, most = [], []
        for number, column in enumerate(self.columns):
            sizes = [Measurement.get(console, console.options, cell) for cell in (column.header, *column.cells)]
            most.append(max(size.maximum for size in sizes))
            words = min(max(size.minimum for size in sizes), _LONGEST_WORD)
            least.append(most[-1] if number == 0 else words)
        return least, most

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Fit the columns to the terminal."""
        least, most = self._widths(console)
        room = self._room(options)
        if sum(least) > room:
            yield from self._paragraphs()
            return
        # what is wider than others gives way first
        widest = max(most)
        while sum(min(high, max(low, widest)) for low, high in zip(least, most, strict=True)) > room:
            widest -= 1
        for column, low, high in zip(self.columns, least, most, strict=True):
            column.width = min(high, max(low, widest))
        yield from super().__rich_console__(console, options)

    def _paragraphs(self) -> RenderResult:
        for first, *others in zip(*(column.cells for column in self.columns), strict=True):
            yield Text(str(first), style="bold")
            told = zip(self.columns[1:], (str(cell).replace("\n", ", ") for cell in others), strict=True)
            text = "; ".join(f"{column.header}: {cell}" for column, cell in told if cell)
            yield Padding(Text(text), (0, 0, 0, 4), expand=False)
