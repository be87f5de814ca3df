/// Compresses bytes that come in pieces into members that readers take one behind the other for one file: those of gzip,
/// or frames of Zstandard.
///
/// The same pieces give the same bytes. Used on one queue at a time.
package protocol MemberCompressor: AnyObject {
    /// True when a member has been begun and not ended.
    var isInMember: Bool { get }

    /// Compresses a piece of a member, and begins the member when there is none.
    ///
    /// - Parameters:
    ///   - bytes: The piece; may be empty.
    ///   - endsMember: True when nothing follows in this member.
    ///   - reserve: Gives room for at least so many bytes; called again after each `commit`.
    ///   - commit: Takes the number of bytes that were put into the room given last.
    func compress(
        _ bytes: UnsafeBufferPointer<UInt8>,
        endsMember: Bool,
        reserve: (Int) -> UnsafeMutableBufferPointer<UInt8>,
        commit: (Int) -> Void
    )
}
