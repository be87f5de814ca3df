package import MHPipeKit

extension Timestamp {
    /// True for times that CEL has: the years 1 to 9999.
    package var isInRange: Bool { (-62_135_596_800...253_402_300_799).contains(seconds) }
}
