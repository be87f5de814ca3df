// What differs from system to system, so that no other file has to ask where it runs.

#if canImport(Glibc)
@_exported public import Glibc

/// What `opendir` gives.
package typealias FolderHandle = OpaquePointer

/// A thread, or a place for one.
package typealias ThreadHandle = pthread_t

/// The kind of socket that TCP is.
package let streamSocket = Int32(SOCK_STREAM.rawValue)

/// The kind of socket that UDP is.
package let datagramSocket = Int32(SOCK_DGRAM.rawValue)

/// What a program that is started does first.
package typealias SpawnActions = posix_spawn_file_actions_t

/// What a program is started with.
package typealias SpawnAttributes = posix_spawnattr_t

/// The command of `fcntl` that locks for whoever has the file open, and not for the process: `F_OFD_SETLK`, which neither
/// C library shows to Swift (fcntl.h of Linux with _GNU_SOURCE, and of macOS).
package let setLockOfDescription: Int32 = 37

/// When the content of a file was changed last.
package func changeTime(_ status: stat) -> timespec {
    status.st_mtim
}

/// When anything about a file was changed last.
package func statusChangeTime(_ status: stat) -> timespec {
    status.st_ctim
}

/// Waits until a thread has ended, or lets go of it where it is the one that asks.
package func waitForThread(_ thread: ThreadHandle) {
    if pthread_equal(thread, pthread_self()) != 0 {
        pthread_detach(thread)
    } else {
        pthread_join(thread, nil)
    }
}

/// The status that `waitid` gives of a child that has ended.
package func childStatus(_ info: siginfo_t) -> Int32 {
    unsafe info._sifields._sigchld.si_status
}

/// The handler of a signal, as a number: `SIG_DFL` is 0, and `SIG_IGN` is 1.
package func handlerNumber(_ action: sigaction) -> Int {
    unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
}

/// How many files the process may have open; nil when the system does not tell.
package func openFilesLimit() -> rlim_t? {
    var limit = rlimit()
    return unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 ? limit.rlim_cur : nil
}

/// Starts bringing bytes that were written to the disk, without waiting for them.
///
/// Linux begins to write out the dirty pages of a range that is said not to be needed (mm/fadvise.c). They stay in
/// memory meanwhile, so whoever reads the file next finds them there. Nothing is done elsewhere.
package func startSync(_ descriptor: Int32, from offset: Int, count: Int) {
    _ = posix_fadvise(descriptor, off_t(offset), off_t(count), POSIX_FADV_DONTNEED)
}

/// Maps memory at an address; nil when something is there.
package func mapMemory(at address: UInt, count: Int) -> UnsafeMutableRawPointer? {
    // MAP_FIXED_NOREPLACE of mman.h, which older kernels take for a mere wish.
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | 0x10_0000
    guard let wish = unsafe UnsafeMutableRawPointer(bitPattern: address),
        let memory = unsafe mmap(wish, count, PROT_READ | PROT_WRITE, flags, -1, 0)
    else { return nil }
    if unsafe memory == wish { return unsafe memory }
    if Int(bitPattern: memory) != -1 { unsafe munmap(memory, count) }
    return nil
}

/// Gives memory that is free back to the system, which glibc keeps for each thread that ever had much.
package func releaseFreeMemory() {
    // No header of malloc's is seen by Swift; other C libraries have no such function.
    typealias Trim = @convention(c) (Int) -> Int32
    guard let address = unsafe dlsym(nil, "malloc_trim") else { return }
    _ = unsafe unsafeBitCast(address, to: Trim.self)(0)
}
#elseif canImport(Darwin)
@_exported public import Darwin

package typealias FolderHandle = UnsafeMutablePointer<DIR>

package typealias ThreadHandle = pthread_t?

package let streamSocket = SOCK_STREAM

package let datagramSocket = SOCK_DGRAM

package typealias SpawnActions = posix_spawn_file_actions_t?

package typealias SpawnAttributes = posix_spawnattr_t?

package let setLockOfDescription: Int32 = 90

package func changeTime(_ status: stat) -> timespec {
    status.st_mtimespec
}

package func statusChangeTime(_ status: stat) -> timespec {
    status.st_ctimespec
}

package func waitForThread(_ thread: ThreadHandle) {
    guard let thread = unsafe thread else { return }
    if unsafe pthread_equal(thread, pthread_self()) != 0 {
        unsafe pthread_detach(thread)
    } else {
        unsafe pthread_join(thread, nil)
    }
}

package func childStatus(_ info: siginfo_t) -> Int32 {
    info.si_status
}

package func handlerNumber(_ action: sigaction) -> Int {
    unsafe unsafeBitCast(action.__sigaction_u.__sa_handler, to: Int.self)
}

package func openFilesLimit() -> rlim_t? {
    var limit = rlimit()
    return unsafe getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : nil
}

package func startSync(_ descriptor: Int32, from offset: Int, count: Int) {}

/// Nil: nothing there needs memory at an address.
package func mapMemory(at address: UInt, count: Int) -> UnsafeMutableRawPointer? { nil }

package func releaseFreeMemory() {}
#endif
