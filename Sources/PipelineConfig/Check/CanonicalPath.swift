import MHPipeKit

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// A path as the file system sees it: absolute, with links followed as far as it is there.
struct CanonicalPath: Hashable {
    private let components: [Substring]

    init(_ path: String) {
        var known = path.hasPrefix("/") ? path : Self.resolved(".", orElse: "/") + "/" + path
        var missing: [Substring] = []
        while Self.resolved(known) == nil, let slash = known.lastIndex(of: "/") {
            missing.insert(known[known.index(after: slash)...], at: 0)
            known = String(known[..<slash])
        }
        var components = Self.resolved(known, orElse: "/").split(separator: "/")
        for component in missing where !component.isEmpty && component != "." {
            if component != ".." {
                components.append(component)
            } else if !components.isEmpty {
                components.removeLast()
            }
        }
        self.components = components
    }

    /// True when the path is a folder's, or that of something below it.
    func isInside(_ folder: CanonicalPath) -> Bool {
        components.starts(with: folder.components)
    }

    /// True when something is there.
    static func exists(_ path: String) -> Bool { path.withSystemPath { access($0, F_OK) } == 0 }

    /// True for a folder, false for anything else that is there, nil for nothing; links are followed.
    static func isFolder(_ path: String) -> Bool? {
        var status = stat()
        return path.withSystemPath { stat($0, &status) } == 0 ? status.st_mode & S_IFMT == S_IFDIR : nil
    }

    /// Which file or folder is there, links followed; nil for nothing.
    static func identity(_ path: String) -> FileIdentity? {
        var status = stat()
        guard path.withSystemPath({ stat($0, &status) }) == 0 else { return nil }
        return FileIdentity(device: status.st_dev, number: status.st_ino)
    }

    /// Why what is there may not be read; nil when it may.
    static func unreadable(_ path: String) -> String? {
        path.withSystemPath { access($0, R_OK) } == 0 ? nil : String(cString: strerror(errno))
    }

    private static func resolved(_ path: String, orElse fallback: String) -> String {
        resolved(path) ?? fallback
    }

    private static func resolved(_ path: String) -> String? {
        guard let resolved = path.withSystemPath({ realpath($0, nil) }) else { return nil }
        defer { free(resolved) }
        return ByteText.text(UnsafeBufferPointer(start: resolved, count: strlen(resolved)).map(UInt8.init(bitPattern:)))
    }
}

extension String {
    /// Calls the body with the bytes that the path stands for and a zero, valid during the call.
    fileprivate func withSystemPath<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
        (ByteText.bytes(self) + [0]).withUnsafeBytes { bytes in
            bytes.withMemoryRebound(to: CChar.self) { path in
                guard let start = path.baseAddress else { preconditionFailure("a path without its zero") }
                return body(start)
            }
        }
    }
}
