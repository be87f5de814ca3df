import MHPipeKit

extension [Diagnostic] {
    /// The diagnostics in the order of the file; those without a place come last, in the order in which they came.
    func inFileOrder() -> [Diagnostic] {
        enumerated().sorted { left, right in
            let (first, second) = (Self.place(left.element), Self.place(right.element))
            return first == second ? left.offset < right.offset : first < second
        }.map(\.element)
    }

    private static func place(_ diagnostic: Diagnostic) -> (line: Int, column: Int) {
        diagnostic.span.map { ($0.line, $0.column) } ?? (.max, .max)
    }
}
