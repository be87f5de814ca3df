/// What is counted through a whole file and the bodies in it.
///
/// Used by one worker.
final class FileTally {
    @exclusivity(unchecked) var nextNumber = 0
    @exclusivity(unchecked) private var firstNumber = 0
    /// What AWS wrote for itself.
    @exclusivity(unchecked) private var housekeeping = 0
    /// How much text stands before the envelopes at hand, in all that they are in.
    @exclusivity(unchecked) var place = 0
    /// How much text came out of envelopes that are done.
    @exclusivity(unchecked) var unwrappedBytes = 0
    /// True when more came out than a file may hold; nothing of the file is read then.
    private(set) var isExhausted = false

    private let maxBytes: Int

    init(maxBytes: Int) {
        self.maxBytes = maxBytes
    }

    /// Gets ready for another file, whose first record has a number.
    func begin(at number: Int) {
        unsafe nextNumber = number
        unsafe firstNumber = number
        unsafe housekeeping = 0
        unsafe place = 0
        unsafe unwrappedBytes = 0
        isExhausted = false
    }

    /// The next record's number, taken.
    func takeNumber() -> Int {
        defer { unsafe nextNumber += 1 }
        return unsafe nextNumber
    }

    func takeNumbers(_ count: Int) {
        unsafe nextNumber += count
    }

    func countHousekeeping() {
        unsafe housekeeping += 1
    }

    /// How much was found, of whatever kind.
    var found: Int { unsafe nextNumber - firstNumber + housekeeping }

    /// How much text may come out of the envelope at hand.
    ///
    /// What counts is the text before it and not what has been read, which depends on the sizes of windows.
    var allowance: Int { unsafe max(maxBytes - place - unwrappedBytes, 0) }

    func exhaust() {
        isExhausted = true
    }
}

/// The rest of a file is left out, since its envelopes held too much.
struct UnwrappingEnded: Error {}
