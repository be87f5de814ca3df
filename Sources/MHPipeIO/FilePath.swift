#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The path of a file: the text that users see, and the bytes by which the system knows it.
///
/// File names are bytes. Those that are not UTF-8 are shown with U+FFFD in place of what cannot be shown, and still
/// open the file they name.
package struct FilePath: Hashable, Sendable {
    /// The path as it is shown.
    package let text: String
    /// The bytes and a zero, where the text cannot stand for them.
    private let systemPath: [CChar]?

    /// Takes the path as a user wrote it.
    package init(_ text: String) {
        self.text = text
        systemPath = nil
    }

    /// Takes the path as the system told it.
    package init(bytes: [UInt8]) {
        if let text = String(validating: bytes, as: UTF8.self) {
            self.text = text
            systemPath = nil
        } else {
            text = String(decoding: bytes, as: UTF8.self)
            systemPath = bytes.map(CChar.init(bitPattern:)) + [0]
        }
    }

    /// Calls the body with the path as the system wants it, valid during the call.
    package func withSystemPath<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
        guard let systemPath else { return body(text) }
        return body(systemPath)
    }

    /// True when it leads to something, links followed.
    package var exists: Bool {
        var status = stat()
        return withSystemPath { stat($0, &status) } == 0
    }

    /// Removes the file, or the link; does nothing where there is none or it may not be removed.
    package func removeFile() {
        _ = withSystemPath { unlink($0) }
    }
}
