"""Packages that only some commands need. They come with an extra of this project's package."""

from importlib.util import find_spec

from pipelines.errors import LmiError

#: The extra of pyproject.toml that installs a module.
EXTRA_OF = {
    "markdown_it": "reports",
    "pypdf": "reports",
    "vl_convert": "reports",
    "xlsxwriter": "reports",
    "marimo": "notebook",
    "dagster_webserver": "serve",
}


def missing_extra(error: BaseException) -> LmiError | None:
    """What to install where an error is about the module of an extra, else None."""
    module = (error.name or "").partition(".")[0] if isinstance(error, ModuleNotFoundError) else ""
    if module not in EXTRA_OF:
        return None
    install = f"pip install 'career-cluster-lmi[{EXTRA_OF[module]}]'"
    return LmiError(f"this command needs the package {module}, which is not installed; {install}")


def require(module: str) -> None:
    """Raise LmiError before a server starts that would lack the module of an extra."""
    if find_spec(module) is None and (missing := missing_extra(ModuleNotFoundError(name=module))):
        raise missing
