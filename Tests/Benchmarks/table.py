"""The figures as Markdown."""

import corpus
from cases import ACCOUNTS, KINDS
from peers import PEERS


def _table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "| --- |" + " --: |" * (len(head) - 1)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def _seconds(value):
    if value is None:
        return ""
    return f"{value * 1000:.1f} ms" if value < 0.1 else f"{value:.2f} s"


def _number(value):
    return "" if value is None else f"{value:.2f}"


def _memory(value):
    return f"{value / 1e6:.0f} MB"


def _row(results, key, *more, label=None):
    case = results.cases[key]
    figures = [_seconds(results.median(key)), _seconds(results.cpu(key)), _memory(results.peak(key))]
    return [label or case.label, *figures, *more]


class Report:
    """Puts the tables together, each where its cases were run."""

    def __init__(self, results, trail, sizes, environment, before):
        self.results = results
        self.trail = trail
        self.sizes = sizes
        self.environment = environment
        # What the run before has measured.
        self.before = before

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
        results, before, rows = self.results, self.before, []

        def bar(what, aim, measured, holds, earlier):
            rows.append([what, aim, measured, earlier, "yes" if holds else "no"])

        def at_least(what, aim, unit, upper, lower):
            ratio, earlier = results.ratio(upper, lower), before.ratio(upper, lower)
            bar(what, f"{aim} {unit}", f"{ratio:.2f}", ratio >= aim, _number(earlier))

        for key, aim in (("filter", 0.76), ("identity", 0.40), ("jsonl", 0.48)):
            at_least(KINDS[key][0], aim, "of the floor's speed", "floor", key)
        csv_peers = [peer for peer in PEERS if peer.kind == "csv" and peer.key in results]
        if csv_peers:
            best = min(csv_peers, key=lambda peer: results.ratio(peer.key, "csv"))
            at_least(KINDS["csv"][0], 10, f"times the fastest peer ({best.label})", best.key, "csv")
        if "python sqlite" in results:
            at_least(KINDS["sqlite"][0], 11, "times Python's sqlite3", "python sqlite", "sqlite")
        at_least(KINDS["sqlite"][0], 0.85, "of the bare loop's speed", "insert", "sqlite")
        for key in ACCOUNTS:
            month = results.median(key)
            bar(results.cases[key].label, "under 0.3 s", _seconds(month), month < 0.3, _seconds(before.seconds(key)))
        ours = [key for key, case in results.cases.items() if case.runs and str(case.command[0]).endswith("/mhpipe")]
        peak = max(results.peak(key) for key in ours)
        bar("peak memory, any input", "under 100 MB", _memory(peak), peak < 100e6, "")
        if len(self.sizes) > 1:
            least, most = self.sizes[0], self.sizes[-1]
            for kind in ("filter", "csv"):
                keys = f"{kind} {most}", f"{kind} {least}"
                ratio, earlier = results.peak(keys[0]) / results.peak(keys[1]), before.peaks(*keys)
                what = f"peak memory of {kind}, {most} over {least}"
                bar(what, "at most 1.1 times", f"{ratio:.2f}", ratio <= 1.1, _number(earlier))
        workers = self.environment["workers"]
        floor = results.ratio("floor 1 worker", "floor")
        for kind in ("filter", "csv"):
            keys = f"{kind} 1 worker", kind
            ratio, earlier = results.ratio(*keys), before.ratio(*keys)
            what = f"{KINDS[kind][0]}: {workers} workers over 1"
            bar(what, f"{floor - 0.05:.2f} times, 0.05 below the floor's", f"{ratio:.2f}", ratio >= floor - 0.05, _number(earlier))
        start = results.median("start")
        bar("`mhpipe --version`", "under 7 ms", _seconds(start), start < 0.007, _seconds(before.seconds("start")))
        return _table(["what", "aim", "measured", "the run before", "reached"], rows)

    def _main(self):
        keys = ["floor", "proof", *KINDS, "insert"]
        rows = []
        for key in keys:
            of_floor = "" if key == "insert" else f"{self.results.ratio('floor', key):.2f}"
            earlier = "" if key == "insert" else _number(self.before.ratio("floor", key))
            rows.append(self._part(key, of_floor, earlier))
        rows.append(self._part("filter clustered", "", ""))
        for key in ACCOUNTS:
            earlier = _number(self.before.ratio(f"floor {key}", key))
            rows.append(self._part(f"floor {key}", "1.00", ""))
            rows.append(self._part(key, f"{self.results.ratio(f'floor {key}', key):.2f}", earlier))
        head = ["gzip files", "time", "processor time", "peak memory", "text", "of the floor's speed", "the run before"]
        return _table(head, rows)

    def _part(self, key, of_floor, earlier):
        return _row(self.results, key, f"{self.results.speed(key) / 1e9:.2f} GB/s", of_floor, earlier)

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
                work = self.results.cpu(kind) / self.results.cpu(one)
                rows.append([self.results.cases[kind].label, *both, gain, self._alone(one, kind), f"{work:.2f} times"])
        workers = str(self.environment["workers"])
        head = ["workers", "1", workers, "gain", "of the time of 1 that does not scale", f"processor time, {workers} over 1"]
        return _table(head, rows) if rows else ""

    def _alone(self, one, more):
        """The part of one worker's time that more workers do not make less (Amdahl), where their work is the same."""
        workers, gain = self.environment["workers"], self.results.ratio(one, more)
        return f"{max(0, (workers / gain - 1) / (workers - 1)):.0%}" if workers > 1 else ""

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
