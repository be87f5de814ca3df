/// What reads bytes that anybody may have made, and is run on arbitrary ones.
///
/// Each target throws a `FuzzFailure` when something does not hold that must hold for any bytes. `make fuzz` runs them
/// under libFuzzer and the address sanitizer; the tests run them on the corpus and on mutations of it.
enum FuzzTarget: String, CaseIterable {
    case pipeline, condition, records, csv, gzip, zstd, journal, answers

    /// Runs the target on some bytes.
    func run(_ bytes: [UInt8]) throws {
        switch self {
        case .pipeline: try PipelineFuzz.run(bytes)
        case .condition: try ConditionFuzz.run(bytes)
        case .records: try RecordsFuzz.run(bytes)
        case .csv: try CSVFuzz.run(bytes)
        case .gzip: try GzipFuzz.run(bytes)
        case .zstd: try ZstdFuzz.run(bytes)
        case .journal: try JournalFuzz.run(bytes)
        case .answers: try AnswersFuzz.run(bytes)
        }
    }
}

/// Something that must hold for any bytes, and does not.
struct FuzzFailure: Error, CustomStringConvertible {
    let description: String

    /// Throws when a statement is wrong.
    static func unless(_ holds: Bool, _ statement: @autoclosure () -> String) throws {
        if !holds { throw FuzzFailure(description: statement()) }
    }
}
