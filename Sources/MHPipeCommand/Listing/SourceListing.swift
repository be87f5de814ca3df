import Libc
import MHPipeIO
import MHPipeKit
import MHPipePlan

/// Writes what sources hand out to standard output, a line each, and holds some lines at most.
struct SourceListing {
    private let console: Console
    private let namesOthers: Bool
    private var lines: [UInt8] = []
    private var listed = (units: 0, bytes: 0)
    private var problems = 0
    private var tally = InputTally()

    private static let mostBytesHeld = 64 << 10

    /// - Parameters:
    ///   - console: Where the lines go.
    ///   - namesOthers: True to list what a run passes over because of its name as well.
    init(console: Console, namesOthers: Bool = false) {
        (self.console, self.namesOthers) = (console, namesOthers)
    }

    /// True when something was told of that cannot be listed, or not be read as it is.
    var hasProblems: Bool { problems > 0 }

    /// Lists a source to its end.
    ///
    /// - Throws: `UsageError` for a source whose units a list cannot name, `StageError` when it cannot be gone on with, or nobody
    ///   reads the lines any more.
    mutating func list(_ stage: Stage<any Source>) throws {
        var context = PluginContext(stage: stage.name) { [console] message in
            console.say("warning: '\(stage.name)': \(message)")
        }
        context.started = .now
        context.namesOthers = namesOthers
        let list = try stage.make(context).list()
        var isAtEnd = false
        while !isAtEnd {
            switch try list.next() {
            case .unit(let unit): try add(unit, of: stage)
            case .unreadable(let input): try add(input)
            case .notYet(let pause):
                // Whoever reads the lines has work meanwhile.
                try flush()
                usleep(UInt32(min(pause / .microseconds(1), 1e6)))
            case .end: isAtEnd = true
            }
        }
        guard let files = list as? any FileListing else { return }
        tally += files.tally
        for remark in files.remarks { context.warn(remark) }
    }

    private mutating func add(_ unit: any SourceUnit, of stage: Stage<any Source>) throws {
        guard let name = (unit as? any ListableUnit)?.listedName else {
            throw UsageError.refused(
                "source '\(stage.name)' of type '\(stage.plugin)' reads '\(unit.name)', which no list can name",
                advice: ["a list names files, and the latest versions of objects in buckets"]
            )
        }
        guard try put(name) else {
            return tell(
                unit.name,
                "its name cannot stand in a list, where a line ends behind a name and a tab before its size"
            )
        }
    }

    private mutating func add(_ input: UnreadableInput) throws {
        tell(input.name, input.reason)
        if let name = input.listedName { _ = try put(name) }
    }

    private mutating func tell(_ name: String, _ reason: String) {
        problems += 1
        console.say("'\(name)': \(reason)")
    }

    /// False for a name that cannot stand in a list.
    private mutating func put(_ name: ListedName) throws -> Bool {
        guard let line = name.line else { return false }
        listed = (listed.units + 1, listed.bytes + (name.size ?? 0))
        if console.standardOutput.isTerminal {
            // A terminal would act on some names.
            try console.write(ByteText.text(name.bytes).visible + name.facts + "\n")
        } else {
            lines += line
            if lines.count >= Self.mostBytesHeld { try flush() }
        }
        return true
    }

    private mutating func flush() throws {
        guard !lines.isEmpty else { return }
        try console.write(lines)
        lines.removeAll(keepingCapacity: true)
    }

    /// Writes what is held, and says what was passed over.
    mutating func end() throws {
        try flush()
        let passedOver = [
            (tally.leftOut, "left out by patterns"), (tally.others, "of other kinds"),
            (tally.pruned, "ruled out by their keys"), (problems, "told of above"),
        ]
        let rest = passedOver.filter { $0.0 > 0 }.map { ", \(Readable.count($0.0)) \($0.1)" }.joined()
        console.say("\(Readable.count(listed.units, "file")) listed, \(Readable.bytes(listed.bytes))\(rest)")
    }
}
