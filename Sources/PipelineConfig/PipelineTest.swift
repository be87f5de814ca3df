package import MHPipeKit

/// A test of a pipeline, as its file states it: records, and what is expected behind stages.
package struct PipelineTest: Sendable {
    /// Where its records are.
    package enum Records: Sendable {
        case text(String)
        case file(String)
    }

    /// What is expected of one stage.
    package struct Expectation: Sendable {
        /// The name of the stage.
        package let stage: String
        /// The port whose events are meant; nil where the stage has none.
        package let port: String?
        package let events: ExpectedEvents

        /// As the file names it.
        package var place: String { port.map { "\(stage).\($0)" } ?? stage }
    }

    package let name: String
    /// Where its name stands.
    package let span: SourceSpan?
    package let records: Records
    /// The name of the source that gives the records.
    package let source: String
    package let expectations: [Expectation]
}
