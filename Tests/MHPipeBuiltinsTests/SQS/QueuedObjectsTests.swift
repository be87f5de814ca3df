import Dispatch
import Foundation
import MHPipeAWS
import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import MHPipeBuiltins

/// What a run is handed out of a queue.
@Suite(.timeLimit(.minutes(30))) struct QueuedObjectsTests {
    /// Lookups that were stopped have no answer, and never will.
    @Test func aRunThatWasStoppedWhileObjectsAreLookedUpIsAnswered() throws {
        let folder = try TemporaryDirectory()
        for name in ["a.json", "b.json"] { _ = try folder.write("{}", to: name) }
        let server = try FolderQueue()
        var options = AWSOptions()
        options.signs = false
        options.endpoint = AWSEndpoint(server.url)
        let connection = try AWSConnection(options)
        let address = try #require(QueueAddress("\(server.url)\(folder.path("queue"))"))
        let bell = DispatchSemaphore(value: 0)
        let stop = RunStop()
        let objects = AnnouncedObjects(
            try AWSConnection(like: connection, stop: stop),
            S3Bucket.Extras(),
            nil,
            stop: stop,
            onAnswer: { bell.signal() }
        )
        let intake = try QueueIntake(
            address,
            QueueIntake.Manner(wait: 0, visibility: 300),
            connection,
            onNews: { bell.signal() }
        )
        let deliveries = QueueDeliveries(intake, objects, QueueDeliveries.Manner(), bell, warn: { _ in })
        stop.raise()
        intake.start()
        let isDone = DispatchSemaphore(value: 0)
        let handedOut = Locked(0)
        let run = Unshared(QueuedObjects(deliveries), deliveries)
        Thread.detachNewThread {
            // The messages come, then the answers to the lookups, each some calls later.
            var calls = 0
            while calls < 40 {
                if run.deliveries.messages > 0 { calls += 1 }
                if case .notYet? = try? run.objects.next() { continue }
                handedOut.withLock { $0 += 1 }
            }
            isDone.signal()
        }
        #expect(isDone.hasCome(), "a call does not come back")
        #expect(handedOut.withLock { $0 } == 0)
        intake.end(within: .seconds(5))
    }

    /// Handed to the thread that works with it.
    private final class Unshared: @unchecked Sendable /* one thread uses it */ {
        let objects: QueuedObjects
        let deliveries: QueueDeliveries

        init(_ objects: QueuedObjects, _ deliveries: QueueDeliveries) {
            (self.objects, self.deliveries) = (objects, deliveries)
        }
    }
}
