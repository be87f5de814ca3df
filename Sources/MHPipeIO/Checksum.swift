internal import CChecksum

/// The CRC-32 of gzip by wide products of polynomials, where the processor has them.
@safe
package struct Checksum: Sendable {
    /// The name of the form.
    package let form: String
    private let function: mhp_crc32

    /// The forms that this processor has, the fastest first; all give the same.
    package static let forms: [Checksum] = {
        unsafe sequence(first: 0, next: { $0 + 1 }).lazy.map { unsafe mhp_crc32_name($0) }.prefix { unsafe $0 != nil }
            .compactMap { name in
                guard let name = unsafe name, let function = unsafe mhp_crc32_get(name) else { return nil }
                return unsafe Checksum(form: String(cString: name), function: function)
            }
    }()

    /// The fastest; nil where none is faster than that of libdeflate.
    package static let usual: Checksum? = forms.first { $0.form != "portable" }

    /// The checksum of some bytes.
    package func callAsFunction(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        unsafe function(bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count)
    }
}
