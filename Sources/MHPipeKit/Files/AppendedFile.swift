import Libc

/// A file that grows by what a run writes: until `commit` that stands in a `KeptFile` beside it, and the file is as it was.
///
/// What a run costs goes by what it writes, not by what earlier ones have written. The order of `commit`, which may be cut
/// anywhere and is begun again then:
///
/// 1. the caller has written down the place, `isWhole`, of what is to be appended;
/// 2. the file is cut back to where it ended when the run began, and the bytes are copied behind that, and synced;
/// 3. the hidden file is removed.
///
/// A file that others have changed since the run began is refused, and left as it is. Used on one queue at a time.
package final class AppendedFile: ResumableFile {
    /// Where a run has left a file, or will.
    package struct Mark: Sendable, Hashable {
        /// Where the file ended before the run.
        var base: FileEnd
        /// The place in what the run writes.
        var part: KeptFile.Mark

        /// The mark as a text, for a checkpoint.
        var text: String { "behind \(base.text) \(part.text)" }

        init(base: FileEnd, part: KeptFile.Mark) {
            (self.base, self.part) = (base, part)
        }

        /// Reads what `text` gave; nil when it is something else.
        init?(_ text: String) {
            let parts = text.split(separator: " ", maxSplits: 3)
            guard parts.count == 4, parts[0] == "behind", let base = FileEnd("\(parts[1]) \(parts[2])"),
                let part = KeptFile.Mark(parts[3])
            else { return nil }
            self.init(base: base, part: part)
        }

        /// How long the file is with what is appended.
        var end: Int { base.size + part.offset }
    }

    private let destination: OutputPlace
    /// Where it ended before the run.
    let base: FileEnd
    /// What is to be appended; nil once that is done.
    private var part: KeptFile?
    /// Where an earlier run ended that has appended all.
    private var end: Mark?
    /// True when an earlier run may have appended some of it.
    private let mayBeBegun: Bool

    /// Begins behind what is there.
    ///
    /// - Parameters:
    ///   - place: The place of a regular file, which is there.
    ///   - key: What the runs that belong together have in common.
    ///   - mark: Where an earlier run has left it; nil for the end of what is there.
    /// - Throws: `OutputFailure` when it is not as the run has left it.
    init(_ place: OutputPlace, key: String, behind mark: Mark?) throws(OutputFailure) {
        destination = place
        let file = try Self.open(place, O_RDONLY)
        base = try FileEnd(of: file.number, place)
        if let mark {
            let (size, end) = (base.size, mark.end)
            // What was hashed is what the run has written, or, where that is nothing, what was there before.
            let isSame =
                mark.part.offset > 0
                ? try FileTail.hash(file.number, before: end, count: mark.part.offset, place) == mark.part.tail
                : base.tail == mark.base.tail
            guard size == end, isSame else {
                throw Self.changed(
                    place,
                    size == end
                        ? "its last bytes are others than the last run has left"
                        : "it has \(size) bytes, and the last run left it with \(end)"
                )
            }
        }
        mayBeBegun = false
        part = try KeptFile(place, key: key)
    }

    /// Goes on with what an earlier run was to append.
    ///
    /// - Parameters:
    ///   - place: The place of a regular file.
    ///   - key: As for the earlier run.
    ///   - mark: Where it is to go on.
    /// - Throws: `OutputFailure` when what it has written is not there, or is something else before the mark.
    init(_ place: OutputPlace, key: String, at mark: Mark) throws(OutputFailure) {
        destination = place
        (base, mayBeBegun) = (mark.base, mark.part.isWhole)
        let hidden = KeptFile.path(of: place, key)
        if mark.part.isWhole, !hidden.exists {
            // The run may have ended between the commits of its outputs.
            let file = try Self.open(place, O_RDONLY)
            guard try FileTail.size(file.number, place) >= mark.end,
                try FileTail.hash(file.number, before: mark.end, count: mark.part.offset, place) == mark.part.tail
            else { throw KeptFile.changed(place, hidden, "is not there") }
            self.end = mark
            return
        }
        part = try KeptFile(place, key: key, at: mark.part)
    }

    /// Words for a file that is not as the last run has left it.
    static func changed(_ place: OutputPlace, _ reason: String) -> OutputFailure {
        var failure = OutputFailure(
            place.name,
            reason: "it was changed since the last run wrote it: \(reason)",
            advice: "put that file back; or go on with what is there now, with --restart"
        )
        failure.isOfChangedOutput = true
        return failure
    }

    private static func open(_ place: OutputPlace, _ flags: Int32) throws(OutputFailure) -> FileDescriptor {
        guard let file = place.path.open(flags) else {
            guard errno == ENOENT else { throw OutputFailure(place.name, errorNumber: errno) }
            throw changed(place, "it is gone")
        }
        return file
    }

    package var isEmpty: Bool { base.size == 0 && (part?.isEmpty ?? (end?.part.offset == 0)) }

    package func write(_ bytes: UnsafeBufferPointer<UInt8>) throws(OutputFailure) { try unsafe part?.write(bytes) }

    package func finish() throws(OutputFailure) { try part?.finish() }

    package func place() throws(OutputFailure) -> String {
        if let end { return end.text }
        guard let part else { throw OutputFailure(destination.name, reason: "it is closed") }
        return Mark(base: base, part: try part.mark()).text
    }

    package func commit() throws(OutputFailure) {
        guard let part, end == nil else { return }
        let mark = try part.mark()
        let file = try Self.open(destination, O_RDWR)
        try base.append(mark.offset, of: part.temporaryPath, to: file.number, destination, mayBeBegun: mayBeBegun)
        end = Mark(base: base, part: mark)
        part.abort()
        self.part = nil
        // A power cut may bring the hidden file back, which harms nobody, so a failure is none of the run's.
        _ = AtomicFile.sync(destination.path.directory)
    }

    package func suspend() { part?.suspend() }

    package func abort() { part?.abort() }
}
