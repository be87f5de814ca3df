import Libc
import MHPipeKit

/// What the system says of this process.
struct ProcessFigures {
    /// Processor time so far.
    let processorSeconds: Double
    /// The memory it has; nil where the system does not say.
    let residentBytes: Int?

    init() {
        var usage = rusage()
        // RUSAGE_SELF, which Glibc has as a value of another type.
        _ = unsafe getrusage(0, &usage)
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        processorSeconds = seconds(usage.ru_utime) + seconds(usage.ru_stime)
        residentBytes = Self.residentPages().map { $0 * Int(getpagesize()) }
    }

    /// The second number of a file that Linux has.
    private static func residentPages() -> Int? {
        guard let file = FilePath("/proc/self/statm").open(O_RDONLY),
            let bytes = DescriptorReading.all(of: file.number)
        else { return nil }
        let fields = String(decoding: bytes, as: UTF8.self).split(separator: " ")
        return fields.count > 1 ? Int(fields[1]) : nil
    }
}
