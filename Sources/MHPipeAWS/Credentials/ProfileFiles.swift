import MHPipeIO
package import MHPipeKit

/// The profiles of `~/.aws/config` and `~/.aws/credentials`, as AWS's tools read them.
package struct ProfileFiles: Sendable {
    package typealias Section = [String: String]

    /// By their names; what the credentials file says counts before the other, key by key.
    package private(set) var profiles: [String: Section] = [:]
    /// The same as each file has them: access key, secret and token of different files do not belong together.
    package private(set) var inCredentials: [String: Section] = [:]
    package private(set) var inConfig: [String: Section] = [:]
    /// `[sso-session NAME]`.
    package private(set) var sessions: [String: Section] = [:]
    /// `[services NAME]`; keys are `s3.endpoint_url`.
    package private(set) var services: [String: Section] = [:]
    /// The files that were there.
    package private(set) var files: [String] = []
    /// Why one of them could not be read.
    package private(set) var failure: StageError?

    package init() {}

    /// Reads both files, as far as they are there and may be read: whoever needs one that may not asks for `failure`.
    package init(_ environment: AWSEnvironment) {
        let home = environment["HOME"] ?? "/"
        for (path, isConfig) in [
            (environment["AWS_CONFIG_FILE"] ?? "\(home)/.aws/config", true),
            (environment["AWS_SHARED_CREDENTIALS_FILE"] ?? "\(home)/.aws/credentials", false),
        ] {
            let path = path.hasPrefix("~/") ? home + path.dropFirst() : path
            do {
                guard let text = try SmallFile.text(path, isOptional: true) else { continue }
                files.append(path)
                read(text, isConfig: isConfig)
            } catch {
                failure = failure ?? StageError(wrapping: error)
            }
        }
    }

    /// Takes the sections of a file, which count before those that are there.
    package mutating func read(_ text: String, isConfig: Bool) {
        var place: (kind: WritableKeyPath<ProfileFiles, [String: Section]>, name: String)?
        /// The key whose value is the indented lines that follow.
        var parent: String?
        for line in text.split(whereSeparator: \.isNewline) {
            let isIndented = line.first == " " || line.first == "\t"
            let content = Self.trimmed(line)
            guard let first = content.first, first != "#", first != ";" else { continue }
            if first == "[", let end = content.firstIndex(of: "]") {
                let words = content[..<end].dropFirst().split { $0 == " " || $0 == "\t" }
                place = Self.place(words.map { $0.filter { $0 != "\"" && $0 != "'" } }, isConfig: isConfig)
                parent = nil
                if let place { self[keyPath: place.kind][place.name, default: [:]].merge([:]) { $1 } }
                continue
            }
            guard let place, let equals = content.firstIndex(of: "=") else { continue }
            var key = Self.trimmed(content[..<equals]).lowercased()
            let value = Self.withoutComment(content[content.index(after: equals)...])
            if isIndented, let parent { key = "\(parent).\(key)" } else { parent = value.isEmpty ? key : nil }
            self[keyPath: place.kind][place.name, default: [:]][key] = value
            guard place.kind == \.profiles else { continue }
            if isConfig {
                inConfig[place.name, default: [:]][key] = value
            } else {
                inCredentials[place.name, default: [:]][key] = value
            }
        }
    }

    private static func place(
        _ words: [String],
        isConfig: Bool
    ) -> (kind: WritableKeyPath<ProfileFiles, [String: Section]>, name: String)? {
        switch (words.first, words.count) {
        case (let name?, 1) where !isConfig || name == "default": (\.profiles, name)
        case ("profile", 2) where isConfig: (\.profiles, words[1])
        case ("sso-session", 2) where isConfig: (\.sessions, words[1])
        case ("services", 2) where isConfig: (\.services, words[1])
        default: nil
        }
    }

    private static func withoutComment(_ value: Substring) -> String {
        for mark in [" #", " ;", "\t#", "\t;"] {
            guard let start = value.indices.first(where: { value[$0...].hasPrefix(mark) }) else { continue }
            return withoutComment(value[..<start])
        }
        return trimmed(value)
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        let start = text.drop { $0.isWhitespace }
        return String(start.reversed().drop { $0.isWhitespace }.reversed())
    }
}
