"""The content security policy of pages: their own style and script run, and nothing else loads but what these load."""

from base64 import b64encode
from hashlib import sha256


def _own(text: str) -> str:
    """The source expression that lets exactly this inline text run."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" if text else "'none'"


def page_policy(style: str, script: str = "", *, loads: bool = False) -> str:
    """The policy for the text inside the page's `<style>` and `<script>`, to the letter; without scripts by default.

    It stands in a `meta` element before both. Text from data that came into a page as markup could not run or load.
    With `loads` the page's script may load script files: by 'strict-dynamic', for browsers differ in whether 'self'
    holds a page's own folder where it was opened without a server.
    """
    scripts = f"{_own(script)} 'strict-dynamic'" if loads else _own(script)
    return (
        f"default-src 'none'; style-src {_own(style)}; script-src {scripts}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
