import CProof
import Libc
package import MHPipeKit

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
        /// True when it is an event of CloudTrail beyond doubt, and the values below are all that it has of their keys.
        package let isPlainEvent: Bool
        /// Where the value of a key begins; 0 when the object has none.
        ///
        /// Without meaning unless it is a plain event.
        package let eventSource, eventName: Int
        /// The same of the further keys.
        fileprivate let further: (Int, Int, Int, Int)
    }

    /// Further keys that are looked for beside `eventSource` and `eventName`.
    ///
    /// An object, since what C reads of it is 200 bytes, and it is handed on for each record.
    @safe
    package final class Keys {
        package let fields: [KnownField]
        fileprivate let keys: mhp_keys

        /// Takes as many of the fields as can be looked for at once.
        package init(_ fields: [KnownField]) {
            let fields = Array(fields.filter { Self.turn($0) != nil }.prefix(Int(MHP_PROOF_KEYS)))
            var keys = mhp_keys()
            keys.count = fields.count
            unsafe withUnsafeMutableBytes(of: &keys.keys) { bytes in
                let places = unsafe bytes.bindMemory(to: mhp_key.self)
                for (place, field) in fields.enumerated() {
                    unsafe places[place].length = field.key.utf8.count + 3
                    unsafe places[place].turn = Self.turn(field) ?? 0
                    unsafe withUnsafeMutableBytes(of: &places[place].text) { text in
                        unsafe text.copyBytes(from: "\"\(field.key)\":".utf8)
                    }
                }
            }
            self.fields = fields
            self.keys = keys
        }

        /// Where a word of the key's name ends, which is rarer in texts than the letters of words; nil for a key that
        /// cannot be looked for.
        private static func turn(_ field: KnownField) -> Int? {
            let key = Array(field.key.utf8)
            let isCapital = { (place: Int) in (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(key[place]) }
            return key.count + 3 > MHP_PROOF_KEY_BYTES ? nil : key.indices.dropFirst().first(where: isCapital)
        }

        /// Where the value of a key begins; 0 when the object has none, nil when nobody looked.
        func place(of field: KnownField, in object: Object) -> Int? {
            switch fields.firstIndex(of: field) {
            case 0: object.further.0
            case 1: object.further.1
            case 2: object.further.2
            case 3: object.further.3
            default: nil
            }
        }
    }

    /// The name of the form.
    package let form: String
    private let prover: mhp_prover

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
    /// - Parameters:
    ///   - text: The text, behind which `padding` more bytes can be read.
    ///   - keys: What is looked for beside the usual ones.
    /// - Returns: What is known of the object that it begins with.
    package func prove(_ text: UnsafeBufferPointer<UInt8>, looking keys: Keys? = nil) -> Object? {
        var found = mhp_proven()
        let isProven =
            if let keys {
                unsafe withUnsafePointer(to: keys.keys) { unsafe prover(text.baseAddress, text.count, $0, &found) }
            } else { unsafe prover(text.baseAddress, text.count, nil, &found) }
        guard isProven else { return nil }
        return Object(
            end: found.end,
            isPlainEvent: found.is_plain,
            eventSource: found.event_source,
            eventName: found.event_name,
            further: (found.values.0, found.values.1, found.values.2, found.values.3)
        )
    }
}
