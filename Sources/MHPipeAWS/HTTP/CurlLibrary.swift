import CCurl
import MHPipeIO
import MHPipeKit

/// The functions of libcurl that are used, loaded when a server is first asked for something, so that nobody else needs it.
@safe
struct CurlLibrary: @unchecked Sendable /* addresses of functions, set once */ {
    /// The library, or why it is not there.
    static let shared: Result<CurlLibrary, any Error> = Result { try CurlLibrary() }

    /// `curl_easy_setopt`, which the functions of the shim call.
    let setOption: UnsafeMutableRawPointer
    /// `curl_easy_getinfo`.
    let getInformation: UnsafeMutableRawPointer
    /// `curl_multi_setopt`.
    let setOptionOfAll: UnsafeMutableRawPointer
    let makeTransfer: @convention(c) () -> UnsafeMutableRawPointer?
    let resetTransfer: @convention(c) (UnsafeMutableRawPointer) -> Void
    let freeTransfer: @convention(c) (UnsafeMutableRawPointer) -> Void
    let errorText: @convention(c) (Int32) -> UnsafePointer<CChar>?
    let appendHeader: @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<CChar>) -> UnsafeMutableRawPointer?
    let freeHeaders: @convention(c) (UnsafeMutableRawPointer?) -> Void
    let makeAll: @convention(c) () -> UnsafeMutableRawPointer?
    let freeAll: @convention(c) (UnsafeMutableRawPointer) -> Int32
    let add: @convention(c) (UnsafeMutableRawPointer, UnsafeMutableRawPointer) -> Int32
    let remove: @convention(c) (UnsafeMutableRawPointer, UnsafeMutableRawPointer) -> Int32
    let act: @convention(c) (UnsafeMutableRawPointer, Int32, Int32, UnsafeMutablePointer<Int32>) -> Int32
    let readMessage:
        @convention(c) (UnsafeMutableRawPointer, UnsafeMutablePointer<Int32>) -> UnsafeMutablePointer<CurlMessage>?

    private static let failure = StageError(
        "cannot load libcurl 7.68 or later, which talks to AWS",
        advice: "install it: package libcurl4 or libcurl, with Homebrew curl"
    )

    private static let names = [
        "libcurl.so.4", "libcurl-gnutls.so.4", "libcurl.4.dylib", "/opt/homebrew/opt/curl/lib/libcurl.4.dylib",
        "/usr/local/opt/curl/lib/libcurl.4.dylib",
    ]

    private init() throws {
        let library = try LoadedLibrary(Self.names, failure: Self.failure)
        unsafe setOption = try unsafe library.address("curl_easy_setopt")
        unsafe getInformation = try unsafe library.address("curl_easy_getinfo")
        unsafe setOptionOfAll = try unsafe library.address("curl_multi_setopt")
        unsafe makeTransfer = try unsafe library.function("curl_easy_init")
        unsafe resetTransfer = try unsafe library.function("curl_easy_reset")
        unsafe freeTransfer = try unsafe library.function("curl_easy_cleanup")
        unsafe errorText = try unsafe library.function("curl_easy_strerror")
        unsafe appendHeader = try unsafe library.function("curl_slist_append")
        unsafe freeHeaders = try unsafe library.function("curl_slist_free_all")
        unsafe makeAll = try unsafe library.function("curl_multi_init")
        unsafe freeAll = try unsafe library.function("curl_multi_cleanup")
        unsafe add = try unsafe library.function("curl_multi_add_handle")
        unsafe remove = try unsafe library.function("curl_multi_remove_handle")
        unsafe act = try unsafe library.function("curl_multi_socket_action")
        unsafe readMessage = try unsafe library.function("curl_multi_info_read")
        // Before any thread of ours; the one that loads it is the only one here.
        let start: @convention(c) (Int) -> Int32 = try library.function("curl_global_init")
        guard start(Int(CurlGlobalAll)) == 0 else { throw Self.failure }
    }
}
