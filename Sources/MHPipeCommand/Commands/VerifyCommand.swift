import Dispatch
import MHPipeIO
import MHPipeKit
import MHPipeRuntime

/// `mhpipe verify MANIFEST`.
struct VerifyCommand: Command {
    static let name = "verify"
    static let summary = "Checks inputs and outputs against the manifest of a run."
    static let notes = """
        What is not as the manifest says is listed on standard output: missing, changed, truncated, longer, unreadable, extra.

        Exit codes: 0 when all is as the manifest says; 5 when something is not; 2 when there is no such manifest.

        Examples:
          mhpipe verify audit.manifest.jsonl
          mhpipe verify audit.manifest.jsonl --inputs --root /mnt/copy
        """

    static let parameters: [Parameter<VerifyCommand>] = [
        .positional("MANIFEST", \.manifest, "The file that '--manifest' has written."),
        .flag("inputs", \.checksInputs, "Checks the inputs, and the outputs only with '--outputs'."),
        .flag("outputs", \.checksOutputs, "Checks the outputs, and the inputs only with '--inputs'."),
        .option(
            "root",
            "FOLDER",
            \.root,
            "Where files are that were moved: their paths, absolute ones too, count from here; else from where the run started."
        ),
        .flag(
            "extra",
            \.findsExtra,
            "Lists files as well that the manifest does not name, below the folders that were read or written by fields."
        ),
        .flag("quiet", short: "q", \.isQuiet, "Says nothing where all is as it should be."),
    ]

    var manifest = ""
    var checksInputs = false
    var checksOutputs = false
    var root: InputPath?
    var findsExtra = false
    var isQuiet = false

    func run(in context: CommandContext) throws -> ExitCode {
        let console = context.console
        let name = FilePath(manifest).text
        let text: ManifestText
        do {
            text = try ManifestText(manifest)
        } catch let failure as InputFailure {
            let message = "cannot read '\(name)': \(failure.reason)"
            if let advice = failure.advice { throw UsageError.machineFault(message, advice: advice) }
            throw FilePath(manifest).exists ? UsageError.refused(message) : UsageError.missing(manifest, message)
        } catch ManifestText.Damage.other(let reason) {
            throw UsageError.refused("cannot check against '\(name)': \(reason)")
        } catch ManifestText.Damage.damaged(let reason) {
            console.say("'\(name)' is not to be relied on: \(reason)", advice: ["nothing was checked against it"])
            return .different
        }
        if let root, FilePath(root.path).resolved == nil {
            throw UsageError.refused("there is no folder '\(FilePath(root.path).text)' for '--root'")
        }
        return try check(text, name, context)
    }

    private func check(_ text: ManifestText, _ name: String, _ context: CommandContext) throws -> ExitCode {
        let console = context.console
        let both = checksInputs == checksOutputs
        let (inputs, outputs) = (checksInputs || both, checksOutputs || both)
        var tally = VerificationTally()
        var known: Set<FilePath> = []
        var checks: [(what: String, shown: String, check: any ContentCheck)] = []
        func flush() throws {
            let findings = Self.find(checks.map(\.check))
            for ((what, shown, _), finding) in zip(checks, findings) {
                if let line = tally.add(finding, what, shown) { try console.write(line + "\n") }
            }
            checks = []
        }
        try text.forEachFile { line in
            guard line.type == "input" ? inputs : outputs, line.kind != "unopened" else { return }
            let path = place(of: line.file, text.run)
            if findsExtra { known.insert(path) }
            checks.append((line.type, line.file.text, check(line, at: path, context)))
            if checks.count == 512 { try flush() }
        }
        try flush()
        if findsExtra {
            let folders = text.folders(inputs: inputs, outputs: outputs).map { place(of: $0, text.run) }
            for file in ExtraFiles(in: folders, beside: known) {
                tally.different += 1
                try console.write("extra: \(file.text)\n")
            }
        }
        return conclude(tally, text.end, name, outputs, console)
    }

    private func check(_ line: ManifestLine, at path: FilePath, _ context: CommandContext) -> any ContentCheck {
        let bytes = line.bytes ?? 0
        if line.kind == "object" {
            return ObjectCheck(url: line.file.text, bytes: bytes, sha256: line.sha256, plugins: context.plugins)
        }
        let sha256 = line.kind == "file" ? line.sha256 : nil
        return FileCheck(path: path, offset: line.offset, bytes: bytes, sha256: sha256)
    }

    /// Looks at files, several side by side.
    private static func find(_ checks: [any ContentCheck]) -> [FileCheck.Finding] {
        let findings = Locked([FileCheck.Finding](repeating: .untold, count: checks.count))
        DispatchQueue.concurrentPerform(iterations: checks.count) { number in
            let finding = checks[number].find()
            findings.withLock { $0[number] = finding }
        }
        return findings.withLock { $0 }
    }

    /// Where a file of the manifest is to be looked for.
    private func place(of file: FilePath, _ run: ManifestLine) -> FilePath {
        let bytes = file.bytes
        let isAbsolute = bytes.first == UInt8(ascii: "/")
        if let root { return FilePath(root.path).appending(Array(isAbsolute ? bytes.dropFirst() : bytes[...])) }
        return isAbsolute ? file : FilePath(run.directory ?? ".").appending(bytes)
    }

    /// True where there was no input at all, so that nothing was to be written.
    private func foundNothing(_ end: ManifestLine) -> Bool {
        end.outcome == RunReport.Outcome.nothingToRead.rawValue && end.object["exitCode"]?.int == 0
    }

    private func conclude(
        _ tally: VerificationTally,
        _ end: ManifestLine,
        _ name: String,
        _ outputs: Bool,
        _ console: Console
    ) -> ExitCode {
        // Where nothing was new, the manifests of earlier runs tell of the outputs.
        let isCommitted =
            end.committed == true || end.outcome == RunReport.Outcome.nothingNew.rawValue
            || foundNothing(end) || !outputs
        if !isCommitted {
            let why = end.error.map { ": \($0)" } ?? ""
            console.say(
                "the run of '\(name)' has put no output in its place (\(end.outcome ?? "failed"))\(why)",
                advice: ["'--inputs' checks what it has read"]
            )
        }
        guard tally.different == 0 else {
            var advice: [String] = []
            if tally.missing > 0, root == nil {
                advice.append("for files that were moved, '--root FOLDER' says where they are")
            }
            console.say(
                "\(name): \(Readable.count(tally.different, "file")) not as the manifest says, \(tally.same) as it says",
                advice: advice
            )
            return .different
        }
        guard isCommitted else { return .different }
        if !isQuiet {
            let untold = tally.untold == 0 ? "" : "; \(tally.untold) cannot be read again, such as pipes"
            console.say("\(name): \(Readable.count(tally.same, "file")) as the manifest says\(untold)")
            if end.exitCode == Int(ExitCode.inputProblems.value) {
                console.say(
                    "the run could not read all of its input (exit code 3); the summary in the last line says what"
                )
            }
        }
        return .success
    }
}

/// How many files are as a manifest says.
struct VerificationTally {
    var same = 0
    var untold = 0
    var different = 0
    var missing = 0

    /// Counts a finding.
    ///
    /// - Returns: The line for it; nil where nothing is wrong.
    mutating func add(_ finding: FileCheck.Finding, _ what: String, _ shown: String) -> String? {
        switch finding {
        case .same: same += 1
        case .untold: untold += 1
        case .different(let word, let detail):
            different += 1
            if word == "missing" { missing += 1 }
            return "\(word): \(what) \(shown)" + (detail.map { ": \($0)" } ?? "")
        }
        return nil
    }
}
