package import MHPipeKit

/// A condition made ready to look at events; one for every worker, used on its queue only.
package final class ConditionTest {
    private let test: EventTest
    private let frame = Frame()

    /// Makes a condition ready.
    ///
    /// - Parameters:
    ///   - condition: The condition.
    ///   - firstField: The number that the first of `condition.fields` has in the field set of the events; the others
    ///     follow it. Several conditions can share a set this way.
    ///   - start: When the run began.
    package init(_ condition: Condition, firstField: Int = 0, start: Timestamp) {
        let numbers = condition.fields.enumerated().map { ($1, firstField + $0) }
        let fields = Dictionary(numbers) { first, _ in first }
        test = Compiler(fields: fields, start: start).test(condition.expression)
    }

    /// Whether an event meets the condition; nil when a limit was reached before the answer, as by a pattern that needs
    /// too many steps.
    ///
    /// Of a condition and its `!` exactly one is true, or both are nil.
    package func holds(_ event: borrowing FieldValues) -> Bool? {
        frame.clear()
        let answer = test(event, frame)
        return unsafe frame.hasGivenUp ? nil : answer
    }
}
