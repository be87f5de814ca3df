/// The cases of `GoldenErrorTests`.
enum GoldenErrorCases {
    static let all = syntax + stages + graph + paths + several

    /// Surrounds one part with a pipeline in which nothing else is wrong.
    private static func pipeline(
        top: String = "",
        sources: String = "  logs:\n    type: folder\n    path: /",
        transforms: String = "",
        sinks: String = "  lines:\n    type: jsonl\n    path: \"-\""
    ) -> String {
        top + "sources:\n" + sources + "\n" + transforms + "sinks:\n" + sinks + "\n"
    }

    private static func option(_ line: String) -> String {
        pipeline(sources: "  logs:\n    type: folder\n    \(line)")
    }

    // MARK: - The text

    private static let syntax: [GoldenErrorCase] = [
        .init(
            "tab-indentation",
            "sources:\n\tlogs:\n\t\ttype: folder\nsinks:\n  lines:\n    type: jsonl\n    path: \"-\"\n"
        ),
        .init("tab-between", option("path:\t/")),
        .init("anchor", option("path: &here /")),
        .init("alias", option("path: *here")),
        .init("glob-without-quotes", option("path: /\n    include: [*.json, b.json]")),
        .init("tag", option("path: !!str /")),
        .init("merge-key", option("path: /\n    <<: more")),
        .init("second-document", pipeline() + "---\na: 1\n"),
        .init("document-end", pipeline() + "...\n"),
        .init("directive", "%YAML 1.2\n---\n" + pipeline()),
        .init("text-after-document-start", "--- # fine\n" + pipeline() + "\n", variables: ["unused": "x"]),
        .init("duplicate-key", option("path: /\n    path: /tmp")),
        .init("complex-key", option("path: /\n    ? include\n    : a")),
        .init("list-as-key", option("path: /\n    [a]: b")),
        .init(
            "missing-colon",
            "sources\n  logs:\n    type: folder\n    path: /\nsinks:\n  lines\n    type: jsonl\n    path: \"-\"\n"
        ),
        .init("missing-space", option("path:/")),
        .init("equals-sign", option("path = /")),
        .init("second-colon", option("path: a: b")),
        .init(
            "indented-less",
            "sources:\n    logs:\n        type: folder\n        path: /\n  more:\n    type: folder\nsinks:\n  lines:\n    type: jsonl\n    path: \"-\"\n"
        ),
        .init("indented-more", option("path: /\n      include: a")),
        .init("indented-after-quotes", option("path: \"/\"\n      include: a")),
        .init("item-among-keys", option("path: /\n    - a")),
        .init("key-among-items", option("path: /\n    include:\n      - a\n      b")),
        .init("dash-without-space", option("path: /\n    include:\n      - a\n      -b")),
        .init("item-on-key-line", option("path: /\n    include: - a")),
        .init("lone-dash", pipeline(sinks: "  lines:\n    type: jsonl\n    path: -")),
        .init("list-below-text", option("path: /\n    include: a\n      - b")),
        .init("unclosed-quote", option("path: \"/tmp\n    include: a")),
        .init("unclosed-list", option("path: /\n    include: [a, b\n    more: c")),
        .init("wrong-closer", option("path: /\n    include: [a, b}")),
        .init("no-comma", option("path: /\n    include: [a, \"b\" c]")),
        .init("no-value", option("path: /\n    include: [a,, b]")),
        .init("pair-in-list", option("path: /\n    include: [a: b]")),
        .init("no-colon-in-brackets", pipeline(sources: "  logs: {type: folder, path}")),
        .init("variable-in-brackets", option("path: /\n    include: [${A}]")),
        .init("text-after-value", option("path: \"/\" tmp")),
        .init("comment-without-space", option("path: \"/\"# root")),
        .init("reserved-character", option("path: @/")),
        .init("stray-bracket", option("path: ]")),
        .init("unknown-escape", option("path: \"C:\\Users\"")),
        .init("short-escape", option("path: \"\\x4\"")),
        .init("surrogate", option("path: \"\\uD83D\\uDE00\"")),
        .init("block-header", option("path: |x\n      /")),
        .init("control-character", option("path: a\u{1B}[31mb")),
        .init("line-separator", option("path: a\u{2028}b")),
        .init("lone-carriage-return", option("path: a\rb")),
        .init("not-utf8", bytes: Array("# caf".utf8) + [0xE9] + Array("\n".utf8) + Array(option("pth: /").utf8)),
        .init("zero-bytes", bytes: [0x1F, 0x8B, 0, 1]),
        .init("utf16", bytes: [0xFF, 0xFE, 0x61, 0x00]),
        .init("too-deep", "a: " + String(repeating: "[", count: 100) + String(repeating: "]", count: 100)),
        .init("empty", ""),
        .init("only-comments", "# nothing\n"),
        .init("no-mapping", "- a\n- b\n"),
        .init("variable-not-set", option("path: ${LGOS}/a ${B:-ok} \"${C}\""), variables: ["LOGS": "/"]),
        .init("variable-unclosed", option("path: ${LOGS")),
        .init("variable-name", option("path: ${my-logs}")),
        .init("variable-in-default", option("path: ${A:-${B}}")),
        .init("variable-in-key", option("${KEY}: /")),
        .init("set-unknown-place", pipeline(), variables: ["sinks.lnies.path": "x"]),
        .init("set-below-text", pipeline(), variables: ["sinks.lines.path.x": "x"]),
    ]

    // MARK: - Stages and settings

    private static let stages: [GoldenErrorCase] = [
        .init("unknown-top-level", pipeline(top: "on_eror: fail\ncolour: blue\n")),
        .init(
            "misspelt-section",
            "sorces:\n  logs:\n    type: folder\n    pth: /\nsinks:\n  lines:\n    type: jsonl\n    path: \"-\"\n"
        ),
        .init("not-yet", pipeline(top: "metrics: on\nstate: x.db\n")),
        .init(
            "settings",
            pipeline(
                top:
                    "workers: many\non_error: stop\non_damage: kep\nmax_record_bytes: big\nmax_file_bytes: 0\nquarantine: []\npipeline: [a]\n"
            )
        ),
        .init("no-sources", "sources:\nsinks:\n  lines:\n    type: jsonl\n    path: \"-\"\n"),
        .init("no-sinks", "sources:\n  logs:\n    type: folder\n    path: /\n"),
        .init(
            "section-is-a-list",
            "sources:\n  - type: folder\n    path: /\nsinks:\n  lines:\n    type: jsonl\n    path: \"-\"\n"
        ),
        .init("stage-is-a-text", pipeline(transforms: "transforms:\n  names: add_names\n  more: [a]\n  none:\n")),
        .init(
            "stage-name",
            pipeline(transforms: "transforms:\n  my names:\n    type: add_names\n  2nd:\n    type: add_names\n")
        ),
        .init("name-taken", pipeline(transforms: "transforms:\n  logs:\n    type: add_names\n")),
        .init("no-type", pipeline(transforms: "transforms:\n  names:\n    inputs: logs\n  keep:\n    typ: keep\n")),
        .init("type-is-a-list", pipeline(transforms: "transforms:\n  names:\n    type: [add_names]\n")),
        .init(
            "unknown-type",
            pipeline(transforms: "transforms:\n  names:\n    type: add-names\n  zip:\n    type: compress\n")
        ),
        .init("wrong-kind", pipeline(transforms: "transforms:\n  names:\n    type: jsonl\n")),
        .init("unknown-option", option("path: /\n    includ: a")),
        .init("misspelt-required", option("pth: ./logs")),
        .init("missing-option", pipeline(sinks: "  db:\n    type: table")),
        .init(
            "wrong-types",
            pipeline(
                transforms: "transforms:\n  k:\n    type: keep\n    field: a..b\n    equals: [a]\n    not: yes\n",
                sinks:
                    "  db:\n    type: table\n    path: [x]\n    rows: many\n  lines:\n    type: jsonl\n    path: \"-\"\n    mode: prety"
            )
        ),
        .init("no-options", pipeline(transforms: "transforms:\n  names:\n    type: add_names\n    field: x\n")),
        .init(
            "plugin-refuses",
            pipeline(
                transforms:
                    "transforms:\n  a:\n    type: keep\n    field: x\n    matches: \"a(\"\n  b:\n    type: keep\n    field: x\n"
            )
        ),
        .init(
            "warning-of-plugin",
            pipeline(
                transforms: "transforms:\n  a:\n    type: keep\n    field: eventSource\n    equals: mgh.amazonaws.com\n"
            )
        ),
    ]

    // MARK: - Inputs

    private static let graph: [GoldenErrorCase] = [
        .init(
            "unknown-input",
            pipeline(transforms: "transforms:\n  names:\n    type: add_names\n    inputs: [lgos, other]\n")
        ),
        .init("own-input", pipeline(transforms: "transforms:\n  names:\n    type: add_names\n    inputs: names\n")),
        .init("sink-as-input", pipeline(transforms: "transforms:\n  names:\n    type: add_names\n    inputs: lines\n")),
        .init(
            "input-twice",
            pipeline(transforms: "transforms:\n  names:\n    type: add_names\n    inputs: [logs, logs]\n")
        ),
        .init("source-with-inputs", option("path: /\n    inputs: logs")),
        .init(
            "inputs-of-wrong-type",
            pipeline(
                transforms:
                    "transforms:\n  names:\n    type: add_names\n    inputs: {a: b}\n  none:\n    type: add_names\n    inputs: []\n"
            )
        ),
        .init(
            "cycle",
            pipeline(
                transforms:
                    "transforms:\n  a:\n    type: add_names\n    inputs: [logs, c]\n  b:\n    type: add_names\n  c:\n    type: add_names\n"
            )
        ),
        .init(
            "two-cycles",
            pipeline(
                transforms:
                    "transforms:\n  a:\n    type: add_names\n    inputs: b\n  b:\n    type: add_names\n    inputs: a\n  c:\n    type: add_names\n    inputs: d\n  d:\n    type: add_names\n    inputs: c\n"
            )
        ),
        .init(
            "unused-stage",
            pipeline(
                sources: "  logs:\n    type: folder\n    path: /\n  more:\n    type: folder\n    path: /\n",
                transforms: "transforms:\n  a:\n    type: add_names\n    inputs: logs\n  b:\n    type: add_names\n",
                sinks: "  lines:\n    type: jsonl\n    inputs: a\n    path: \"-\""
            )
        ),
    ]

    // MARK: - Paths

    private static let paths: [GoldenErrorCase] = [
        .init("input-not-there", option("path: /no/such/folder")),
        .init(
            "files-not-there",
            pipeline(sources: "  logs:\n    type: files\n    paths: [/, /no/such/file, /no/other]")
        ),
        .init(
            "output-in-input",
            pipeline(
                top: "quarantine: /usr/bad.jsonl\n",
                sinks: "  lines:\n    type: jsonl\n    path: /usr/lib/../x.jsonl"
            ).replacing("path: /\n", with: "path: /usr\n")
        ),
        .init(
            "output-is-input",
            pipeline(
                sources: "  logs:\n    type: files\n    paths: /etc/passwd",
                sinks: "  lines:\n    type: jsonl\n    path: /etc/../etc/passwd"
            )
        ),
        .init(
            "one-output-twice",
            pipeline(
                top: "quarantine: ./out.jsonl\n",
                sources: "  logs:\n    type: folder\n    path: /usr",
                sinks:
                    "  a:\n    type: jsonl\n    path: out.jsonl\n  b:\n    type: jsonl\n    path: x/../out.jsonl\n  c:\n    type: jsonl\n    path: \"-\"\n  d:\n    type: jsonl\n    path: \"-\""
            )
        ),
    ]

    // MARK: - Many at once

    private static let several: [GoldenErrorCase] = [
        .init(
            "many-mistakes",
            """
            pipeline: migration-hub
            worker: 4
            sources:
              logs:
                type: foldr
                path: ${UNSET}
                include: [*.json, &x a, b
                  c: d]
            transforms:
              hub:
                type: keep
                feld: eventName
                equals: [a
              who:
                type: add_names
                inputs: [hbu]
              who:
                type: keep
            sinks:
              db:
                type: table
                rows: many
                path: "x
              lines:
                type: jsonl
            \tpath: y
               mode: plain
            """
        )
    ]
}
