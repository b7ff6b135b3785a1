"""The catalogue of every sentence that people read, for translators."""

from devtools.console import ROOT, in_venv

CATALOGUE = ROOT / "app" / "translations" / "messages.pot"
KEYWORDS = ("_l", "lazy_gettext", "lazy_ngettext:1,2")


def extract() -> int:
    """Write messages.pot from the Python, Jinja and browser sources; the same sources always give the same file."""
    CATALOGUE.parent.mkdir(exist_ok=True)
    keywords = [word for keyword in KEYWORDS for word in ("--keyword", keyword)]
    in_venv(
        "-m", "babel.messages.frontend", "--quiet", "extract", "--mapping-file", "babel.cfg", *keywords,
        "--add-comments", "for translators:", "--add-location", "file", "--sort-by-file",
        "--project", "Intervise", "--version", "1", "--output-file", str(CATALOGUE), "app",
    )  # fmt: skip
    lines = CATALOGUE.read_text(encoding="utf-8").splitlines(keepends=True)
    CATALOGUE.write_text("".join(line for line in lines if "POT-Creation-Date" not in line), encoding="utf-8")
    print(f"{sum(line.startswith('msgid') for line in lines) - 1} messages in {CATALOGUE.relative_to(ROOT)}")
    return 0
