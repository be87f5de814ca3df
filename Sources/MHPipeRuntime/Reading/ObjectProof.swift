import CProof
import Libc

/// The proof, in one pass and without an index, that a text begins with one whole JSON object.
///
/// What is not proven need not be wrong: it is for the index and `RecordScanner` to say. So the proof can be strict, and
/// nothing that is read depends on it.
@safe
package struct ObjectProof: Sendable {
    /// What is known of an object that was proven; offsets are from its first brace.
    package struct Object {
        /// The offset behind its last brace.
        package let end: Int
        /// True when it is an event of CloudTrail beyond doubt, and `eventSource` and `eventName` are all that it has of these.
        package let isPlainEvent: Bool
        /// Where the value of a key begins; 0 when the object has none.
        ///
        /// Without meaning unless it is a plain event.
        package let eventSource, eventName: Int
    }

    /// The name of the form.
    package let form: String
    private let prover: @convention(c) (UnsafePointer<UInt8>?, Int, UnsafeMutablePointer<mhp_proven>?) -> Bool

    /// So many bytes behind a text must be readable.
    static let padding = Int(MHP_PROOF_PADDING)

    /// The forms that this processor has, the fastest first; all give the same.
    package static let forms: [ObjectProof] = {
        unsafe sequence(first: 0, next: { $0 + 1 }).lazy.map { unsafe mhp_prover_name($0) }.prefix { unsafe $0 != nil }
            .compactMap { name in
                guard let name = unsafe name, let prover = unsafe mhp_prover_get(name) else { return nil }
                return unsafe ObjectProof(form: String(cString: name), prover: prover)
            }
    }()

    /// What is used where nobody asks for another: the fastest form with vector instructions, or the one that the
    /// environment names in `MHPIPE_PROOF`, where `off` stands for none.
    package static let usual: ObjectProof? = {
        // Without vector instructions the index is faster.
        let fastest = forms.first { $0.form != "portable" }
        guard let name = unsafe getenv("MHPIPE_PROOF") else { return fastest }
        let wanted = unsafe String(cString: name)
        if wanted == "off" { return nil }
        // What the environment asks for and the processor has not makes no difference either.
        return forms.first { $0.form == wanted } ?? fastest
    }()

    /// Looks at a text; nil when nothing was proven.
    ///
    /// - Parameter text: The text, behind which `padding` more bytes can be read.
    /// - Returns: What is known of the object that it begins with.
    package func prove(_ text: UnsafeBufferPointer<UInt8>) -> Object? {
        var found = mhp_proven()
        guard unsafe prover(text.baseAddress, text.count, &found) else { return nil }
        return Object(
            end: found.end,
            isPlainEvent: found.is_plain,
            eventSource: found.event_source,
            eventName: found.event_name
        )
    }
}
