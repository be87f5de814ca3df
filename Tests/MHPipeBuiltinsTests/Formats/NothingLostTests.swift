import Foundation
import MHPipeKit
import Testing

@testable import MHPipeBuiltins

/// Whatever a field is, what is in it is found again: in a place of the format, or with what has none.
@Suite("formats lose nothing") struct NothingLostTests {
    @Test func ofOCSF() throws {
        try check(OCSFTransform.self, [:], OddRecord.all(blanks: true))
    }

    @Test func ofECSWithTheUnmapped() throws {
        try check(ECSTransform.self, ["unmapped": .text("true")], OddRecord.all(blanks: false))
    }

    private func check<T: Transform>(
        _ type: T.Type,
        _ options: KeyValuePairs<String, ConfigNode.Content>,
        _ records: [OddRecord]
    ) throws {
        let run = try TransformRun(type, options)
        var lost: [String] = []
        for start in stride(from: 0, to: records.count, by: 200) {
            let part = records[start..<min(start + 200, records.count)]
            let batch = try run.batch(part.map(\.json))
            try #require(batch.rowCount == part.count)
            let rejected = Set(batch.takeRejections().map(\.number))
            for number in rejected where !part[start + number].lacksTime {
                lost.append("\(part[start + number].name): rejected")
            }
            #expect(batch.count + rejected.count == part.count)
            for event in batch {
                let record = part[start + event.number]
                // Searched as data, which takes a fraction of the time in a debug build.
                let text = Data(event.enrichedJSON.utf8)
                for leaf in record.leaves where text.range(of: Data(leaf.utf8)) == nil {
                    lost.append("\(record.name): \(leaf.prefix(40))")
                }
            }
        }
        #expect(lost.isEmpty, "\(lost.count) of \(records.count), such as\n\(lost.prefix(30).joined(separator: "\n"))")
    }
}
