import MHPipeKit
import MHPipePlan
import MHPipeTestSupport

@testable import MHPipeBuiltins
@testable import MHPipeRuntime

/// Events as CSV: each is a line of as many cells as there are columns, by RFC 4180.
enum CSVFuzz {
    private static let columns = [
        "eventName", "userIdentity", "userIdentity.arn", "requestParameters", "x", "readOnly", "resources.0.ARN",
    ]

    static func run(_ bytes: [UInt8]) throws {
        let lines = try Lines()
        var settings = RunSettings()
        settings.maxFileBytes = 1 << 20
        let reader = try UnitReader(consumer: lines, context: ReadingContext(settings: settings, windowBytes: 1 << 20))
        {
            _ in
        }
        _ = try reader.read(MemoryUnit("f", bytes), from: "test") { false }
        let rows = try cells(lines.text)
        try FuzzFailure.unless(rows.count == lines.events, "\(lines.events) events, and \(rows.count) lines")
        try FuzzFailure.unless(rows.allSatisfy { $0 == columns.count }, "lines of other numbers of cells: \(rows)")
    }

    /// Encodes what is read.
    private final class Lines: DocumentConsumer {
        private(set) var text: [UInt8] = []
        private(set) var events = 0
        private var encoder: CSVEncoder

        init() throws {
            let columns = try CSVFuzz.columns.map { OutputColumn(try FieldPath(parsing: $0)) }
            encoder = CSVEncoder(columns, guardsFormulas: true)
        }

        func take(_ batch: EventBatch) {
            let output = OutputBuffer()
            encoder.encode(batch, into: output)
            text += output.bytes
            events += batch.count
        }

        func note(_ problem: InputProblem, raw: UnsafeBufferPointer<UInt8>) {}
        func noteDropped(_ count: ProvenRecords.Dropped) {}
        func noteHousekeeping() {}
    }

    /// The number of cells of each line.
    private static func cells(_ text: [UInt8]) throws -> [Int] {
        var rows: [Int] = []
        var cells = 1
        var index = 0
        while index < text.count {
            switch text[index] {
            case UInt8(ascii: "\""):
                index += 1
                while index < text.count {
                    if text[index] == UInt8(ascii: "\"") {
                        guard index + 1 < text.count, text[index + 1] == UInt8(ascii: "\"") else { break }
                        index += 1
                    }
                    index += 1
                }
                try FuzzFailure.unless(index < text.count, "a quote without its end")
                index += 1
                let follows = index < text.count ? text[index] : 0
                try FuzzFailure.unless([0x2C, 0x0D].contains(follows), "something stands behind a quote")
            case UInt8(ascii: ","):
                cells += 1
                index += 1
            case 0x0D:
                try FuzzFailure.unless(index + 1 < text.count && text[index + 1] == 0x0A, "a bare carriage return")
                rows.append(cells)
                cells = 1
                index += 2
            case 0x0A: throw FuzzFailure(description: "a bare line feed")
            default: index += 1
            }
        }
        try FuzzFailure.unless(cells == 1, "the last line has no end")
        return rows
    }
}
