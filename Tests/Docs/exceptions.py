"""What commands.py has to know of single commands. A command stands here as the page has it, on one line, without its comment."""

# The programs that commands may begin: those that do nothing outside of the page's folder. What begins another is in NOT_RUN.
PROGRAMS = {"cut", "echo", "find", "grep", "gzip", "head", "jq", "mhpipe", "mv", "printf", "sort", "sqlite3", "tail", "tr", "uniq"}

# What a page calls the reader's own, and what it is here.
INSTEAD = {
    "/archive/AWSLogs": "AWSLogs",
    "/tmp/audit.db": "other.db",
    "127.0.0.1:9464": "127.0.0.1:0",
    "/var/lib/prometheus/node-exporter/": "",
}

AWS = "asks AWS; `make test-aws` and `make test-digests` ask servers of their own"
BENCH = "measures for minutes"
BUILD = "builds mhpipe and what tests it"
CRON = "a line for cron; what it runs is run for other pages"
DIAGRAM = "needs Graphviz; what is before the pipe is run with other formats"
MACHINE = "changes the machine; ServiceFilesTests looks at the unit"
PACKAGE = "builds a package that needs further libraries; `make test-plugins` does"
SPARK = "needs Spark; `make test-spark` runs it"
INSTALLED = "installs something, or needs a terminal; `make test-dist` and the tests of completions and the manual do it elsewhere"
TUTORIAL = "builds a package; `make test-install` types these commands"


def all_of(reason, *commands):
    return {command: reason for command in commands}


# Commands that are not run, and why.
NOT_RUN = {
    "README.md": all_of(BUILD, "make demo", "make test"),
    "CONTRIBUTING.md": all_of(BUILD, "make test"),
    "Plugins/Example/README.md": all_of(
        PACKAGE,
        "swift run mhpipe-example plugins tag_team",
        "swift run mhpipe-example run pipeline.conf",
        "swift test",
    ),
    "Plugins/GeoIP/README.md": all_of(
        PACKAGE,
        "swift build -c release --package-path Plugins/GeoIP",
        "cp Plugins/GeoIP/.build/release/mhpipe-geoip ~/bin",
        "LOGS=AWSLogs GEOIP_DATABASE=GeoLite2-City.mmdb mhpipe-geoip run pipelines/sign-ins-by-country.conf",
    ),
    "Plugins/Parquet/README.md": all_of(
        PACKAGE,
        "python3 -m venv .venv && .venv/bin/pip install -r Plugins/Parquet/requirements.txt",
        "PYTHON=.venv/bin/python LOGS=AWSLogs LAKE=lake mhpipe run pipelines/parquet-lake.conf",
        "duckdb -c \"SELECT day, eventName, count(*) FROM read_parquet('lake/*/*/*/*.parquet', hive_partitioning = true) "
        "GROUP BY ALL ORDER BY day\"",
    ),
    "Plugins/PostgreSQL/README.md": all_of(
        PACKAGE,
        "swift build -c release --package-path Plugins/PostgreSQL",
        "createdb trail",
        "LOGS=AWSLogs POSTGRESQL=postgresql:///trail "
        "Plugins/PostgreSQL/.build/release/mhpipe-postgresql run pipelines/trail-to-postgresql.conf",
        'psql trail -c "SELECT event_time::date AS day, event_name, count(*) FROM cloudtrail_events '
        'WHERE NOT read_only GROUP BY 1, 2 ORDER BY 3 DESC LIMIT 10"',
    ),
    "docs/digests.md": {
        **all_of(
            AWS,
            "aws cloudtrail list-public-keys --region us-east-1 --start-time 2026-05-01 > keys.json",
            "aws s3api head-object --bucket BUCKET --key KEY > NAME.json.gz.metadata",
            "mhpipe verify-trail s3://audit-logs/AWSLogs --since 2026-05 --until 2026-05 --report may.json",
        ),
    },
    "docs/for-swift-developers.md": all_of(
        TUTORIAL,
        "mhpipe plugin new tag_team",
        "cd tag_team",
        "mhpipe plugin build",
        "mhpipe plugin test",
        "mhpipe run pipeline.conf",
    ),
    "docs/install.md": all_of(
        INSTALLED,
        "tar xzf mhpipe-0.1.0-linux-x86_64.tar.gz",
        "export PATH=$PWD/mhpipe-0.1.0-linux-x86_64/bin:$PATH",
        "apt-get install ./mhpipe_0.1.0_amd64.deb",
        "podman build --tag mhpipe --file docs/install/Containerfile .",
        'podman run --rm --volume "$PWD:/data" mhpipe stats AWSLogs',
        'mhpipe completions zsh > "${fpath[1]}/_mhpipe"',
        "mhpipe man run | man -l -",
    ),
    "docs/manifest.md": all_of(
        CRON,
        "15 2 * * *  cd /srv/audit && mhpipe run audit.conf --quiet --manifest manifests/$(date +\\%F).jsonl",
    ),
    "docs/performance.md": all_of(
        BENCH,
        "make bench-peers",
        "make bench",
        "make bench SIZE=100MB ROUNDS=1 PEER_ROUNDS=0",
        'make bench ONLY="filter csv" ROUNDS=9',
    ),
    "docs/reliability.md": all_of(
        CRON,
        "15 2 * * *  cd /srv/audit && mhpipe run audit.conf --quiet --summary last-night.json",
    ),
    "docs/running.md": {
        **all_of(
            MACHINE,
            "sudo install -D -m 644 pipelines/watch.conf /etc/mhpipe/watch.conf",
            "sudo install -m 644 docs/service/mhpipe-watch.service /etc/systemd/system/",
            "sudo systemctl daemon-reload",
            "sudo systemctl enable --now mhpipe-watch",
        ),
        "mhpipe graph audit.conf --format dot | dot -Tsvg -o audit.svg": DIAGRAM,
    },
    "docs/scale.md": all_of(
        SPARK,
        "pipelines/spark/mhpipe-spark audit.conf /shared/audit --set LOGS=/shared/AWSLogs "
        "--mhpipe /opt/mhpipe/bin/mhpipe --master spark://master:7077",
    ),
    "docs/writing-plugins.md": all_of(
        TUTORIAL,
        "mhpipe plugin new tag_team",
        "cd tag_team",
        "mhpipe plugin build",
        "mhpipe plugin test",
        "mhpipe run pipeline.conf",
        "swift test --disable-xctest",
        "mhpipe plugins tag_team --plugin libTagTeam.so",
        "mhpipe check pipeline.conf",
        "mhpipe run pipeline.conf | grep '\"team\":\"payments\"'",
        "swift run mhpipe-example plugins tag_team",
        "swift run mhpipe-example check pipeline.conf",
        "swift run mhpipe-example run pipeline.conf",
    ),
}

LOGS = "AWSLogs/111122223333/CloudTrail/us-west-2/2025/10/06"
ENDS_WITH_3 = "; test $? = 3"

# What is made before the commands of a page.
PREPARED = {
    "docs/conditions.md": [
        "printf '%s\\n' 'sources:' '  logs:' '    type: directory' '    path: AWSLogs' 'transforms:' '  root:' '    type: filter' "
        "\"    where: 'useridentity.type == \\\"Root\\\"'\" 'sinks:' '  out: {type: jsonl, path: root.jsonl}' > root.conf",
    ],
    # Nobody has signed the sample, so no key says anything of it.
    "docs/digests.md": ["echo '{\"PublicKeyList\":[]}' > keys.json"],
    "docs/input.md": [
        "gzip -dc AWSLogs/444455556666/CloudTrail/us-west-2/2025/10/06/*.gz | sed s/444455556666/123837392027/g > published.json",
    ],
    "docs/install.md": ["mkdir -p ~/.local/share/bash-completion/completions ~/.config/fish/completions"],
    "docs/manifest.md": ["mkdir manifests && mhpipe run audit.conf --quiet --manifest manifests/2026-05-31.jsonl"],
    "docs/pipeline-format.md": [
        "printf '%s\\n' 'sources:' '  logs:' '    type: directory' '    path: AWSLogs' '' 'sinks:' '  audit:' '    type: sqlite' "
        "'    pth: audit.db' > draft.conf",
        "printf '%s\\n' 'sources:' '  logs: {type: directory, path: AWSLogs}' 'transforms:' '  sign_ins:' '    type: filter' "
        "'    field: eventSorce' '    equals: signin.amazonaws.com' 'sinks:' '  out: {type: jsonl, path: out.jsonl}' > sign-ins.conf",
        "mhpipe convert AWSLogs puts.jsonl --quiet --where 'eventName.startsWith(\"Put\")'",
        "printf '%s\\n' 'sources: {logs: {type: file, path: puts.jsonl}}' "
        "'transforms: {f: {type: filter, field: eventName, equals: putobject}}' 'sinks: {out: {type: jsonl, path: out.jsonl}}' > puts.conf",
    ],
    # A damaged record, and then what somebody has mended in the quarantine.
    "docs/quarantine.md": [
        "printf '%s\\n' 'sources: {logs: {type: directory, path: AWSLogs}}' 'sinks: {audit: {type: jsonl, path: audit.jsonl}}' > audit.conf",
        "printf '%s\\n' '{\"Records\":[{\"eventVersion\":\"1.08\",\"eventName\":x}]}' > AWSLogs/1.json",
        "mhpipe run audit.conf --quiet --quarantine bad.jsonl" + ENDS_WITH_3,
        "sed -i 's/eventName..:x/eventName\\\\\":\\\\\"GetObject\\\\\"/' bad.jsonl",
    ],
    # A file that was cut when it was read first.
    "docs/reliability.md": [
        "printf '%s\\n' 'state: .audit-state' 'mode: append' 'sources: {logs: {type: directory, path: AWSLogs}}' "
        "'sinks: {trail: {type: jsonl, path: trail.jsonl}}' > audit.conf",
        f"mv {LOGS}/*.gz whole && head -c 3000 whole > AWSLogs/FILE.json.gz",
        "mhpipe run audit.conf --quiet" + ENDS_WITH_3,
        "mv whole AWSLogs/FILE.json.gz",
    ],
    "docs/report.md": [
        "mhpipe convert AWSLogs all.db --once --migration --identity --origin --call --quiet",
        "echo '{\"PublicKeyList\":[]}' > keys.json",
    ],
    "docs/s3.md": [
        "ln -s nowhere AWSLogs/gone.json.gz",
        "mhpipe convert AWSLogs out.jsonl --quiet --quarantine bad.jsonl" + ENDS_WITH_3,
    ],
    "docs/scale.md": [
        "printf '%s\\n' 'sources: {logs: {type: list, path: \"${LIST:-list.txt}\"}}' "
        "'sinks: {out: {type: jsonl, path: \"${PART:-part.jsonl}\"}}' > task.conf",
        "mkdir lists out && find AWSLogs -name '*.gz' | sort > lists/part-00017.txt",
    ],
}

# Commands that end otherwise than with 0.
EXIT_CODES = {
    "docs/conditions.md": {"mhpipe check root.conf": 2},
    "docs/digests.md": {"mhpipe verify-trail AWSLogs --public-keys keys.json --report may.json": 3},
    "docs/report.md": {"mhpipe verify-trail AWSLogs --public-keys keys.json --report verified.json": 3},
    "docs/for-data-engineers.md": {
        "mhpipe convert pipelines/sample/AWSLogs cut.json kept.jsonl --quarantine damaged.jsonl": 3,
    },
    "docs/for-security-engineers.md": {
        "mhpipe verify-trail pipelines/sample/AWSLogs | tail -n 1": 3,
        "gzip -dc redacted-trail.jsonl.gz | grep -cE '(AKIA|ASIA)[A-Z0-9]{12}'": 1,
    },
    "docs/for-swift-developers.md": {
        "printf 'sources: {logs: {type: directory, path: pipelines/sample/AWSLogs}}\\ntransforms: {hours: {type: time_bucket, evry: 1h}}\\n"
        "sinks: {out: {type: csv, path: out.csv}}\\n' | mhpipe check -": 2,
    },
    "docs/pipeline-format.md": {"mhpipe check draft.conf": 2},
}
