/// What a C library has made, given back to it when its owner lets go of it and never before or again.
///
/// Calls of the library borrow its pointer.
@safe
package struct CHandle: ~Copyable {
    /// What the library knows it by; valid as long as the handle is.
    package let pointer: OpaquePointer
    private let free: (OpaquePointer) -> Void

    /// Takes over what a library gave; nil where that is nothing.
    ///
    /// - Parameters:
    ///   - pointer: What it gave, which is nobody else's.
    ///   - free: Gives it back.
    package init?(owning pointer: OpaquePointer?, free: @escaping (OpaquePointer) -> Void) {
        guard let pointer = unsafe pointer else { return nil }
        unsafe self.pointer = unsafe pointer
        unsafe self.free = unsafe free
    }

    deinit {
        unsafe free(pointer)
    }
}
