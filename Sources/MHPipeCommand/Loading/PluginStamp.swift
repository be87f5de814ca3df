/// What a library says of the mhpipe that it was built for, in a text that is read without loading it.
///
/// Swift code that was compiled against another build of the kit would read events at the wrong places in memory, so a
/// library is loaded only by the very build of mhpipe that it was built for.
struct PluginStamp: Equatable {
    /// The version of mhpipe.
    var version: String
    /// The identity of the executable, which is another one for every other source text, compiler and setting.
    var build: String
    /// The version of the compiler; empty where that is not known.
    var swift: String
    /// The processor and system.
    var target: String

    /// What stands before every stamp, and hardly in any other text.
    private static let mark = "\u{1}mhpipe-plugin-stamp 1"

    /// The text as it stands in the library, without the zero byte behind it.
    var text: String {
        let compiler = swift.isEmpty ? "" : "swift=\(swift);"
        return "\(Self.mark);version=\(version);build=\(build);\(compiler)target=\(target);"
    }

    /// For messages: `mhpipe 0.1.0, build 12987c37, Swift 6.3.1, x86_64-linux`.
    var shown: String {
        ["mhpipe \(version)", "build \(build.prefix(12))", swift.isEmpty ? nil : "Swift \(swift)", target]
            .compactMap { $0 }.joined(separator: ", ")
    }

    init(version: String, build: String, swift: String, target: String) {
        self.version = version
        self.build = build
        self.swift = swift
        self.target = target
    }

    /// Finds the stamp in a library's bytes.
    init?(in bytes: [UInt8]) {
        guard let start = Self.firstIndex(of: Array(Self.mark.utf8), in: bytes) else { return nil }
        // A stamp is far shorter; without an end it is none.
        let rest = bytes[start...].prefix(4096)
        guard let end = rest.firstIndex(of: 0) else { return nil }
        var fields: [String: String] = [:]
        for field in String(decoding: rest[..<end], as: UTF8.self).split(separator: ";").dropFirst() {
            let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { fields[String(parts[0])] = String(parts[1]) }
        }
        guard let version = fields["version"], let build = fields["build"], let target = fields["target"] else {
            return nil
        }
        self.init(version: version, build: build, swift: fields["swift"] ?? "", target: target)
    }

    private static func firstIndex(of needle: [UInt8], in bytes: [UInt8]) -> Int? {
        var start = bytes.startIndex
        while let found = bytes[start...].firstIndex(of: needle[0]) {
            if bytes[found...].starts(with: needle) { return found }
            start = found + 1
        }
        return nil
    }
}
