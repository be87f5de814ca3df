import MHPipeKit

/// What a record's `additionalEventData` tells of the caller of a sign-in, found in one walk.
struct SignInDetails {
    /// `MFAUsed`: `Yes` or `No`, in any case.
    private(set) var mfaUsed: Bool?
    /// `UserName`, unless CloudTrail withheld it.
    private(set) var userName = JSONSlice.missing

    /// Reads the object at an index position; what is none tells nothing.
    init(_ position: Int, _ reader: TextReader) {
        _ = unsafe reader.cursor.members(of: position) { key, value in
            switch unsafe IdentityKey(key) {
            case .mfaUsed: mfaUsed = Self.answer(reader.text(value))
            case .signInName: userName = reader.text(value).unlessHidden
            default: break
            }
            return reader.cursor.skip(value)
        }
    }

    private static func answer(_ text: JSONSlice) -> Bool? {
        if text.equals(ignoringCase: "yes") { return true }
        return text.equals(ignoringCase: "no") ? false : nil
    }
}
