"""Make the images of the documentation: python docs/screenshots.py

Needs playwright, Pillow (they come with evalkit[test]) and a Chromium or Chrome on the PATH. The texts are ours: data/notices.tsv
and the recorded translations in docs/example.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.text import Text

import evalkit
from evalkit.report.console import print_report

DOCS = Path(__file__).resolve().parent
SYSTEMS = ("literal", "fluent", "rough")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
OPTIONS += [f"--disable-{what}" for what in ("background-networking", "component-update", "sync")]
# Without the rule that would fetch a font from the web.
SVG = re.sub(r"@font-face \{\{.*?\}\}\s*", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)


class Terminal(io.StringIO):
    """A terminal that keeps what is written to it."""

    def isatty(self) -> bool:
        return True


def main() -> None:
    os.chdir(DOCS.parent)
    # The manifest shown in the page names the command a reader would type.
    specs = [f"{name}=file:docs/example/{name}.en" for name in SYSTEMS]
    sys.argv = ["evalkit", "evaluate", "data/notices.tsv", *(f"--mt {spec}" for spec in specs)]
    evaluation = evalkit.evaluate("data/notices.tsv", mt=specs, memory=False)
    (DOCS / "images").mkdir(exist_ok=True)
    console(evaluation, DOCS / "images" / "console.svg")
    page(evaluation, DOCS / "images" / "report.png")


def console(evaluation: evalkit.Evaluation, target: Path) -> None:
    os.environ |= {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
    os.environ.pop("NO_COLOR", None)
    terminal = Terminal()
    print_report(evaluation, stream=terminal, width=80, top=2)
    recorder = Console(record=True, width=80, file=io.StringIO())
    recorder.print(Text.from_ansi(terminal.getvalue()))
    title = "evalkit evaluate data/notices.tsv --mt ... --top 2"
    recorder.save_svg(str(target), title=title, code_format=SVG, unique_id="console")


def page(evaluation: evalkit.Evaluation, target: Path) -> None:
    from PIL import Image
    from playwright.sync_api import sync_playwright

    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        sys.exit("no Chromium or Chrome on the PATH")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as steering:
        report = Path(folder, "report.html")
        evaluation.to_html(report)
        browser = steering.chromium.launch(executable_path=program, args=OPTIONS)
        view = browser.new_page(viewport={"width": 1200, "height": 1000}, color_scheme="light")
        view.goto(report.as_uri())
        view.locator("html[data-ready]").wait_for(state="attached")
        # From the top to the second pair: a part of every kind, in an image that is not too long.
        end = view.locator("#pair-2").bounding_box()["y"]
        clip = {"x": 0, "y": 0, "width": 1200, "height": end}
        picture = view.screenshot(full_page=True, clip=clip)
        browser.close()
    # 256 colours are enough for text and dots, and a third of the bytes.
    Image.open(io.BytesIO(picture)).convert("RGB").quantize(256).save(target, optimize=True)


if __name__ == "__main__":
    main()
