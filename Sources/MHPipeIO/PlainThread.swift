import Libc

/// A thread of its own, for what must not wait until Dispatch has one.
///
/// Where no thread can be made, Dispatch tries once a second for ever, and whoever hands it work waits with it.
package final class PlainThread {
    /// The system refuses to make a thread.
    package struct Refusal: Error {
        /// The system's error number.
        package let errorNumber: Int32
    }

    private final class Body {
        let work: @Sendable () -> Void

        init(_ work: @escaping @Sendable () -> Void) {
            self.work = work
        }
    }

    private var thread = ThreadHandle()

    /// Starts a thread; `join` has to be called.
    package init(_ work: @escaping @Sendable () -> Void) throws(Refusal) {
        let body = unsafe Unmanaged.passRetained(Body(work))
        let number = unsafe pthread_create(
            &thread,
            nil,
            { context in
                // Optional on some systems, and not on others.
                let body: UnsafeMutableRawPointer? = unsafe context
                unsafe body.map { unsafe Unmanaged<Body>.fromOpaque($0).takeRetainedValue() }?.work()
                return nil
            },
            unsafe body.toOpaque()
        )
        guard number == 0 else {
            unsafe body.release()
            throw Refusal(errorNumber: number)
        }
    }

    /// Waits until the thread has ended; on the thread itself it is let go of, and ends by itself.
    package func join() {
        waitForThread(thread)
    }
}
