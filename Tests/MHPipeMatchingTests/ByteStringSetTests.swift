import Testing

@testable import MHPipeMatching

@Suite struct ByteStringSetTests {
    @Test(arguments: [0, 1, 4, 5, 1000])
    func holdsWhatItWasMadeOf(count: Int) {
        let texts = (0..<count).map { "text \($0)" }
        let set = ByteStringSet(texts + texts)
        for text in texts { #expect(contains(set, text)) }
        for text in ["", "text", "text 0\0", "text 00000000", "text \(count)", "TEXT 0"] {
            #expect(!contains(set, text))
        }
    }

    @Test func holdsTheEmptyText() {
        #expect(contains(ByteStringSet([""]), ""))
    }

    private func contains(_ set: ByteStringSet, _ text: String) -> Bool {
        Array(text.utf8).withUnsafeBufferPointer { set.contains($0) }
    }
}
