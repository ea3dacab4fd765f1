"""The content security policy of pages that are one file: their own style and script run, and nothing else loads."""

from base64 import b64encode
from hashlib import sha256


def _own(text: str) -> str:
    """The source expression that lets exactly this inline text run."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" if text else "'none'"


def page_policy(style: str, script: str = "") -> str:
    """The policy for the text inside the page's `<style>` and `<script>`, to the letter; without scripts by default.

    It stands in a `meta` element before both. Text from data that came into a page as markup could not run or load.
    """
    return (
        f"default-src 'none'; style-src {_own(style)}; script-src {_own(script)}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
