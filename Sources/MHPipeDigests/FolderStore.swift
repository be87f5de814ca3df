import Libc
import MHPipeIO
package import MHPipeKit

/// A copy of buckets in a folder: the bucket with all its keys, a part of it such as `AWSLogs`, or folders named like buckets.
///
/// Which keys its files have is told by the digest files, which say where they were; those of most of them count. Metadata
/// is in files beside them (`SavedMetadata`).
package struct FolderStore: TrailStore {
    package let name: String
    private let folder: FilePath
    /// Behind all links, with a slash at its end.
    private let resolved: String
    private let roots: [FolderRoot]

    /// So many digest files of a folder are asked where they were.
    private static let mostAsked = 9

    /// Looks through the folder.
    ///
    /// - Parameter folder: The folder.
    /// - Throws: `InputFailure` when it cannot be listed; `StageError` when the machine is at fault.
    package init(_ folder: FilePath) throws {
        self.folder = folder
        name = folder.text
        // A folder that can be listed has a path behind its links.
        let text = folder.resolved?.text ?? folder.text
        resolved = text.hasSuffix("/") ? text : text + "/"
        var digests: [String] = []
        try Self.walk(folder, resolved, choice: Self.choiceOfDigests) { path in
            if DigestKey(path) != nil { digests.append(path) }
        }
        // What is in no folder that a digest file tells of is looked at all the same, and is in no bucket.
        roots = try Self.roots(digests) + [FolderRoot(folder: resolved, bucket: "", keyPrefix: "")]
    }

    package var parallelism: Int? { nil }
    package var readAhead: Int { 0 }
    package var unlistedFolders: [UnlistedFolder] { [] }

    package func forEachObject(
        _ files: TrailFiles,
        of selection: TrailSelection,
        _ body: (ObjectAddress) throws -> Void
    ) throws {
        try Self.walk(folder, resolved) { path in
            guard var object = address(of: path) else { return }
            // Where two files have one address, only the first is what is opened.
            if !(self.path(of: object) ?? "").utf8.elementsEqual(path.utf8) {
                object = ObjectAddress(bucket: "", key: String(path.dropFirst(resolved.count)))
            }
            try body(object)
        }
    }

    package func shown(_ object: ObjectAddress) -> String {
        guard object.bucket.isEmpty, let path = path(of: object) else { return object.description }
        return name + (name.hasSuffix("/") ? "" : "/") + path.dropFirst(resolved.count)
    }

    package func ask(for object: ObjectAddress, _ take: @escaping @Sendable (AskedObject) -> Void) {
        take(
            AskedObject {
                guard let path = path(of: object), let stream = try Self.open(path) else { throw MissingObject() }
                return StoredObject(stream: stream) { try SavedMetadata.read(beside: path) }
            }
        )
    }

    package func absence(of object: ObjectAddress) throws -> MissingObject? {
        path(of: object).map { FilePath($0).exists } ?? false ? nil : MissingObject()
    }

    /// The address of a file of the copy.
    ///
    /// - Parameter below: The bytes of its path below the folder.
    /// - Returns: Nil for one that no bucket has.
    package func address(below: [UInt8]) -> ObjectAddress? {
        String(validating: below, as: UTF8.self).flatMap { address(of: resolved + $0) }
    }

    /// Where the object would be.
    private func path(of object: ObjectAddress) -> String? {
        let known = roots.compactMap { $0.path(of: object) }
        let below = "\(object.bucket)/\(object.key)"
        let paths = known + (FolderRoot.isSound(below) ? [resolved + below] : [])
        return paths.first { FilePath($0).exists } ?? paths.first
    }

    /// The key of a file, by the innermost folder that is known.
    private func address(of path: String) -> ObjectAddress? {
        roots.first { path.hasPrefix($0.folder) }.flatMap { root in
            root.key(of: path).map { ObjectAddress(bucket: root.bucket, key: $0) }
        }
    }

    /// Opens a file; nil when there is none.
    static func open(_ path: String) throws -> FileStream? {
        do throws(InputFailure) {
            let path = FilePath(path)
            let status = try FileStatus(path)
            guard status.kind == .file else {
                throw InputFailure(path.text, .open, reason: "it is \(status.kind.name)")
            }
            return FileStream(try FileInput(path))
        } catch {
            if !FilePath(path).exists, !error.isMachineFault { return nil }
            throw StageError(machineFault: error) ?? StageError(error.description)
        }
    }

    /// Passes over whatever is not named like a digest file, so that the system is not asked for it.
    private static func choiceOfDigests(_ path: [UInt8]) -> FileChoice {
        let name = path[(path.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0)...]
        let mark = name.firstIndex(of: UInt8(ascii: "_")).map { name[$0...] } ?? []
        return mark.starts(with: "_CloudTrail-Digest_".utf8) ? .read : .leftOut
    }

    private static func walk(
        _ folder: FilePath,
        _ resolved: String,
        choice: @escaping ([UInt8]) -> FileChoice = { _ in .read },
        _ body: (String) throws -> Void
    ) throws {
        let walk = try DirectoryWalk(folder, choice: choice)
        let given = folder.bytes.count + (folder.bytes.last == UInt8(ascii: "/") ? 0 : 1)
        while let step = try walk.next() {
            switch step {
            case .file(let file):
                // A key is a text; a name that is none is not one of CloudTrail's.
                guard let below = String(validating: file.path.bytes.dropFirst(given), as: UTF8.self) else { continue }
                try body(resolved + below)
            case .unreadable(let path, let reason):
                throw StageError("cannot look through '\(path.text)': \(reason)")
            }
        }
    }

    /// What the digest files say of the folders that they are in, the innermost folder first.
    private static func roots(_ digests: [String]) throws -> [FolderRoot] {
        var places: [String: [(path: String, tail: String)]] = [:]
        for path in digests {
            guard let tail = FolderRoot.tail(of: path) else { continue }
            places[String(path.dropLast(tail.count)), default: []].append((path, String(tail)))
        }
        let reader = try ObjectReader()
        let roots = places.map { folder, files in
            var votes: [ObjectAddress: Int] = [:]
            for file in files.indices where file % max(files.count / mostAsked, 1) == 0 {
                guard let stream = try? open(files[file].path),
                    let digest = try? DigestFile(reader.read(stream, keepsText: true).text),
                    digest.object.key.hasSuffix(files[file].tail)
                else { continue }
                let prefix = String(digest.object.key.dropLast(files[file].tail.count))
                votes[ObjectAddress(bucket: digest.object.bucket, key: prefix), default: 0] += 1
            }
            let most = votes.max { ($0.value, $1.key.description) < ($1.value, $0.key.description) }?.key
            return FolderRoot(folder: folder, bucket: most?.bucket ?? "", keyPrefix: most?.key ?? "")
        }
        return roots.sorted { ($1.folder.utf8.count, $0.folder) < ($0.folder.utf8.count, $1.folder) }
    }
}

/// The bytes of a file.
final class FileStream: ByteStream {
    private let input: FileInput

    init(_ input: FileInput) {
        self.input = input
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        do throws(InputFailure) {
            return try unsafe input.read(into: buffer)
        } catch {
            throw StageError(machineFault: error) ?? StageError(error.description)
        }
    }
}
