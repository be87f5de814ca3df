import MHPipeAWS
import MHPipeKit

/// An object of a bucket that a sink writes, which is there with the commit.
///
/// In a run that keeps its state, what has not been sent by a checkpoint is put into the folder of the state. The order of the
/// end, which may be cut anywhere and is gone on with by the next run:
///
/// 1. `finish` has sent all parts; the state says so, with their ETags, or holds all bytes of an object without parts;
/// 2. `commit` asks for the object, which carries a mark that the state holds too;
/// 3. the state is cleared. A run that comes between asks what is there by the mark, and does 2 only when it is not.
final class ObjectOutput: NamedOutput {
    private let name: String
    private let store: ObjectStore
    private var upload: ObjectUpload?
    private var target: UploadTarget?
    private let kept: UploadFiles?
    private(set) var writtenFiles: [WrittenFile] = []

    init(_ name: String, _ store: ObjectStore) {
        (self.name, self.store) = (name, store)
        kept = store.kept
    }

    var offset: Int { 0 }

    var isEmpty: Bool { upload?.size ?? 0 == 0 }

    func open() throws { try open(.fresh) }

    func open(_ start: SinkStart) throws {
        let (target, key) = try store.open(name)
        self.target = target
        switch start {
        case .fresh:
            try target.check(key)
            // All sinks begin anew then: also what one has begun whose name is gone is nothing to go on with.
            for files in kept?.all ?? [] { try store.abort(files) }
            upload = try ObjectUpload(key, in: target)
        case .resume(let checkpoint):
            guard let kept, let state = UploadState(try kept.load(checkpoint)) else {
                throw StageError("the state does not say where '\(name)' ended", advice: "begin anew with --restart")
            }
            try store.abort(kept, but: state.upload)
            upload = try ObjectUpload(state, key, in: target)
        case .append:
            throw StageError("'\(name)' cannot be appended to: an object is written as a whole")
        }
        if let upload, let kept {
            upload.isKept = true
            let place = upload.place
            upload.onBegin = { try kept.note($0, of: place) }
        }
    }

    func write(_ bytes: UnsafeBufferPointer<UInt8>) throws { try unsafe upload?.append(bytes) }

    func checkpoint() throws -> Checkpoint {
        guard let kept, let upload else { throw StageError("'\(name)' is not kept, so there is no way back to it") }
        return try kept.save(try upload.state().bytes)
    }

    func finish() throws { try upload?.finish() }

    func commit() throws {
        guard let upload else { return }
        if store.removesEmpty, upload.size == 0 {
            try upload.remove()
            kept?.forget()
            self.upload = nil
            return
        }
        try upload.commit()
        writtenFiles = [
            WrittenFile(path: name, rows: nil, content: .init(bytes: upload.size, sha256: upload.sha256))
        ]
        kept?.forget()
        self.upload = nil
    }

    func suspend() { upload = nil }

    func abort() {
        defer { upload = nil }
        guard let upload, let target = store.anew(target, toAbort: [upload]) else { return }
        if let left = upload.abort(by: target) { store.context.warn(left) } else { kept?.forget() }
    }
}
