"""Tables kept in docs/performance.md: each between markers of its own, replaced by the next measurement."""

import os
import platform
import re

from devtools.console import ROOT

PAGE = ROOT / "docs" / "performance.md"


def machine() -> str:
    """On what it was measured."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0
    return (
        f"{os.cpu_count()} cores, shared and noisy (load {load:.1f}), {platform.system()}, "
        f"Python {platform.python_version()}"
    )


def save(name: str, text: str) -> None:
    """Put `text` where the page says `<!-- bench NAME -->` … `<!-- end -->`; at its end if it says so nowhere."""
    old = PAGE.read_text(encoding="utf-8")
    block = f"<!-- bench {name} -->\n{text.strip()}\n<!-- end -->"
    pattern = rf"<!-- bench {re.escape(name)} -->.*?<!-- end -->"
    new, count = re.subn(pattern, lambda _: block, old, flags=re.DOTALL)
    PAGE.write_text(new if count else f"{old.rstrip()}\n\n{block}\n", encoding="utf-8")
