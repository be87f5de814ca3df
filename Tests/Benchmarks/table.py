"""The figures as Markdown."""

import corpus
from cases import KINDS
from peers import PEERS


def _table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "| --- |" + " --: |" * (len(head) - 1)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def _seconds(value):
    return f"{value * 1000:.1f} ms" if value < 0.1 else f"{value:.2f} s"


def _memory(value):
    return f"{value / 1e6:.0f} MB"


def _row(results, key, *more, label=None):
    case = results.cases[key]
    figures = [_seconds(results.median(key)), _seconds(results.cpu(key)), _memory(results.peak(key))]
    return [label or case.label, *figures, *more]


class Report:
    """Puts the tables together, each where its cases were run."""

    def __init__(self, results, trail, sizes, environment):
        self.results = results
        self.trail = trail
        self.sizes = sizes
        self.environment = environment

    def markdown(self):
        trail, environment = self.trail, self.environment
        about = (
            f"{corpus.name(trail.text_bytes // 10**6 * 10**6)} of text in {trail.forms['gzip']['files']:,} gzip files "
            f"of together {trail.stored_bytes / 1e6:.0f} MB: {trail.events:,} events, {trail.hub_events:,} of Migration "
            f"Hub. {environment['processor']}, {environment['workers']} cores, {environment['system']}; "
            f"mhpipe {environment['version']}; {environment['rounds']} {'rounds' if environment['rounds'] > 1 else 'round'} after a warm-up, files in the page cache, "
            f"output to {environment['scratch']}."
        )
        parts = [about, self._bars(), self._main(), self._forms(), self._workers(), self._sizes(), self._peers()]
        return "\n\n".join(part for part in parts if part) + "\n"

    def _bars(self):
        results, rows = self.results, []

        def bar(what, aim, measured, holds):
            rows.append([what, aim, measured, "yes" if holds else "no"])

        for key, aim in (("filter", 0.85), ("identity", 0.45)):
            ratio = results.ratio("floor", key)
            bar(KINDS[key][0], f"{aim} of the floor's speed", f"{ratio:.2f}", ratio >= aim)
        csv_peers = [peer for peer in PEERS if peer.kind == "csv" and peer.key in results]
        if csv_peers:
            best = min(results.ratio(peer.key, "csv") for peer in csv_peers)
            bar(KINDS["csv"][0], "6 times the fastest peer", f"{best:.1f} times", best >= 6)
        if "python sqlite" in results:
            ratio = results.ratio("python sqlite", "sqlite")
            bar(KINDS["sqlite"][0], "6 times Python's sqlite3", f"{ratio:.1f} times", ratio >= 6)
        ratio = results.ratio("insert", "sqlite")
        bar(KINDS["sqlite"][0], "0.8 of the bare loop's speed", f"{ratio:.2f}", ratio >= 0.8)
        ours = [key for key, case in results.cases.items() if case.runs and str(case.command[0]).endswith("/mhpipe")]
        peak = max(results.peak(key) for key in ours)
        bar("peak memory, any input", "under 100 MB", _memory(peak), peak < 100e6)
        if len(self.sizes) > 1:
            least, most = self.sizes[0], self.sizes[-1]
            for kind in ("filter", "csv"):
                ratio = results.peak(f"{kind} {most}") / results.peak(f"{kind} {least}")
                bar(f"peak memory of {kind}, {most} over {least}", "at most 1.1 times", f"{ratio:.2f} times", ratio <= 1.1)
        for kind in ("filter", "csv"):
            ratio = results.ratio(f"{kind} 1 worker", kind)
            workers = self.environment["workers"]
            bar(f"{KINDS[kind][0]}: {workers} workers over 1", "1.85 times", f"{ratio:.2f} times", ratio >= 1.85)
        start = results.median("start")
        bar("`mhpipe --version`", "under 10 ms", _seconds(start), start < 0.01)
        return _table(["what", "aim", "measured", "reached"], rows)

    def _main(self):
        keys = ["floor", *KINDS, "insert"]
        rows = []
        for key in keys:
            of_floor = "" if key == "insert" else f"{self.results.ratio('floor', key):.2f}"
            rows.append(_row(self.results, key, f"{self.results.speed(key) / 1e9:.2f} GB/s", of_floor))
        return _table(["gzip files", "time", "processor time", "peak memory", "text", "of the floor's speed"], rows)

    def _forms(self):
        names = {"jsonl": "as JSON lines", "json": "not compressed", "document": "as one document, not compressed"}
        rows = [
            _row(
                self.results,
                f"{kind} {form}",
                f"{self.results.speed(f'{kind} {form}') / 1e9:.2f} GB/s",
                label=f"{KINDS[kind][0]}; input {name}",
            )
            for form, name in names.items()
            for kind in KINDS
            if f"{kind} {form}" in self.results
        ]
        return _table(["other input", "time", "processor time", "peak memory", "text"], rows) if rows else ""

    def _workers(self):
        rows = []
        for kind in ("floor", *KINDS):
            one = f"{kind} 1 worker"
            if one in self.results:
                gain = f"{self.results.ratio(one, kind):.2f} times"
                both = _seconds(self.results.median(one)), _seconds(self.results.median(kind))
                rows.append([self.results.cases[kind].label, *both, gain])
        return _table(["workers", "1", str(self.environment["workers"]), "gain"], rows) if rows else ""

    def _sizes(self):
        rows = []
        for kind in ("floor", "filter", "csv"):
            for size in self.sizes:
                key = f"{kind} {size}"
                per_gigabyte = self.results.median(key) / self.results.cases[key].corpus.text_bytes * 1e9
                label = f"{self.results.cases[key].label}; {size}"
                rows.append([label, _seconds(per_gigabyte), _memory(self.results.peak(key))])
        return _table(["input size", "time for each GB", "peak memory"], rows) if rows else ""

    def _peers(self):
        rows = []
        for peer in PEERS:
            if peer.key in self.results:
                ratio = f"{self.results.ratio(peer.key, peer.kind):.1f} times"
                rows.append(_row(self.results, peer.key, ratio, label=f"{KINDS[peer.kind][0]}: {peer.label}"))
        head = ["other programs", "time", "processor time", "peak memory of a process", "as long as mhpipe"]
        return _table(head, rows) if rows else ""
