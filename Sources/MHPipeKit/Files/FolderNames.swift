/// The names in small folders.
package enum FolderNames {
    /// All names, in no order; none where the folder cannot be listed.
    package static func all(in folder: FilePath) -> [String] {
        guard let stream = try? FolderStream(folder) else { return [] }
        var names: [String] = []
        while let entry = try? stream.next() { names.append(unsafe ByteText.text([UInt8](entry.name))) }
        return names
    }
}
