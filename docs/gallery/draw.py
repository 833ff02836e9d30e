"""Draw pictures of finished briefs: python docs/gallery/draw.py BRIEF.pdf …

Each PDF's first page becomes KIND.png beside this file (a file's name begins with its
kind), and the daily's page of the same name (BRIEF.html) a phone-wide daily-phone.png.  Needs pdftoppm (poppler-utils) and chromium.
"""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
DOTS_PER_INCH = 90
PHONE = (390, 1400)


def draw_page(pdf: Path, name: str) -> None:
    """The first page, on white."""
    target = HERE / name
    command = ["pdftoppm", "-png", "-singlefile", "-r", str(DOTS_PER_INCH), str(pdf), str(target)]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)


def draw_phone(page: Path, name: str) -> None:
    """The top of the page as a phone shows it."""
    width, height = PHONE
    command = [
        "chromium",
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--hide-scrollbars",
        f"--window-size={width},{height}",
        f"--screenshot={HERE / name}-phone.png",
        page.resolve().as_uri(),
    ]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)


def main(arguments: list[str]) -> int:
    if not arguments:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    for pdf in map(Path, arguments):
        name = pdf.stem.split("-")[0]
        draw_page(pdf, name)
        page = pdf.with_suffix(".html")
        if name == "daily" and page.is_file():
            draw_phone(page, name)
        sys.stdout.write(f"{HERE / name}.png\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
