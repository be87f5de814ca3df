/// A transform with state that looks fingerprints up from run to run, too many of them to be read at each start.
///
/// Where runs append, the runtime keeps what `kept` takes out of the state of each run in sorted files, and the next run
/// looks into these. What `OrderedTransform` says of states of earlier runs holds for any other host.
package protocol FingerprintKeeping: OrderedTransform {
    /// Takes apart what `save` has written at the end of a run.
    ///
    /// - Parameter state: The state, whole.
    /// - Returns: What later runs have to know of it.
    /// - Throws: `StageError` when it is damaged.
    static func kept(_ state: [UInt8]) throws -> KeptFingerprints

    /// Begins a run behind others; called in the place of `restore` with their states, before `beginRun`.
    ///
    /// - Parameter earlier: What they knew.
    /// - Throws: Anything: the run does not start.
    mutating func beginRun(behind earlier: any EarlierFingerprints) throws
}

/// A fingerprint, and what stands with it.
package struct KeptFingerprint: Hashable, Sendable {
    /// 64 bits that are spread evenly.
    package var high: UInt64
    /// 64 more, or the place of the text that it stands for.
    package var low: UInt64

    package init(high: UInt64, low: UInt64) {
        (self.high, self.low) = (high, low)
    }
}

/// What a run leaves to later ones.
package struct KeptFingerprints {
    /// What is the same for all runs.
    package var head: [UInt8]
    /// No two of one stage are the same, whichever run has them.
    package var fingerprints: [KeptFingerprint]
    /// Texts, which come behind those of earlier runs.
    package var texts: [UInt8]

    package init(head: [UInt8], fingerprints: [KeptFingerprint], texts: [UInt8]) {
        (self.head, self.fingerprints, self.texts) = (head, fingerprints, texts)
    }
}

/// What earlier runs have kept; asked by one thread at a time.
package protocol EarlierFingerprints: AnyObject {
    /// What is the same for all runs.
    var head: [UInt8] { get }

    /// The bytes of all texts.
    var textBytes: Int { get }

    /// Takes filters into memory, which spare reads.
    ///
    /// - Parameter most: The bytes that they may take.
    /// - Returns: Those that they take.
    /// - Throws: `StageError` when one cannot be read.
    func useFilters(ofAtMost most: Int) throws -> Int

    /// Looks a fingerprint up.
    ///
    /// - Parameters:
    ///   - high: Its first half.
    ///   - low: The other; nil where the first decides alone.
    /// - Returns: The second half of the one that is there.
    /// - Throws: `StageError` when it cannot be read, or is damaged.
    func find(_ high: UInt64, low: UInt64?) throws -> UInt64?

    /// Reads a part of the texts.
    ///
    /// - Parameters:
    ///   - count: The bytes.
    ///   - offset: Where they begin.
    /// - Returns: The bytes.
    /// - Throws: `StageError` when they cannot be read, or are not there.
    func text(_ count: Int, at offset: Int) throws -> [UInt8]

    /// What is wrong where a text is not what was written.
    var damageOfTexts: StageError { get }
}
