/// An input that could not be read, in the words the user will read.
package struct InputFailure: Error, Hashable, CustomStringConvertible {
    /// What was to be done when it failed.
    package enum Operation: String, Sendable {
        case open
        case read
    }

    /// The input's name as the user gave it; `-` is standard input.
    package var name: String
    package var operation: Operation
    /// Why, in the system's words where it is the system that refused.
    package var reason: String
    /// The error number when it is the machine's fault (`MachineFault`); 0 when it is the input's.
    package var machineFault: Int32 = 0

    package init(_ name: String, _ operation: Operation, reason: String) {
        self.name = name
        self.operation = operation
        self.reason = reason
    }

    /// A failed system call; `errorNumber` is what `errno` held right behind it.
    package init(_ name: String, _ operation: Operation, errorNumber: Int32) {
        self.init(name, operation, reason: SystemFailure.reason(errorNumber))
        machineFault = MachineFault.isOne(errorNumber) ? errorNumber : 0
    }

    /// True when it is no fault of the input, so that the run must not go on without it.
    package var isMachineFault: Bool { machineFault != 0 }

    /// What the user may do about a fault of the machine.
    package var advice: String? { isMachineFault ? MachineFault.advice(machineFault) : nil }

    /// What failed, on what, and why: `cannot open 'trail.json': Permission denied`.
    package var description: String {
        "cannot \(operation.rawValue) \(name == "-" ? "standard input" : "'\(name)'"): \(reason)"
    }
}
