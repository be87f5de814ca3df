import Foundation
import MHPipeTestSupport
import Testing

@testable import MHPipeKit

/// Outputs of a store for a run that keeps its state: nothing is sent before the end, and the end can be done again.
@Suite struct SpooledOutputsTests {
    /// Outputs that write down what is done with them.
    private final class Store: NamedOutputs {
        /// The call that fails: `open`, `write`, `finish` or `commit`.
        var failing: String?
        private(set) var calls: [String] = []
        private(set) var texts: [String: String] = [:]
        private(set) var writtenFiles: [WrittenFile] = []

        func open() throws { try call("open") }

        func write(_ bytes: UnsafeBufferPointer<UInt8>, to path: [UInt8], rows: Int) throws {
            try call("write")
            texts[String(decoding: path, as: UTF8.self), default: ""] += unsafe String(decoding: bytes, as: UTF8.self)
        }

        func finish() throws { try call("finish") }
        func commit() throws { try call("commit") }
        func abort() { calls.append("abort") }

        private func call(_ name: String) throws {
            if failing == name { throw StageError("the store is away") }
            if calls.last != name { calls.append(name) }
        }
    }

    private let folder: TemporaryDirectory
    private let name = "s3://bucket/lake/{x}"

    init() throws {
        folder = try TemporaryDirectory()
        try FileManager.default.createDirectory(atPath: folder.path("state"), withIntermediateDirectories: true)
    }

    private func outputs(_ store: Store, name: String? = nil, in state: String? = nil) -> SpooledOutputs {
        SpooledOutputs(store, name: name ?? self.name, in: state ?? folder.path("state"), part: "out", key: "k")
    }

    private func write(_ text: String, to path: String, of outputs: SpooledOutputs) throws {
        try unsafe Array(text.utf8).withUnsafeBufferPointer {
            try unsafe outputs.write($0, to: Array(path.utf8), rows: 1)
        }
    }

    private var hidden: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path("state")).sorted() }
    }

    @Test func nothingIsSentBeforeTheEnd() throws {
        let store = Store()
        let outputs = outputs(store)
        try outputs.open()
        try write("1", to: "a", of: outputs)
        try write("2", to: "b", of: outputs)
        try write("3", to: "a", of: outputs)
        _ = try outputs.checkpoint()
        #expect(store.calls == ["open"])
        #expect(try hidden.count == 1)
        try outputs.finish()
        #expect(store.texts == ["a": "13", "b": "2"])
        _ = try outputs.checkpoint()
        try outputs.commit()
        #expect(store.calls == ["open", "write", "finish", "commit"])
        #expect(try hidden.count == 1)
        outputs.forget()
        #expect(try hidden == [])
    }

    @Test func whatComesBehindACheckpointIsCutOff() throws {
        let first = Store()
        let cut = outputs(first)
        try cut.open()
        try write("1", to: "a", of: cut)
        let checkpoint = try cut.checkpoint()
        try write("lost", to: "a", of: cut)
        try write("lost", to: "b", of: cut)
        cut.suspend()
        #expect(first.calls == ["open", "abort"])
        let store = Store()
        let outputs = outputs(store)
        try outputs.open(.resume(checkpoint))
        try write("2", to: "a", of: outputs)
        try outputs.finish()
        try outputs.commit()
        outputs.forget()
        #expect(store.texts == ["a": "12"])
        #expect(try hidden == [])
    }

    /// A run may be cut at any step behind the last record: the next one has nothing to write, and does the rest.
    @Test(arguments: [nil, "write", "finish", "commit"])
    func theEndIsDoneAgain(failing: String?) throws {
        let first = Store()
        let cut = outputs(first)
        try cut.open()
        try write("1", to: "a", of: cut)
        try write("2", to: "b", of: cut)
        var checkpoint = try cut.checkpoint()
        first.failing = failing
        if failing == "write" || failing == "finish" {
            #expect(throws: StageError.self) { try cut.finish() }
        } else {
            try cut.finish()
            checkpoint = try cut.checkpoint()
        }
        if failing == "commit" { #expect(throws: StageError.self) { try cut.commit() } }
        cut.suspend()
        let store = Store()
        let outputs = outputs(store)
        try outputs.open(.resume(checkpoint))
        try outputs.finish()
        try outputs.commit()
        outputs.forget()
        #expect(store.texts == ["a": "1", "b": "2"])
        #expect(store.calls == ["open", "write", "finish", "commit"])
        #expect(try hidden == [])
    }

    @Test(arguments: ["write", "finish", "commit"])
    func anAbortLeavesNothing(failing: String) throws {
        let store = Store()
        let outputs = outputs(store)
        try outputs.open()
        try write("1", to: "a", of: outputs)
        store.failing = failing
        #expect(throws: StageError.self) {
            try outputs.finish()
            try outputs.commit()
        }
        #expect(try hidden.count == 1)
        outputs.abort()
        #expect(store.calls.last == "abort")
        #expect(try hidden == [])
    }

    @Test func aStoreThatCannotBeWrittenLeavesNothing() throws {
        let store = Store()
        store.failing = "open"
        let outputs = outputs(store)
        #expect(throws: StageError.self) { try outputs.open() }
        #expect(try hidden == [])
    }

    @Test func aStateThatCannotBeWrittenLetsGoOfTheStore() throws {
        let store = Store()
        let outputs = outputs(store, in: folder.path("not/there"))
        #expect(throws: StageError.self) { try outputs.open() }
        #expect(store.calls == ["open", "abort"])
    }

    @Test func whatIsNoStateOfTheseIsRefused() throws {
        let cut = outputs(Store())
        try cut.open()
        try write("1", to: "a", of: cut)
        let checkpoint = try cut.checkpoint()
        cut.suspend()
        let file = try #require(try hidden.first)
        for start in [SinkStart.append(checkpoint), .append(nil), .resume(Checkpoint(token: Array("x".utf8)))] {
            let store = Store()
            #expect(throws: StageError.self) { try outputs(store).open(start) }
            #expect(store.calls == [])
        }
        #expect(throws: StageError.self) {
            try outputs(Store(), name: "s3://bucket/other/{x}").open(.resume(checkpoint))
        }
        #expect(try hidden == [file])
        try folder.write("short", to: "state/\(file)")
        #expect(throws: StageError.self) { try outputs(Store()).open(.resume(checkpoint)) }
    }
}
