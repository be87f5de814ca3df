import MHPipeIO
import MHPipeKit

/// The sink that keeps what could not be read: a JSON line for each problem, with the bytes that were lost.
///
/// The file appears when the run commits, also when there was no problem. Lines that would make it larger than its limit
/// are left out, from the first one on; the last line then says how many those are.
struct QuarantineFile: ResumableSink {
    static let name = "quarantine"
    static let summary = "Keeps what could not be read as JSON lines."

    struct Options: PluginOptions {
        var path: OutputPath = ""
        var limit: ByteSize?
        var failsAtLimit = false
        /// True to begin behind what is in the file, which may be the only copy.
        var keepsEarlier = false

        static let all: [Option<Options>] = [
            .required("path", \.path, "The file.", example: "bad.jsonl"),
            .optional("limit", \.limit, "How large it may become.", example: "1GB"),
        ]
    }

    private let path: String
    private let warn: @Sendable (String) -> Void
    private var file: FileOutput
    private let limit: Int
    private let failsAtLimit: Bool
    private let keepsEarlier: Bool
    private var hasReader = true
    private var written = 0
    /// Of the bytes of earlier runs that were copied.
    private var earlier = 0
    /// The lines that there was no room for.
    private(set) var leftOut = 0
    /// True when lines are not in the file, and not on their way to a reader either.
    var hasLost: Bool { leftOut > 0 || !hasReader }
    /// True once the file says so.
    private var hasSaid = false

    /// More bytes than this of one loss are not kept; the line says so.
    static let mostRaw = 1 << 20

    init(_ options: Options, _ context: PluginContext) {
        path = options.path.path
        limit = options.limit?.bytes ?? .max
        failsAtLimit = options.failsAtLimit
        keepsEarlier = options.keepsEarlier
        warn = context.warn
        file = FileOutput(options.path, context)
    }

    /// Where what this run has written begins.
    var offset: Int { file.offset + earlier }

    mutating func open() throws {
        try file.open()
        if keepsEarlier { try copyEarlier() }
    }

    /// Begins with what is in the file by now; what goes to a pipe or a device is there already.
    private mutating func copyEarlier() throws {
        let place = FilePath(path)
        guard path != "-", let status = try? FileStatus(place), status.kind == .file else { return }
        do {
            let old = try FileInput(place)
            let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
            defer { unsafe piece.deallocate() }
            while case let count = try unsafe old.read(into: piece), count > 0 {
                earlier += count
                try unsafe file.write(UnsafeBufferPointer(rebasing: piece.bindMemory(to: UInt8.self)[..<count]))
            }
        } catch let error as InputFailure {
            throw StageError(
                "cannot read what earlier runs have left in '\(path)': \(error.reason)",
                advice: "it may be the only copy of what a queue has given, so it is not replaced; move it away"
            )
        }
        written = earlier
    }

    mutating func open(_ start: SinkStart) throws {
        let checkpoint: Checkpoint
        switch start {
        case .fresh, .append(nil): return try file.open(start)
        case .resume(let place), .append(let place?): checkpoint = place
        }
        // What was left out, and whether the file says so, stands before what the file knows.
        let parts = String(decoding: checkpoint.token, as: UTF8.self).split(separator: " ", maxSplits: 3)
        guard parts.count == 4, let leftOut = Int(parts[0]), let written = Int(parts[2]) else {
            throw StageError("the state does not say where '\(path)' ended", advice: "begin anew with --restart")
        }
        self.written = written
        let plain = Checkpoint(token: Array(parts[3].utf8))
        // A later run counts what it leaves out itself, of what the limit still has room for.
        if case .append = start { return try file.open(.append(plain)) }
        (self.leftOut, hasSaid) = (leftOut, parts[1] == "said")
        try file.open(.resume(plain))
    }

    mutating func write(_ lines: UnsafeBufferPointer<UInt8>) throws {
        guard hasReader else { return }
        let kept = unsafe room(for: lines)
        if kept < lines.count, failsAtLimit {
            throw StageError(
                "the quarantine '\(path)' has reached its limit of \(limit) bytes (quarantine_limit)",
                advice: "raise the limit, or leave out `on_quarantine_limit: fail` to go on and have the rest counted"
            )
        }
        do {
            try unsafe file.write(UnsafeBufferPointer(rebasing: lines[..<kept]))
        } catch let error as StageError where error.isClosedPipe {
            // As with a sink, the run goes on; but what is lost from here on is lost twice, so that is said.
            file.abort()
            hasReader = false
            warn("the reader of '\(path)' went away; what cannot be read from here on is named, but not kept")
        }
    }

    /// How many of the bytes the file takes, in whole lines; the others are counted.
    private mutating func room(for lines: UnsafeBufferPointer<UInt8>) -> Int {
        guard limit < .max else { return lines.count }
        var kept = 0
        var start = 0
        while start < lines.count {
            let end = unsafe (lines[start...].firstIndex(of: UInt8(ascii: "\n")) ?? lines.count - 1) + 1
            if leftOut == 0, written + end - start <= limit {
                written += end - start
                kept = end
            } else {
                if leftOut == 0 {
                    warn(
                        "'\(path)' has reached its limit of \(limit) bytes; what cannot be read from here on is counted, but not kept"
                    )
                }
                leftOut += 1
            }
            start = end
        }
        return kept
    }

    mutating func checkpoint() throws -> Checkpoint {
        let said = hasSaid ? "said" : "unsaid"
        return Checkpoint(token: Array("\(leftOut) \(said) \(written) ".utf8) + (try file.checkpoint().token))
    }

    mutating func suspend() { file.suspend() }

    mutating func finish() throws {
        if leftOut > 0, !hasSaid, hasReader {
            let line = OutputBuffer()
            line.append("{\"scope\":\"limit\",\"file\":")
            line.append(json: FilePath(path).text)
            line.append(
                ",\"leftOut\":\(leftOut),\"reason\":\"no room for \(leftOut) more (quarantine_limit: \(limit) bytes)\"}\n"
            )
            try unsafe file.write(line.bytes)
            hasSaid = true
        }
        try file.finish()
    }

    mutating func commit() throws { try file.commit() }

    mutating func abort() { file.abort() }

    /// Appends the line for a problem.
    ///
    /// The bytes are in `raw` as text when they are UTF-8, and in `rawBase64` when they are not.
    static func append(_ problem: InputProblem, raw: UnsafeBufferPointer<UInt8>, to output: OutputBuffer) {
        func put(_ key: String, _ text: some Sequence<UInt8>) {
            output.append(",\"\(key)\":\"")
            var escaped: [UInt8] = []
            JSONText.escape(text, into: &escaped)
            output.append(escaped)
            output.append(UInt8(ascii: "\""))
        }
        output.append("{\"scope\":\"\(problem.scope.rawValue)\"")
        if let source = problem.source { put("source", source.utf8) }
        put("file", problem.file.utf8)
        if let record = problem.record { output.append(",\"record\":\(record)") }
        if let offset = problem.offset { output.append(",\"offset\":\(offset)") }
        put("reason", problem.reason.utf8)
        let kept = unsafe UnsafeBufferPointer(rebasing: raw.prefix(mostRaw))
        if !kept.isEmpty {
            if unsafe ScalarIndexer.invalidUTF8(kept).isEmpty {
                unsafe put("raw", kept)
            } else {
                unsafe put("rawBase64", Base64.encode(kept))
            }
        }
        if kept.count < raw.count { output.append(",\"rawBytes\":\(raw.count)") }
        output.append("}\n")
    }
}
