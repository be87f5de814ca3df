"""The bar chart: seconds for the same input, a panel for each kind of work."""

from html import escape

from cases import KINDS
from peers import PEERS

WIDTH, LABEL, BAR, GAP, HEAD = 760, 250, 20, 8, 44
STYLE = """
  text { font: 13px system-ui, -apple-system, 'Segoe UI', sans-serif; fill: #24292f }
  .head { font-weight: 600; font-size: 14px }
  .own { fill: #d9580d } .floor { fill: #8c959f } .peer { fill: #54aeff }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .own { fill: #f0883e } .floor { fill: #6e7681 } .peer { fill: #388bfd }
  }
"""


def _panels(results):
    for kind in ("filter", "csv", "sqlite"):
        bars = [("reading and gunzip alone", "floor", "floor"), ("mhpipe", kind, "own")]
        if kind == "sqlite":
            bars.insert(1, ("a bare loop of inserts", "insert", "floor"))
        bars += [(peer.label, peer.key, "peer") for peer in PEERS if peer.kind == kind and peer.key in results]
        bars = [(label, results.median(key), style) for label, key, style in bars]
        title = KINDS[kind][0]
        yield title[0].upper() + title[1:], bars[:1] + sorted(bars[1:], key=lambda bar: bar[1])


def svg(results, subject):
    """The chart as an SVG document that follows the reader's colour scheme."""
    shapes, top = [], 24
    shapes.append(f'<text x="0" y="16">Seconds for {escape(subject)}, median; shorter is better</text>')
    for title, bars in _panels(results):
        shapes.append(f'<text class="head" x="0" y="{top + 26}">{escape(title)}</text>')
        top += HEAD - 6
        longest = max(seconds for _, seconds, _ in bars)
        for label, seconds, style in bars:
            width = max(2.0, seconds / longest * (WIDTH - LABEL - 70))
            middle = top + BAR / 2 + 4.5
            shapes.append(f'<text x="{LABEL - 10}" y="{middle}" text-anchor="end">{escape(label)}</text>')
            shapes.append(f'<rect class="{style}" x="{LABEL}" y="{top}" width="{width:.1f}" height="{BAR}" rx="2"/>')
            shapes.append(f'<text x="{LABEL + width + 8:.1f}" y="{middle}">{seconds:.2f} s</text>')
            top += BAR + GAP
        top += 6
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top}" width="{WIDTH}" height="{top}" '
        f'role="img" aria-label="Seconds for {escape(subject)}">\n<style>{STYLE}</style>\n' + "\n".join(shapes) + "\n</svg>\n"
    )
