import Libc

/// Runs one target under libFuzzer: `mhpipe-fuzz TARGET [what libFuzzer takes]`.
@main
struct FuzzDriver {
    nonisolated(unsafe) private static var target = FuzzTarget.records  // set once, before libFuzzer starts

    static func main() {
        guard CommandLine.arguments.count > 1, let target = FuzzTarget(rawValue: CommandLine.arguments[1]) else {
            let names = FuzzTarget.allCases.map(\.rawValue).joined(separator: ", ")
            print("usage: mhpipe-fuzz TARGET [OPTION...] [CORPUS...], where TARGET is one of: \(names)")
            exit(2)
        }
        Self.target = target
        var rest = [CommandLine.arguments[0]] + CommandLine.arguments.dropFirst(2)
        var count = Int32(rest.count)
        var arguments: [UnsafeMutablePointer<CChar>?] = rest.map { strdup($0) } + [nil]
        rest = []
        arguments.withUnsafeMutableBufferPointer { buffer in
            var base = buffer.baseAddress
            exit(
                runDriver(&count, &base) { start, size in
                    do {
                        try FuzzDriver.target.run(Array(UnsafeBufferPointer(start: start, count: size)))
                    } catch {
                        // An end of the process is what libFuzzer takes for a finding.
                        fatalError("\(error)")
                    }
                    return 0
                }
            )
        }
    }
}

/// The entry of libFuzzer as a library (compiler-rt, FuzzerInterface.h).
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ callback: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32
