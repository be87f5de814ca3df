import Dispatch
import MHPipeAWS
import MHPipeIO
import MHPipeKit

/// What a list names, as units that are pulled while the list is read.
final class ListedUnits: FileListing {
    private enum Step {
        case ready(NextUnit)
        case asked(AnnouncedObjects.Lookup, ListedLine)
    }

    private let lines: LineReader
    private let selection: EventSelection?
    private let bell: DispatchSemaphore
    private let context: PluginContext
    private let connect: () throws -> AnnouncedObjects
    /// Nil until the list names an object, since only then AWS is needed.
    private var objects: AnnouncedObjects?
    private var steps: [Step] = []
    private var first = 0
    private var line = 0
    private var isRead = false
    private var isAtEnd = false
    private(set) var tally = InputTally()
    private(set) var keySighting = SelectionSighting()
    /// Names by the files that were handed out, for other sources that come by the same.
    private var names: [FileIdentity: String] = [:]
    private var named: Set<UnitID> = []

    /// - Parameters:
    ///   - lines: The list.
    ///   - selection: What is asked for.
    ///   - bell: Signalled when an answer of S3 is there.
    ///   - context: The source's.
    ///   - connect: Makes what asks S3, when the first object comes.
    init(
        _ lines: LineReader,
        _ selection: EventSelection?,
        _ bell: DispatchSemaphore,
        _ context: PluginContext,
        connect: @escaping () throws -> AnnouncedObjects
    ) {
        self.lines = lines
        self.selection = selection
        self.bell = bell
        self.context = context
        self.connect = connect
    }

    /// As many as may be asked for at once.
    let readAhead = 64

    func next() throws -> NextUnit {
        var hasWaited = false
        while true {
            try fill()
            guard first < steps.count else {
                end()
                return .end
            }
            switch steps[first] {
            case .ready(let unit):
                drop()
                tally.seen += 1
                return unit
            case .asked(let lookup, let line):
                guard let unit = try unit(lookup, line) else {
                    if hasWaited { return .notYet(retryIn: .milliseconds(1)) }
                    _ = bell.wait(timeout: .now() + .milliseconds(50))
                    hasWaited = true
                    continue
                }
                drop()
                tally.seen += 1
                return unit
            }
        }
    }

    private func end() {
        guard !isAtEnd else { return }
        isAtEnd = true
        if line == 0 { context.warn("nothing to read: the list is empty") }
    }

    private func drop() {
        first += 1
        guard first == steps.count || first > 1024 else { return }
        steps.removeFirst(first)
        first = 0
    }

    private func fill() throws {
        while !isRead, steps.count - first < AnnouncedObjects.mostLookups {
            let text: [UInt8]?
            do throws(InputFailure) {
                text = try lines.next()
            } catch {
                throw StageError(machineFault: error) ?? StageError("\(error)")
            }
            guard let text else {
                isRead = true
                return
            }
            line += 1
            guard !text.isEmpty else { continue }
            let listed: ListedLine
            do throws(ListedLine.Mistake) {
                listed = try ListedLine(text)
            } catch {
                let name = "line \(line) of the list, '\(FilePath(bytes: text).text)'"
                steps.append(.ready(.unreadable(UnreadableInput(name: name, reason: error.reason))))
                continue
            }
            try add(listed)
        }
    }

    private func add(_ line: ListedLine) throws {
        switch line.place {
        case .file(let path):
            guard !isPruned(CloudTrailKey(file: path.bytes)) else { return }
            tell(UnitID(name: path.bytes), path.text)
            steps.append(.ready(try unit(path, line.size)))
        case .object(let location):
            guard !isPruned(CloudTrailKey(file: Array(location.key.utf8))) else { return }
            tell(UnitID(location.url), location.url)
            let objects = try objects ?? connect()
            self.objects = objects
            steps.append(.asked(try objects.lookup(location, isNamed: true), line))
        }
    }

    private func isPruned(_ key: CloudTrailKey?) -> Bool {
        guard let key, let field = selection?.excluding(key) else { return false }
        tally.seen += 1
        tally.pruned += 1
        keySighting.note(key, excludedBy: field)
        return true
    }

    private func tell(_ id: UnitID, _ name: String) {
        guard !named.insert(id).inserted else { return }
        context.warn("'\(name)' is named more than once, and its events will be there as often")
    }

    private func unit(_ path: FilePath, _ size: Int?) throws -> NextUnit {
        let status: FileStatus
        do throws(InputFailure) {
            status = try FileStatus(path)
        } catch {
            if let fault = StageError(machineFault: error) { throw fault }
            return .unreadable(UnreadableInput(name: path.text, reason: error.reason))
        }
        guard status.kind != .folder else {
            return .unreadable(UnreadableInput(name: path.text, reason: "it is a folder"))
        }
        // What has a size was a file, and who reads a pipe would wait for a writer.
        if let size, status.kind != .file {
            let reason =
                "it is \(status.kind.name), and the list says \(size) bytes: it has changed since it was listed"
            return .unreadable(UnreadableInput(name: path.text, reason: reason))
        }
        let unit = FileUnit(path, status, isLink: true, stop: context.stop)
        if let reason = Self.change(from: size, to: unit.size) {
            return .unreadable(UnreadableInput(name: path.text, reason: reason))
        }
        if let file = unit.file, names[file.identity] == nil { names[file.identity] = path.text }
        return .unit(unit)
    }

    /// Nil when nothing is known of the object yet.
    private func unit(_ lookup: AnnouncedObjects.Lookup, _ line: ListedLine) throws -> NextUnit? {
        guard let objects else { return nil }
        switch try objects.found(lookup) {
        case .notYet: return nil
        case .unreadable(let input): return .unreadable(input)
        case .output:
            let reason = AnnouncedObjects.words(ofOutputs: 1)
            return .unreadable(UnreadableInput(name: lookup.location.url, reason: reason))
        case .unit(let unit):
            let reason = Self.change(from: line.size, to: unit.size) ?? Self.change(from: line.etag, to: unit.etag)
            return reason.map { .unreadable(UnreadableInput(name: unit.name, reason: $0)) } ?? .unit(unit)
        }
    }

    /// Why what has another size than the list says is not read: nobody knows which of the two was meant.
    private static func change(from listed: Int?, to size: Int?) -> String? {
        guard let listed, let size, listed != size else { return nil }
        return "it has \(size) bytes, and the list says \(listed): it has changed since it was listed"
    }

    /// Likewise of an object of the same size.
    private static func change(from listed: String?, to etag: String) -> String? {
        guard let listed, !etag.isEmpty, listed != etag else { return nil }
        return "its ETag is \(etag), and the list says \(listed): it has changed since it was listed"
    }

    func name(of file: FileReference) -> String? { names[file.identity] }
}
