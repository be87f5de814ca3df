import MHPipeKit
import Testing

@Suite struct KnownFieldTableTests {
    @Test func countIsTheNumberOfFields() {
        #expect(KnownField.allCases.count == KnownField.count)
    }

    @Test(arguments: KnownField.allCases)
    func findsEveryKnownKey(field: KnownField) {
        #expect(find(field.key) == field.rawValue)
    }

    @Test(arguments: [
        "", "a", "id", "eventNam", "eventNames", "EventName", "record", String(repeating: "x", count: 200),
    ])
    func findsNoOtherKey(key: String) {
        #expect(find(key) == -1)
    }

    private func find(_ key: String) -> Int {
        let padded = Array(key.utf8) + repeatElement(0, count: KnownFieldTable.padding)
        return padded.withUnsafeBufferPointer { bytes in
            bytes.baseAddress.map { KnownFieldTable.shared.find($0, key.utf8.count) } ?? -1
        }
    }
}
