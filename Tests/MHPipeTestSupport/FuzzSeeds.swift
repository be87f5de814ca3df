import Foundation

/// The seeds of tests that change their input at random.
public enum FuzzSeeds {
    /// The first seeds, as many as a test can try in a second or two.
    ///
    /// `MHPIPE_FUZZ=N` in the environment asks for more of them: N times as many, and others than those that every run
    /// tries.
    ///
    /// - Parameter count: How many the normal suite tries.
    /// - Returns: The seeds.
    public static func first(_ count: Int) -> Range<UInt64> {
        guard let times = ProcessInfo.processInfo.environment["MHPIPE_FUZZ"].flatMap(UInt64.init) else {
            return 0..<UInt64(count)
        }
        return UInt64(count)..<UInt64(count) * (times + 1)
    }
}
