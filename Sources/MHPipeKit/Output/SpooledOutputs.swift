/// Many outputs of a store, for a run that keeps its state: what goes to them stands in one hidden file of the state's folder,
/// in its order, until the run is at its end.
///
/// It costs that all is written to the disk first. The end may be cut anywhere, and is done again then:
///
/// 1. `finish` hands all to the outputs, which may send what is large;
/// 2. the caller writes down the checkpoint, which is whole;
/// 3. `commit` puts all in their places, also those that are there already;
/// 4. `forget`, when the caller has written down that all are, removes the hidden file.
package final class SpooledOutputs: NamedOutputs {
    private let outputs: any NamedOutputs
    private let name: String
    private let hidden: FilePath
    private let key: String
    private var spool: FrameSpool?
    private var isWhole = false

    /// - Parameters:
    ///   - outputs: What it all goes to.
    ///   - name: What messages call them, and checkpoints know them by.
    ///   - folder: The folder of the state.
    ///   - part: A name in it that nobody else has.
    ///   - key: What the runs that belong together have in common.
    package init(_ outputs: any NamedOutputs, name: String, in folder: String, part: String, key: String) {
        (self.outputs, self.name, self.key) = (outputs, name, key)
        hidden = FilePath(folder).appending(Array("files-\(part)".utf8))
    }

    package func open() throws { try open(.fresh) }

    /// Opens them where a run begins or goes on.
    ///
    /// - Throws: `StageError` when they cannot be written, or the state is not what the checkpoint says.
    package func open(_ start: SinkStart) throws {
        var mark: KeptFile.Mark?
        switch start {
        case .fresh: break
        case .resume(let checkpoint):
            let words = String(decoding: checkpoint.token, as: UTF8.self).split(separator: " ", maxSplits: 1)
            guard words.count == 2, words[0] == digits, let found = KeptFile.Mark(words[1]) else {
                throw StageError("the state does not say where '\(name)' ended", advice: "begin anew with --restart")
            }
            mark = found
        case .append: throw StageError("'\(name)' cannot be appended to: each output is written as a whole")
        }
        try outputs.open()
        do {
            spool = try StageError.wrapping { () throws(OutputFailure) in
                try FrameSpool(OutputPlace(hidden, name: name), key: key, at: mark)
            }
        } catch {
            outputs.abort()
            throw error
        }
        isWhole = mark?.isWhole == true
    }

    /// Tells these outputs from those of another path.
    private var digits: String { String(FileTail.hash(name.utf8), radix: 16) }

    package func write(_ bytes: UnsafeBufferPointer<UInt8>, to path: [UInt8], rows: Int) throws {
        try unsafe spool?.write(bytes, FileFrame.Head(path: path, rows: rows, text: 0))
    }

    /// Makes durable what was written, and says where that ends.
    package func checkpoint() throws -> Checkpoint {
        guard let spool else { throw StageError("'\(name)' is not open") }
        return Checkpoint(token: Array("\(digits) \(try spool.mark().text)".utf8))
    }

    package func finish() throws {
        guard let spool else { return }
        if !isWhole { try spool.finish() }
        isWhole = true
        try unsafe spool.forEach(in: 0..<spool.end) { head, bytes in
            try unsafe outputs.write(bytes, to: head.path, rows: head.rows)
        }
        try outputs.finish()
    }

    package func commit() throws { try outputs.commit() }

    /// Removes what a run would need that does the commit again.
    package func forget() {
        spool?.abort()
        spool = nil
    }

    /// Keeps what was written for a later run.
    package func suspend() {
        spool?.suspend()
        outputs.abort()
    }

    package func abort() {
        spool?.abort()
        outputs.abort()
    }

    package var writtenFiles: [WrittenFile] { outputs.writtenFiles }
}
