/// What came of the tests of some pipeline files, as `test --json` has it.
struct TestDocument: Encodable {
    /// Goes up when a key goes away or changes its meaning; new keys may come without that.
    static let schema = 1

    struct Test: Encodable {
        let name: String
        /// Where the test stands in its file.
        let line: Int?
        let passed: Bool
        /// What is not as it was expected; nothing where it passed.
        let differences: [String]
    }

    struct File: Encodable {
        let file: String
        /// Why its tests were not run; left out where they were.
        var error: String?
        var tests: [Test] = []
    }

    let schema = TestDocument.schema
    private(set) var files: [File] = []
    private(set) var passed = 0
    private(set) var failed = 0
    /// The files whose tests were not run.
    private(set) var untested = 0

    mutating func add(_ file: File) {
        files.append(file)
        passed += file.tests.count(where: \.passed)
        failed += file.tests.count { !$0.passed }
        untested += file.error == nil ? 0 : 1
    }

    /// The object, keys sorted, with a line end.
    var json: String {
        get throws { try JSONDocument.text(self, isPretty: true) + "\n" }
    }
}
