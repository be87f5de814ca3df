package import MHPipeKit

extension Condition {
    /// Which parts of the condition decide about an event, with the values that they read.
    ///
    /// Of `&&` these are the parts that do not hold, if there are any, of `||` those that do; a part that is made of others by
    /// `&&`, `||`, `!` and `?:` is never one itself.
    ///
    /// - Parameters:
    ///   - event: The event.
    ///   - start: When the run began.
    /// - Returns: The parts, in the order of the text.
    package func reasons(_ event: Event, start: Timestamp) -> [Reason] {
        let numbers = fields.enumerated().map { ($1, $0) }
        let compiler = Compiler(fields: Dictionary(numbers) { first, _ in first }, start: start)
        let alone = event.batch.fork()
        alone.keepRows { $0 == event.row }
        var reasons: [Reason] = []
        alone.forEach(FieldSet(fields)) { values in
            reasons = Reasoner(condition: self, compiler: compiler).reasons(expression, values)
        }
        return reasons
    }

    /// Whether an event meets the condition; false as well when a limit was reached before the answer.
    package func holds(_ event: Event, start: Timestamp) -> Bool {
        let test = ConditionTest(self, start: start)
        let alone = event.batch.fork()
        alone.keepRows { $0 == event.row }
        var holds = false
        alone.forEach(FieldSet(fields)) { holds = test.holds($0) ?? false }
        return holds
    }

    /// Walks down to the parts that decide.
    private struct Reasoner {
        let condition: Condition
        let compiler: Compiler

        func reasons(_ part: Expression, _ event: borrowing FieldValues) -> [Reason] {
            switch part.form {
            case .both(let parts): return deciding(parts, if: false, event)
            case .either(let parts): return deciding(parts, if: true, event)
            case .not(let inner) where inner.isCompound: return reasons(inner, event)
            case .choice(let asked, let first, let second):
                let isFirst = holds(asked, event) == true
                return reasons(asked, event) + reasons(isFirst ? first : second, event)
            default: return [reason(part, event)]
            }
        }

        /// The parts that have an answer which decides, or else all of them.
        private func deciding(_ parts: [Expression], if answer: Bool, _ event: borrowing FieldValues) -> [Reason] {
            var (deciding, all): ([Reason], [Reason]) = ([], [])
            for part in parts {
                let reasons = reasons(part, event)
                all += reasons
                if holds(part, event) == answer { deciding += reasons }
            }
            return deciding.isEmpty ? all : deciding
        }

        private func reason(_ part: Expression, _ event: borrowing FieldValues) -> Reason {
            let text = String(decoding: Array(condition.text.utf8)[part.range], as: UTF8.self)
            var readings: [Reason.Reading] = []
            for path in part.fields {
                guard let field = condition.fields.firstIndex(of: path) else { continue }
                let json = event.kind(field) == .missing ? nil : event.json(field)
                let reading = Reason.Reading(field: path.conditionText, json: json)
                if !readings.contains(reading) { readings.append(reading) }
            }
            return Reason(condition: text, holds: holds(part, event), readings)
        }

        /// Whether a part holds; nil when a limit was reached before the answer.
        private func holds(_ part: Expression, _ event: borrowing FieldValues) -> Bool? {
            let frame = Frame()
            let answer = compiler.test(part)(event, frame)
            return unsafe frame.hasGivenUp ? nil : answer
        }
    }
}

extension Expression {
    /// True for what is made of conditions.
    fileprivate var isCompound: Bool {
        switch form {
        case .both, .either, .choice: true
        case .not(let inner): inner.isCompound
        default: false
        }
    }
}
