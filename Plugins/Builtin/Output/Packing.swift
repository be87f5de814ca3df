import MHPipeIO
import MHPipeKit

/// How an output is compressed, which the ending of its name says.
struct Packing {
    /// The programs whose formats are written, by the endings of names.
    enum Program: String, CaseIterable {
        case gzip = ".gz"
        case zstd = ".zst"

        /// The levels that can be asked for.
        var levels: ClosedRange<Int> {
            switch self {
            case .gzip: GzipCompressor.levels
            case .zstd: ZstdCompressor.levels
            }
        }
    }

    let program: Program
    let level: Int?

    /// Nil for a name that says nothing of compression.
    init?(nameOf path: String, level: Int? = nil) {
        let name = path.lowercased()
        guard let program = Program.allCases.first(where: { name.hasSuffix($0.rawValue) }) else { return nil }
        (self.program, self.level) = (program, level)
    }

    /// Checks the option `level` against the name of an output.
    static func check(level: Int?, for path: String) throws(OptionError) {
        guard let level else { return }
        guard let packing = Packing(nameOf: path) else {
            throw OptionError(option: "level", "is for names that end in .gz or .zst, and '\(path)' does not")
        }
        let levels = packing.program.levels
        guard levels.contains(level) else {
            let range = "\(levels.lowerBound) to \(levels.upperBound)"
            throw OptionError(option: "level", "needs a number from \(range) for \(packing.program), not \(level)")
        }
    }
}
