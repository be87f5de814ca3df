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
    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// True for a folder, false for anything else that is there, nil for nothing; links are followed.
    static func isFolder(_ path: String) -> Bool? {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & S_IFMT == S_IFDIR : nil
    }

    /// Why what is there may not be read; nil when it may.
    static func unreadable(_ path: String) -> String? {
        access(path, R_OK) == 0 ? nil : String(cString: strerror(errno))
    }

    private static func resolved(_ path: String, orElse fallback: String) -> String {
        resolved(path) ?? fallback
    }

    private static func resolved(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
