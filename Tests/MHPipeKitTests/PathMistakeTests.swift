import Testing

@testable import MHPipeKit

@Suite struct PathMistakeTests {
    struct Case: CustomTestStringConvertible {
        let path: String
        var purpose = PathMistake.Purpose.input
        var isArgument = false
        let message: String?
        var label: String?
        var note: String?
        var literal: String?

        var testDescription: String { "\(path) (\(purpose))" }
    }

    private static let braces = "is not replaced: in pipelines, the name of a variable stands in braces"
    private static let shells = "is not replaced: only shells know what '~' means"

    @Test(arguments: [
        // What a shell would have replaced.
        Case(
            path: "$LOGS/AWSLogs",
            message: "'$LOGS' in '$LOGS/AWSLogs' \(braces)",
            label: "write \"${LOGS}/AWSLogs\"",
            note: "its value comes from `--set LOGS=...`, or from the environment",
            literal: "$LOGS"
        ),
        Case(path: "$LOGS", message: "'$LOGS' \(braces)", label: "write \"${LOGS}\"", literal: "$LOGS"),
        Case(
            path: "/x/a-$DAY.jsonl",
            purpose: .otherOutput,
            message: "'$DAY' in '/x/a-$DAY.jsonl' \(braces)",
            label: "write \"/x/a-${DAY}.jsonl\"",
            literal: "/x/a-$DAY.jsonl"
        ),
        Case(
            path: "$LOGS/AWSLogs",
            isArgument: true,
            message: "'$LOGS' in '$LOGS/AWSLogs' was not replaced",
            note: "a shell replaces it in double quotes and without quotes, not in single quotes",
            literal: "$LOGS"
        ),
        Case(
            path: "${LOGS}/x",
            message: "'${LOGS}' in '${LOGS}/x' is not replaced: "
                + "variables are replaced in double quotes and without quotes",
            label: "write \"${LOGS}/x\"",
            literal: "${LOGS}"
        ),
        Case(
            path: "out-$(date +%F).csv",
            purpose: .outputFile,
            message: "'$(date +%F)' in 'out-$(date +%F).csv' is not replaced: pipelines run no commands",
            note: "write ${NAME} in its place, and give the value to mhpipe: --set NAME=\"$(date +%F)\"",
            literal: "out-$(date +%F).csv"
        ),
        Case(
            path: "`pwd`/x",
            message: "'`pwd`' in '`pwd`/x' is not replaced: pipelines run no commands",
            literal: "`pwd`"
        ),
        Case(path: "~", message: "'~' \(shells)", label: "write \"${HOME}\"", literal: "~"),
        Case(path: "~/logs", message: "'~/logs' \(shells)", label: "write \"${HOME}/logs\"", literal: "~"),
        Case(
            path: "~/s.json",
            purpose: .outputFile,
            isArgument: true,
            message: "'~/s.json' \(shells)",
            label: "write \"$HOME/s.json\"",
            literal: "~"
        ),
        Case(
            path: "~root/logs",
            message: "'~root/logs' \(shells)",
            note: "write the path of that user's folder",
            literal: "~root"
        ),
        // What stands for many files.
        Case(
            path: "logs/*.json.gz",
            message: "'logs/*.json.gz' is a pattern, and a path is that of one file or folder",
            note: "source 'directory' reads a folder, and its option 'include' takes patterns",
            literal: "logs/*.json.gz"
        ),
        Case(
            path: "logs/*/us-*",
            isArgument: true,
            message: "'logs/*/us-*' is a pattern, and a path is that of one file or folder",
            literal: "logs/*"
        ),
        Case(
            path: "AWSLogs/{1,2}/x",
            message: "'AWSLogs/{1,2}/x' is a pattern, and a path is that of one file or folder",
            literal: "AWSLogs/{1,2}"
        ),
        Case(
            path: "{account}/{day}.jsonl",
            purpose: .outputFile,
            message: "'{account}' in '{account}/{day}.jsonl' is not replaced: an output is one file",
            note: "for several files, write several sinks, each behind a filter of its own",
            literal: "{account}"
        ),
        Case(
            path: "a-%Y-%m-%d.csv",
            purpose: .outputFile,
            message: "'%Y' in 'a-%Y-%m-%d.csv' is not replaced",
            note: "give the date from outside: write ${DAY} in its place, and --set DAY=\"$(date +%F)\"",
            literal: "a-%Y-%m-%d.csv"
        ),
        // What is no file.
        Case(
            path: "s3://bucket/AWSLogs/",
            message: "'s3://bucket/AWSLogs/' is a URL, and mhpipe reads files",
            note: "source 's3' reads it: url: s3://bucket/AWSLogs/"
        ),
        Case(
            path: "s3://bucket/a/b.json.gz",
            message: "'s3://bucket/a/b.json.gz' is a URL, and mhpipe reads files",
            note: "source 's3' reads it: url: s3://bucket/a/b.json.gz"
        ),
        Case(
            path: "s3:/bucket/logs",
            message: "'s3:/bucket/logs' is a URL, and mhpipe reads files",
            note: "source 's3' reads it: url: s3://bucket/logs"
        ),
        Case(
            path: "S3://bucket/x.csv",
            purpose: .outputFile,
            message: "'S3://bucket/x.csv' is a URL, and mhpipe writes files",
            note: "write a file, and copy it when the run is done: aws s3 cp FILE s3://bucket/x.csv"
        ),
        Case(
            path: "file:/var/log/trail",
            message: "'file:/var/log/trail' is a URL, and mhpipe reads files",
            label: "write '/var/log/trail'"
        ),
        Case(path: "logs:/trail", message: nil),
        Case(
            path: "arn:aws:s3:::bucket",
            message: "'arn:aws:s3:::bucket' is an ARN, and mhpipe reads files",
            note: "source 's3' reads it: url: s3://bucket"
        ),
        Case(
            path: "s3://bucket/x.db",
            purpose: .outputFile,
            message: "'s3://bucket/x.db' is a URL, and mhpipe writes files",
            note: "write a file, and copy it when the run is done: aws s3 cp FILE s3://bucket/x.db"
        ),
        Case(
            path: "https://example.org/a.json",
            message: "'https://example.org/a.json' is a URL, and mhpipe reads files",
            note: "fetch it first: curl -O 'https://example.org/a.json' , and read './a.json'"
        ),
        Case(
            path: "file:///var/log/trail",
            message: "'file:///var/log/trail' is a URL, and mhpipe reads files",
            label: "write '/var/log/trail'"
        ),
        Case(
            path: "hdfs://host/x",
            message: "'hdfs://host/x' is a URL, and mhpipe reads files",
            note: "copy it to the disk first, and name the file or folder there"
        ),
        // What is all right, or for the plugin to know.
        Case(path: "logs/AWSLogs", message: nil),
        Case(path: "cost$5.csv", purpose: .outputFile, message: nil),
        Case(path: "~backup.jsonl", purpose: .outputFile, message: nil),
        Case(path: "a~/b", message: nil),
        Case(path: "a:b", message: nil),
        Case(path: "100%25/a%F0", message: nil),
        Case(path: "{}", message: nil),
        Case(path: "$", message: nil),
        Case(path: "s3://bucket/x", purpose: .otherOutput, message: nil),
        Case(path: "{account}/x", purpose: .otherOutput, message: nil),
    ])
    func `a path that was meant otherwise is told`(_ test: Case) {
        let mistake = PathMistake(in: test.path, for: test.purpose, isArgument: test.isArgument)
        #expect(mistake?.diagnostic.message == test.message)
        #expect(mistake?.diagnostic.label == test.label)
        if let note = test.note { #expect(mistake?.diagnostic.notes.first == note) }
        #expect(mistake?.literalPath == test.literal)
    }
}
