import CMicroHTTP
import Libc
import MHPipeKit

/// The functions of libmicrohttpd that are used, loaded when a server is first wanted, so that nobody else needs it.
@safe
struct MicroHTTPLibrary: @unchecked Sendable /* addresses of functions, set once */ {
    /// The library, or why it is not there.
    static let shared: Result<MicroHTTPLibrary, any Error> = Result { try MicroHTTPLibrary() }

    /// `MHD_start_daemon`, which `microhttp_start` calls.
    let start: UnsafeMutableRawPointer
    /// `MHD_stop_daemon`.
    let stop: @convention(c) (OpaquePointer) -> Void
    /// `MHD_create_response_from_buffer`.
    let makeResponse: @convention(c) (Int, UnsafeMutableRawPointer?, Int32) -> OpaquePointer?
    /// `MHD_add_response_header`.
    let addHeader: @convention(c) (OpaquePointer, UnsafePointer<CChar>, UnsafePointer<CChar>) -> Int32
    /// `MHD_queue_response`.
    let queue: @convention(c) (OpaquePointer, UInt32, OpaquePointer) -> Int32
    /// `MHD_destroy_response`.
    let destroyResponse: @convention(c) (OpaquePointer) -> Void

    private static let failure = StageError(
        "cannot load libmicrohttpd, which serves the metrics",
        advice: "install it: package libmicrohttpd12 or libmicrohttpd, with Homebrew libmicrohttpd;\n"
            + "or write them to a file, with --metrics-file"
    )

    private static let names = [
        "libmicrohttpd.so.12", "libmicrohttpd.12.dylib", "/opt/homebrew/opt/libmicrohttpd/lib/libmicrohttpd.12.dylib",
        "/usr/local/opt/libmicrohttpd/lib/libmicrohttpd.12.dylib",
    ]

    private init() throws {
        let library = try LoadedLibrary(Self.names, failure: Self.failure)
        unsafe start = try library.address("MHD_start_daemon")
        unsafe stop = try unsafe library.function("MHD_stop_daemon")
        unsafe makeResponse = try unsafe library.function("MHD_create_response_from_buffer")
        unsafe addHeader = try unsafe library.function("MHD_add_response_header")
        unsafe queue = try unsafe library.function("MHD_queue_response")
        unsafe destroyResponse = try unsafe library.function("MHD_destroy_response")
    }
}
