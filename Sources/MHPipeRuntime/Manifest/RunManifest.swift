import Libc
import MHPipeIO
import MHPipeKit
import MHPipePlan

/// The manifest of a run: JSON lines that say what was read and what was written, with the hashes of both.
///
/// The lines of inputs are written as the outcomes come, in the order of the input; where the run keeps a state, into its
/// folder, so that those of an interrupted run are there for the one that goes on. The file gets its name behind the
/// outputs. `docs/manifest.md` says what each line holds.
package final class RunManifest: Sendable {
    private struct State {
        var file: AtomicFile
        var hash: SHA256
        var input: ManifestInput?
        /// Where the lines of inputs are kept, in a run that keeps a state.
        var kept: KeptLines?
        var inputs = 0
        var hasBegun = false
        var isOver = false
        var otherName: String?
        /// Where the file ends.
        var bytes = 0
        /// Where the last line has the exit code, once it has its name.
        var exitCodes: [Int] = []
    }

    private struct Box: @unchecked Sendable /* behind a mutex */ {
        var state: State
    }

    private let box: Locked<Box>
    private let description: ManifestDescription
    private let place: OutputPlace

    /// The form of the lines; goes up when a key goes away or changes its meaning.
    package static let schema = 1

    /// Opens the file beside its name.
    ///
    /// - Throws: `OutputFailure` when it cannot be written; `StageError` when there is nothing to hash with.
    package init(_ description: ManifestDescription) throws {
        self.description = description
        place = try OutputPlace(resolving: description.path)
        guard place.kind == .regular else {
            throw OutputFailure(
                description.path,
                reason: "a manifest is a file, which gets its name behind the outputs",
                errorNumber: EINVAL
            )
        }
        box = Locked(Box(state: State(file: try AtomicFile(place), hash: try SHA256())))
    }

    // MARK: - While the run goes on

    /// Begins with the inputs.
    ///
    /// - Parameters:
    ///   - plan: What is run.
    ///   - started: When the run began.
    ///   - counts: What an earlier run has counted that this one goes on with.
    ///   - kept: Where lines are kept; nil in a run without a state.
    /// - Throws: `StageError` when the first line cannot be written.
    func begin(_ plan: PipelinePlan, started: String, after counts: StageCounts, kept: KeptLines?) throws {
        try box.withLock { box in
            box.state.input = ManifestInput(plan, after: counts)
            box.state.kept = kept
            if kept == nil { try writeHeader(started, &box.state) }
        }
    }

    /// Takes note of what became of a unit; called in the order of the input.
    func add(_ unit: UnitOutcome, _ counts: StageCounts) throws {
        let line = OutputBuffer(capacity: 1024)
        try box.withLock { box in
            guard !box.state.isOver else { return }
            box.state.input?.append(unit, counts, to: line)
            if let kept = box.state.kept { return try unsafe kept.append(line.bytes) }
            try unsafe write(line.bytes, &box.state)
            box.state.inputs += 1
        }
    }

    /// Where the kept lines end; nil in a run without a state.
    var mark: Int? { box.withLock { $0.state.kept?.end } }

    /// Brings the kept lines to the disk.
    func sync() throws { try box.withLock { try $0.state.kept?.sync() } }

    // MARK: - At its end

    /// True once the manifest has its name, or was let go of.
    package var isOver: Bool { box.withLock { $0.state.isOver } }

    /// The name that it got in place of the one that was asked for.
    package var otherName: String? { box.withLock { $0.state.otherName } }

    /// Writes what a run did, and gives the file its name.
    ///
    /// - Parameters:
    ///   - report: What it did.
    ///   - outputs: The files that it has put in their places.
    ///   - isUnsettled: True when something has failed behind the commits.
    /// - Throws: `StageError`; the outputs are as they are.
    package func end(_ report: RunReport, outputs: [ManifestOutput], isUnsettled: Bool = false) throws {
        let (summary, exitCode) = try description.summary(report, isUnsettled)
        try finish(
            outcome: report.outcome.rawValue,
            started: report.started,
            ended: report.ended,
            exitCode: exitCode,
            outputs: outputs,
            rest: "\"error\":null,\"summary\":\(summary)",
            isCommitted: report.outcome.isCommitted
        )
    }

    /// Writes that a run has failed, so that every output is as it was before.
    package func fail(_ error: any Error, started: String) throws {
        let rest = OutputBuffer()
        rest.append("\"error\":")
        rest.append(json: (error as? StageError)?.message ?? "\(error)")
        rest.append(",\"summary\":null")
        try finish(
            outcome: "failed",
            started: started,
            ended: Timestamp.now.description,
            exitCode: description.failureCode,
            outputs: [],
            rest: unsafe String(decoding: rest.bytes, as: UTF8.self),
            isCommitted: false
        )
    }

    private static let otherEnding = ".uncommitted"

    private func finish(
        outcome: String,
        started: String,
        ended: String,
        exitCode: Int32,
        outputs: [ManifestOutput],
        rest: String,
        isCommitted: Bool
    ) throws {
        try box.withLock { box in
            guard !box.state.isOver else { return }
            defer { box.state.isOver = true }
            do {
                if !box.state.hasBegun { try writeHeader(started, &box.state) }
                let line = OutputBuffer()
                try unsafe box.state.kept?.forEachPiece { bytes in
                    box.state.inputs += unsafe bytes.count { $0 == UInt8(ascii: "\n") }
                    try unsafe write(bytes, &box.state)
                }
                for output in outputs { output.append(to: line) }
                try unsafe write(line.bytes, &box.state)
                line.removeAll()
                line.append("{\"type\":\"end\",\"outcome\":\"\(outcome)\",\"committed\":\(isCommitted)")
                line.append(",\"exitCode\":\(exitCode),\"started\":\"\(started)\",\"ended\":\"\(ended)\"")
                line.append(",\"inputs\":\(box.state.inputs),\"outputs\":\(outputs.count),\(rest)")
                let before = Hexadecimal.text(box.state.hash.finish())
                line.append(",\"sha256OfLinesBefore\":\"\(before)\"}\n")
                try unsafe box.state.file.write(line.bytes)
                try box.state.file.finish()
                try commit(&box.state, isCommitted: isCommitted)
                box.state.exitCodes = unsafe Self.exitCodes(in: line.bytes).map { $0 + box.state.bytes }
            } catch {
                box.state.file.abort()
                if let failure = error as? OutputFailure { throw StageError(failure) }
                throw error
            }
        }
    }

    /// Where another run's manifest is there, that of a run that has put nothing in its place gets a name beside it: the
    /// one that is there still tells of the outputs that are there.
    private func commit(_ state: inout State, isCommitted: Bool) throws {
        let other = place.path.withSuffix(Self.otherEnding)
        guard !isCommitted, place.path.exists else {
            try state.file.commit()
            // It told of a run before this one.
            return other.removeFile()
        }
        try state.file.commit(as: other)
        state.otherName = FilePath(description.path).withSuffix(Self.otherEnding).text
    }

    /// Puts another exit code into a manifest that has its name, where something failed after that.
    ///
    /// A digit takes the place of a digit, so that it needs no room on a disk that may be full.
    ///
    /// - Throws: `StageError` when that fails.
    package func change(exitCode: Int32) throws {
        let (places, otherName) = box.withLock { ($0.state.exitCodes, $0.state.otherName) }
        guard !places.isEmpty, (0...9).contains(exitCode) else { return }
        let file = otherName == nil ? place.path : place.path.withSuffix(Self.otherEnding)
        let number =
            if let descriptor = file.open(O_WRONLY | O_NOFOLLOW) {
                Self.write(exitCode, at: places, to: descriptor.number)
            } else { errno }
        guard number == 0 else {
            throw StageError(
                "cannot write the exit code \(exitCode) to '\(FilePath(description.path).text)': \(SystemFailure.reason(number))"
            )
        }
    }

    /// Writes a digit in some places, onto the disk; the system's reason where that fails, else 0.
    private static func write(_ exitCode: Int32, at places: [Int], to descriptor: Int32) -> Int32 {
        var digit = UInt8(ascii: "0") + UInt8(exitCode)
        for place in places {
            while unsafe pwrite(descriptor, &digit, 1, off_t(place)) != 1 {
                if errno != EINTR { return errno }
            }
        }
        return DescriptorWriting.sync(descriptor)
    }

    /// Where a line has exit codes of one digit: that of the run, and the one in its summary.
    ///
    /// In a text of the line the quotation mark would have a backslash before it.
    private static func exitCodes(in line: UnsafeBufferPointer<UInt8>) -> [Int] {
        let key = Array("exitCode\":".utf8)
        return (0..<max(0, line.count - key.count - 1)).compactMap { start in
            let end = start + key.count
            guard unsafe line[start..<end].elementsEqual(key), unsafe !(0x30...0x39).contains(line[end + 1]) else {
                return nil
            }
            return end
        }
    }

    /// Removes what was written.
    package func abort() {
        box.withLock { box in
            box.state.isOver = true
            box.state.file.abort()
        }
    }

    private func writeHeader(_ started: String, _ state: inout State) throws {
        state.hasBegun = true
        let line = OutputBuffer()
        line.append("{\"type\":\"run\",\"schema\":\(Self.schema),\(try description.members(started))}\n")
        try unsafe write(line.bytes, &state)
    }

    private func write(_ bytes: UnsafeBufferPointer<UInt8>, _ state: inout State) throws {
        unsafe state.hash.update(UnsafeRawBufferPointer(bytes))
        state.bytes += bytes.count
        try StageError.wrapping { () throws(OutputFailure) in try unsafe state.file.write(bytes) }
    }
}
