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
        "", "a", "id", "eventNam", "eventNames", "EventName", "records", String(repeating: "x", count: 200),
    ])
    func findsNoOtherKey(key: String) {
        #expect(find(key) == -1)
    }

    private func find(_ key: String) -> Int {
        Array(key.utf8).withUnsafeBufferPointer { bytes in
            bytes.baseAddress.map { KnownFieldTable.shared.find($0, bytes.count) } ?? -1
        }
    }
}
