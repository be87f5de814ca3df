#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

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

    #if canImport(Glibc)
    private var thread = pthread_t()
    #else
    private var thread: pthread_t?
    #endif

    /// Starts a thread; `join` has to be called.
    package init(_ work: @escaping @Sendable () -> Void) throws(Refusal) {
        let body = unsafe Unmanaged.passRetained(Body(work))
        let number = unsafe pthread_create(
            &thread,
            nil,
            { context in
                #if canImport(Glibc)
                guard let context = unsafe context else { return nil }
                #endif
                unsafe Unmanaged<Body>.fromOpaque(context).takeRetainedValue().work()
                return nil
            },
            unsafe body.toOpaque()
        )
        guard number == 0 else {
            unsafe body.release()
            throw Refusal(errorNumber: number)
        }
    }

    /// Waits until the thread has ended.
    package func join() {
        #if canImport(Glibc)
        pthread_join(thread, nil)
        #else
        if let thread { pthread_join(thread, nil) }
        #endif
    }
}
