"""What is measured: a name, a command, and the check of what it wrote."""

import measuring
from corpus import name as corpus_name

COLUMNS = (
    "eventTime eventSource eventName awsRegion sourceIPAddress userAgent errorCode errorMessage requestID eventID "
    "recipientAccountId userIdentity.type userIdentity.arn userIdentity.accountId userIdentity.principalId "
    "userIdentity.accessKeyId requestParameters responseElements"
).split()

KINDS = {
    "filter": ("filter 1 % to JSON lines", "jsonl", ["--hub"]),
    "jsonl": ("all events to JSON lines", "jsonl", []),
    "identity": ("all events to JSON lines, identity added", "jsonl", ["--identity"]),
    "csv": ("all events to CSV, 18 columns", "csv", ["--columns", ",".join(COLUMNS)]),
    "sqlite": ("all events to SQLite, 18 columns", "db", ["--columns", ",".join(COLUMNS)]),
}

# How many times as long a run with a state may take.
STATE_AIMS = {"filter": 1.05, "csv": 1.15, "sqlite": 1.15}

# Of these the instructions are counted, but no time is measured.
ALSO_COUNTED = {
    "where": (
        "all events to CSV, 18 columns, behind four comparisons that keep every event",
        "csv",
        [
            "--columns",
            ",".join(COLUMNS),
            "--where",
            'eventName.startsWith("") && eventTime > "2000" && !(eventSource in ["a", "b"]) && userIdentity.type != "x"',
        ],
    ),
    "select": (
        "all events to CSV, 18 columns, selected by region and time",
        "csv",
        ["--columns", ",".join(COLUMNS), "--since", "2000", "--until", "2100"]
        + ["--region", "us-east-1,us-west-2,eu-west-1,eu-central-1,ap-northeast-1,ap-southeast-2"],
    ),
}


# What is asked of the largest trail: a month, of an account with a fifth of the files, and of one with a tenth, the median.
MONTH = "2024-05"
ACCOUNTS = {"month": ("444455556666", "one account"), "month median": ("001122334455", "an account of median size")}


class Part:
    """Some files of a trail, as far as cases ask."""

    def __init__(self, text_bytes):
        self.text_bytes = text_bytes


class Case:
    """One command that is run in every round."""

    def __init__(self, key, label, corpus, command, output=None, check=None, times=1, rounds=None, writes=0):
        self.key = key
        self.label = label
        self.corpus = corpus
        self.command = command
        self.output = output
        self.check = check
        # How often it runs in a round, and in how many rounds where that is not all.
        self.times = times
        self.rounds = rounds
        # How many bytes of memory are found before it runs, for what it writes.
        self.writes = writes
        self.runs = []

    def run(self, measurer):
        """Runs it once, checks its result, and removes that."""
        if self.writes:
            measuring.find_memory(self.writes)
        taken, printed = measurer.run(self.command)
        if self.check:
            found, expected = self.check(printed)
            if found != expected:
                raise measuring.Failed(f"{self.key}: {found} instead of {expected}: {' '.join(map(str, self.command))}")
        if self.output:
            self.output.unlink()
        return taken


def _counted(kind, corpus, output):
    """The check of a conversion: as many lines or rows as there are events."""
    expected = corpus.hub_events if kind == "filter" else corpus.events
    if kind == "csv":
        expected += 1
    count = measuring.rows if output.suffix == ".db" else measuring.lines
    return lambda _: (count(output), expected)


# What a conversion writes at most, in parts of its text.
WRITTEN = {"filter": 0.02, "jsonl": 1.1, "identity": 1.4, "csv": 0.5, "sqlite": 0.5}


def _written(kind, corpus):
    return int(WRITTEN[kind] * corpus.text_bytes)


class Catalog:
    """Makes the cases over one set of tools."""

    def __init__(self, tools, scratch, workers):
        self.tools = tools
        self.scratch = scratch
        self.workers = workers

    def conversion(self, kind, corpus, form="gzip", workers=None, key=None):
        label, suffix, options = KINDS[kind]
        output = self.scratch / f"out.{suffix}"
        options = options + ["--workers", str(workers or self.workers), "--quiet"]
        command = [self.tools / "mhpipe", "convert", "--force", corpus.path(form), output, *options]
        return Case(key or kind, label, corpus, command, output, _counted(kind, corpus, output), writes=_written(kind, corpus))

    def floor(self, corpus, workers=None, key="floor"):
        command = [self.tools / "mhpipe-limits", "gunzip", corpus.path("gzip"), workers or self.workers]
        check = lambda printed: (int(printed), corpus.text_bytes)
        return Case(key, "the floor: read and gunzip, nothing else", corpus, command, check=check)

    def proof(self, corpus):
        """What the filter cannot take less than: gunzip, and the proof of every record by the code that mhpipe has for it."""
        command = [self.tools / "mhpipe-limits", "prove", corpus.path("gzip"), self.workers]
        check = lambda printed: (printed, f"{corpus.text_bytes} {corpus.events}")
        return Case("proof", "read, gunzip and prove every record, nothing else", corpus, command, check=check)

    def filter_clustered(self, corpus):
        """The filter over a trail whose calls of Migration Hub are in few accounts and days, as those of migrations are."""
        case = self.conversion("filter", corpus, key="filter clustered")
        case.label += ", those in a quarter of the accounts and on two days of each week"
        return case

    def months(self, corpus, measurer):
        """The calls of Migration Hub of one account and month, out of a trail of more than that; each with its own floor."""
        return [case for key in ACCOUNTS for case in self._month(key, corpus, measurer)]

    def _month(self, key, corpus, measurer):
        account, name = ACCOUNTS[key]
        output = self.scratch / "out.jsonl"
        folder = corpus.path("gzip")
        command = [self.tools / "mhpipe", "convert", "--force", folder, output, "--hub", "--workers", str(self.workers), "--quiet"]
        # What is to be found is told by a run that reads every file.
        month = f'recipientAccountId == "{account}" && eventTime.startsWith("{MONTH}")'
        measurer.run([*command, "--where", month])
        expected = measuring.lines(output)
        output.unlink()
        command += ["--account", account, "--since", MONTH, "--until", MONTH]
        floor = [self.tools / "mhpipe-limits", "gunzip", self._listed(key, account, folder, measurer), self.workers]
        part = Part(int(measurer.run(floor)[1]))
        label = f"filter, {name} and month of {corpus_name(corpus.size)}"
        return [
            Case(key, label, part, command, output, lambda _: (measuring.lines(output), expected)),
            Case(
                f"floor {key}",
                f"the floor: read and gunzip the files of {name} and month, nothing else",
                part,
                floor,
                check=lambda printed: (int(printed), part.text_bytes),
            ),
        ]

    def _listed(self, key, account, folder, measurer):
        """A list of the files that mhpipe reads for an account's month."""
        pipeline, listed = self.scratch / f"{key}.conf", self.scratch / f"{key}.txt"
        pipeline.write_text(
            f'sources: {{logs: {{type: directory, path: "{folder}", accounts: ["{account}"], since: {MONTH}, until: {MONTH}}}}}\n'
            f'sinks: {{it: {{type: jsonl, path: "{self.scratch}/none.jsonl"}}}}\n'
        )
        listed.write_text(measurer.run([self.tools / "mhpipe", "list", pipeline])[1] + "\n")
        return listed

    def insert(self, corpus, rows):
        output = self.scratch / "out.db"
        command = [self.tools / "mhpipe-limits", "insert", rows, output]
        check = lambda printed: ((int(printed), measuring.rows(output)), (corpus.events, corpus.events))
        # It keeps the rows, and the database in memory besides.
        writes = 2 * _written("sqlite", corpus)
        return Case("insert", "a bare loop in C that inserts the same rows", corpus, command, output, check, writes=writes)

    def start(self):
        return Case("start", "`mhpipe --version`", None, [self.tools / "mhpipe", "--version"], times=10)

    def main(self, corpus, rows):
        """Those that the ratios are about."""
        return [self.floor(corpus), self.proof(corpus), *(self.conversion(kind, corpus) for kind in KINDS), self.insert(corpus, rows)]

    def with_state(self, corpus):
        """The same pipelines as runs that keep a state, and as runs that do not."""
        cases = []
        for kind in STATE_AIMS:
            label, suffix, options = KINDS[kind]
            output = self.scratch / f"out.{suffix}"
            columns = f", columns: [{', '.join(COLUMNS)}]" if "--columns" in options else ""
            sink = {"db": "sqlite"}.get(suffix, suffix)
            pipeline = self.scratch / f"{kind}.conf"
            pipeline.write_text(
                f'sources: {{logs: {{type: directory, path: "{corpus.path("gzip")}"}}}}\n'
                + ("transforms: {hub: {type: migration_hub, inputs: [logs]}}\n" if "--hub" in options else "")
                + f'sinks: {{it: {{type: {sink}, path: "{output}"{columns}}}}}\n'
            )
            command = [self.tools / "mhpipe", "run", pipeline, "--quiet", "--workers", str(self.workers)]
            state = ["--state", self.scratch / "state"]
            for key, more in [(f"{kind} run", []), (f"{kind} run with a state", state)]:
                check, writes = _counted(kind, corpus, output), _written(kind, corpus)
                cases.append(Case(key, label, corpus, command + more, output, check, writes=writes))
        return cases

    def other_forms(self, corpus):
        trees = [
            self.conversion(kind, corpus, form, key=f"{kind} {form}")
            for form in ("jsonl", "json")
            for kind in ("filter", "jsonl", "identity", "csv")
        ]
        document = [self.conversion(kind, corpus, "document", key=f"{kind} document") for kind in ("filter", "jsonl")]
        return trees + document

    def one_worker(self, corpus):
        cases = [self.conversion(kind, corpus, workers=1, key=f"{kind} 1 worker") for kind in KINDS]
        return [self.floor(corpus, 1, "floor 1 worker"), *cases]

    def sizes(self, corpora):
        return [
            case
            for corpus, size in corpora
            for case in (
                self.floor(corpus, key=f"floor {size}"),
                self.conversion("filter", corpus, key=f"filter {size}"),
                self.conversion("csv", corpus, key=f"csv {size}"),
            )
        ]

    def peer(self, peer, command, corpus, rounds):
        """A peer's case; it runs in the first rounds only, since it takes long."""
        _, suffix, _ = KINDS[peer.kind]
        output = self.scratch / f"peer.{suffix}"
        command = [*command, corpus.path("gzip"), output]
        check = _counted(peer.kind, corpus, output)
        return Case(peer.key, peer.label, corpus, command, output, check, rounds=rounds, writes=_written(peer.kind, corpus))
