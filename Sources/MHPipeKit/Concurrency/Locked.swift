package import Synchronization

/// A value that one thread has at a time.
///
/// What takes it is inlined, since the compiler makes no versions of it for the types that it is used with. It is a `Mutex`, of which the thread sanitizer has to be told: it sees no order between those who have held one after
/// the other, and reports what they do with the value. `make tsan` says `TSAN`; otherwise nothing is added.
package struct Locked<Value: ~Copyable>: ~Copyable, Sendable {
    @usableFromInline let mutex: Mutex<Value>

    @inlinable
    package init(_ value: consuming sending Value) {
        mutex = Mutex(value)
    }

    /// Waits until no other thread has the value, and has it until `body` is done.
    @inlinable @inline(__always)
    package borrowing func withLock<Result: ~Copyable, Failure: Error>(
        _ body: (inout sending Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        #if TSAN
        let place = unsafe withUnsafePointer(to: self) { unsafe UnsafeRawPointer($0) }
        return try mutex.withLock { value throws(Failure) in
            unsafe acquire(place)
            defer { unsafe release(place) }
            return try body(&value)
        }
        #else
        return try mutex.withLock(body)
        #endif
    }

    /// Does so only when no other thread has the value now; nil when one has.
    @inlinable @inline(__always)
    package borrowing func withLockIfAvailable<Result: ~Copyable, Failure: Error>(
        _ body: (inout sending Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result? {
        #if TSAN
        let place = unsafe withUnsafePointer(to: self) { unsafe UnsafeRawPointer($0) }
        return try mutex.withLockIfAvailable { value throws(Failure) in
            unsafe acquire(place)
            defer { unsafe release(place) }
            return try body(&value)
        }
        #else
        return try mutex.withLockIfAvailable(body)
        #endif
    }
}

#if TSAN
@_silgen_name("__tsan_acquire")
@usableFromInline func acquire(_ place: UnsafeRawPointer)

@_silgen_name("__tsan_release")
@usableFromInline func release(_ place: UnsafeRawPointer)
#endif
