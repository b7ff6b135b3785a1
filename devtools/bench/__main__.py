"""`python -m devtools.bench NAME`: measures the real app, and prints its figures as Markdown tables."""

import sys

from devtools.bench import archive, drawing, lengths, pages, rooms, sign_in, start

BENCHES = {
    "pages": pages.main,
    "rooms": rooms.main,
    "lengths": lengths.main,
    "drawing": drawing.main,
    "start": start.main,
    "archive": archive.main,
    "sign-in": sign_in.main,
}


def main() -> int:
    name, *arguments = sys.argv[1:] or [""]
    if name not in BENCHES:
        print(f"Which one? python3 dev.py bench {' | '.join(BENCHES)}", file=sys.stderr)
        return 2
    return BENCHES[name](arguments)


if __name__ == "__main__":
    sys.exit(main())
