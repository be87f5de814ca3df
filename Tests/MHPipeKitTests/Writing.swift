import Foundation
import MHPipeKit
import MHPipeTestSupport

extension OutputFile {
    /// Writes a text.
    func write(_ text: String) throws(OutputFailure) {
        let bytes = Array(text.utf8)
        try bytes.withUnsafeBufferPointer { (bytes) throws(OutputFailure) in try write(bytes) }
    }
}

extension TemporaryDirectory {
    /// The names in the folder, hidden ones too, in order.
    var names: [String] {
        let names = try? FileManager.default.contentsOfDirectory(atPath: path(""))
        return (names ?? []).sorted()
    }

    /// The text of a file.
    func text(_ name: String) throws -> String {
        String(decoding: try read(name), as: UTF8.self)
    }

    /// The permission bits of a file.
    func mode(_ name: String) -> mode_t {
        var status = stat()
        return lstat(path(name), &status) == 0 ? status.st_mode & 0o7777 : 0
    }
}
