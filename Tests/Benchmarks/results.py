"""What the rounds gave: medians, and ratios of figures of the same round."""

import statistics
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Results:
    """The runs of all cases, by their keys: a list of rounds, each the runs of that round."""

    def __init__(self, cases):
        self.cases = {case.key: case for case in cases}

    def __contains__(self, key):
        return key in self.cases and bool(self.cases[key].runs)

    def rounds(self, key, figure="seconds"):
        """One figure of each round."""
        return [statistics.median(run[figure] for run in runs) for runs in self.cases[key].runs]

    def median(self, key, figure="seconds"):
        return statistics.median(self.rounds(key, figure))

    def peak(self, key):
        """The most memory that any run took, in bytes."""
        return max(run["peak"] for runs in self.cases[key].runs for run in runs)

    def cpu(self, key):
        return statistics.median(
            user + system for user, system in zip(self.rounds(key, "user"), self.rounds(key, "system"))
        )

    def ratio(self, upper, lower):
        """How many times `lower` goes into `upper`: the median of the ratios within each round."""
        return statistics.median(a / b for a, b in zip(self.rounds(upper), self.rounds(lower)))

    def speed(self, key):
        """Bytes of text in a second."""
        return self.cases[key].corpus.text_bytes / self.median(key)

    def as_json(self):
        return {
            key: {
                "label": case.label,
                "command": " ".join(str(word) for word in case.command).replace(f"{ROOT}/", ""),
                "seconds": round(self.median(key), 4),
                "cpuSeconds": round(self.cpu(key), 4),
                "peakBytes": self.peak(key),
                "rounds": [round(seconds, 4) for seconds in self.rounds(key)],
            }
            for key, case in self.cases.items()
            if case.runs
        }


class Before:
    """What the last full run has kept, to be shown beside: on another day, and maybe another machine."""

    def __init__(self, kept):
        self.environment = kept["environment"]
        self.cases = kept["cases"]

    def ratio(self, upper, lower):
        """As `Results.ratio`; None where the run had no such case."""
        if upper not in self.cases or lower not in self.cases:
            return None
        rounds = zip(self.cases[upper]["rounds"], self.cases[lower]["rounds"])
        return statistics.median(a / b for a, b in rounds)

    def seconds(self, key):
        return self.cases[key]["seconds"] if key in self.cases else None

    def peaks(self, upper, lower):
        """How many times the memory of one case goes into that of another."""
        if upper not in self.cases or lower not in self.cases:
            return None
        return self.cases[upper]["peakBytes"] / self.cases[lower]["peakBytes"]
