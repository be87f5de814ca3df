import Libc
package import MHPipeKit

/// A library of the system that is loaded when it is first needed, so that nobody else pays for it.
///
/// Invariant: the handle is never closed.
@safe
package struct LoadedLibrary: @unchecked Sendable /* a handle that is set once */ {
    private let handle: UnsafeMutableRawPointer
    private let failure: StageError

    /// Where a program that came with libraries has them, for machines that have none of their own; those are mended when a
    /// machine is, and these are not.
    private static let spare = "$ORIGIN/../lib/mhpipe/spare/"

    /// Loads the first that is there.
    ///
    /// - Parameters:
    ///   - names: Names or paths of it.
    ///   - failure: What is thrown when there is none, or when it lacks a function.
    /// - Throws: `failure`.
    package init(_ names: [String], failure: StageError) throws {
        let all = names + names.filter { !$0.contains("/") }.map { Self.spare + $0 }
        guard let handle = unsafe all.lazy.compactMap({ unsafe dlopen($0, RTLD_NOW | RTLD_LOCAL) }).first else {
            throw failure
        }
        unsafe self.handle = unsafe handle
        self.failure = failure
    }

    /// A function of the library, whose type the caller knows.
    package func function<Function>(_ name: String, _ type: Function.Type = Function.self) throws -> Function {
        unsafe unsafeBitCast(try address(name), to: type)
    }

    package func address(_ name: String) throws -> UnsafeMutableRawPointer {
        guard let address = unsafe dlsym(handle, name) else { throw failure }
        return unsafe address
    }
}
