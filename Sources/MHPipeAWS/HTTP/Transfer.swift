import CCurl
import Libc

/// One request on its way, and what came of its answer; used on the client's thread only.
///
/// Invariant: what libcurl was given addresses of stays where it is until `free`.
@safe
final class Transfer {
    let completion: HTTPClient.Completion
    private let request: HTTPRequest
    private var response = HTTPResponse(status: 0)
    private var headerLines: UnsafeMutableRawPointer?
    private let body: UnsafeMutableBufferPointer<UInt8>?
    private let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: 256)
    /// True once more came than was asked for.
    private var isTooLong = false

    init(_ request: HTTPRequest, _ completion: @escaping HTTPClient.Completion) {
        self.request = request
        self.completion = completion
        unsafe errorText.pointee = 0
        unsafe body = unsafe request.body.map { bytes in
            let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(bytes.count, 1))
            _ = unsafe copy.initialize(from: bytes)
            return unsafe copy
        }
    }

    /// Lets go of what libcurl had addresses of.
    func free(_ library: CurlLibrary) {
        unsafe library.freeHeaders(headerLines)
        unsafe headerLines = nil
        unsafe body?.deallocate()
        unsafe errorText.deallocate()
    }

    /// Tells libcurl all about the request; false when there is no memory for it.
    func setUp(_ handle: UnsafeMutableRawPointer, _ library: CurlLibrary, _ settings: HTTPClient.Settings) -> Bool {
        let option = unsafe Setter(library: library, handle: handle)
        option.set(CurlURL, request.url)
        option.set(CurlNoSignal, 1)
        option.set(CurlPathAsIs, 1)
        option.set(CurlHTTPVersion, Int(CurlHTTP11))
        option.set(CurlKeepAlive, 1)
        option.set(CurlBufferSize, 256 << 10)
        option.set(CurlVerifyPeer, 1)
        option.set(CurlVerifyHost, 2)
        if let file = settings.certificates {
            option.set(CurlCertificateFile, file)
            // Else those of the system's folder would be trusted beside them.
            unsafe option.set(CurlCertificateFolder, nil as UnsafeRawPointer?)
        }
        if request.bypassesProxy {
            option.set(CurlNoProxy, "*")
        } else if let proxy = settings.proxy {
            option.set(CurlProxy, proxy)
        }
        option.set(CurlConnectTimeoutMilliseconds, request.connectTimeout.wholeMilliseconds)
        option.set(CurlLowSpeedLimit, 1)
        option.set(CurlLowSpeedTime, max(1, request.stallTimeout.wholeMilliseconds / 1000))
        if let timeout = request.timeout { option.set(CurlTimeoutMilliseconds, timeout.wholeMilliseconds) }
        switch request.method {
        case "HEAD": option.set(CurlNoBody, 1)
        case "GET" where unsafe body == nil: break
        default: option.set(CurlCustomMethod, request.method)
        }
        if let body = unsafe body, let count = request.body?.count {
            option.setSize(CurlPostFieldSize, count)
            unsafe option.set(CurlPostFields, UnsafeRawPointer(body.baseAddress))
        }
        guard setHeaders(library) else { return false }
        unsafe option.set(CurlHeaders, UnsafeRawPointer(headerLines))
        unsafe option.set(CurlErrorText, UnsafeRawPointer(errorText))
        let context = unsafe UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque())
        unsafe option.set(CurlWriteContext, context)
        unsafe option.set(CurlHeaderContext, context)
        unsafe option.set(CurlWriteFunction) { bytes, size, count, context in
            unsafe Transfer.take(bytes, size * count, context) { unsafe $0.takeBody($1) }
        }
        unsafe option.set(CurlHeaderFunction) { bytes, size, count, context in
            unsafe Transfer.take(bytes, size * count, context) { unsafe $0.takeHeader($1) }
        }
        return true
    }

    /// A body gets no type and no announcement but those that were asked for.
    private func setHeaders(_ library: CurlLibrary) -> Bool {
        var lines = request.headers.map { "\($0.name)\($0.value.isEmpty ? ";" : ": \($0.value)")" }
        if unsafe body != nil {
            lines.append("Expect:")
            if !request.headers.contains(where: { $0.name.lowercased() == "content-type" }) {
                lines.append("Content-Type: application/octet-stream")
            }
        }
        for line in lines {
            guard let longer = unsafe library.appendHeader(headerLines, line) else { return false }
            unsafe headerLines = unsafe longer
        }
        return true
    }

    // MARK: - The answer

    private static func take(
        _ bytes: UnsafeMutablePointer<CChar>?,
        _ count: Int,
        _ context: UnsafeMutableRawPointer?,
        _ taker: (Transfer, UnsafeRawBufferPointer) -> Bool
    ) -> Int {
        guard let context = unsafe context else { return 0 }
        let transfer = unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
        return unsafe taker(transfer, UnsafeRawBufferPointer(start: bytes, count: count)) ? count : 0
    }

    private func takeBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard response.body.count + bytes.count <= request.mostBytes else {
            isTooLong = true
            return false
        }
        if response.body.isEmpty, let length = response["content-length"].flatMap({ Int($0) }) {
            response.body.reserveCapacity(min(length, request.mostBytes))
        }
        unsafe response.body.append(contentsOf: bytes)
        return true
    }

    private func takeHeader(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var line = unsafe bytes[...]
        while let last = unsafe line.last, last == UInt8(ascii: "\r") || last == UInt8(ascii: "\n") {
            unsafe line.removeLast()
        }
        if unsafe line.starts(with: Self.statusLine) {
            // Another head: what came before was of a proxy, or an interim answer.
            response = HTTPResponse(status: 0)
        } else {
            unsafe response.head.append(UnsafeRawBufferPointer(rebasing: line))
        }
        return response.head.count < 1000
    }

    private static let statusLine = Array("HTTP/".utf8)

    /// What came of it, by libcurl's result.
    func outcome(
        _ result: Int32,
        _ handle: UnsafeMutableRawPointer,
        _ library: CurlLibrary
    ) -> Result<HTTPResponse, HTTPFailure> {
        var status = 0
        _ = unsafe curl_shim_get_number(library.getInformation, handle, Int32(CurlResponseStatus), &status)
        response.status = status
        if result == 0 { return .success(response) }
        if isTooLong {
            return .failure(HTTPFailure(.tooLong, "the answer is longer than \(request.mostBytes) bytes"))
        }
        let said = unsafe String(cString: errorText)
        let text =
            unsafe said.isEmpty
            ? library.errorText(result).map { unsafe String(cString: $0) } ?? "error \(result)" : said
        let part = status == 0 ? nil : response
        return .failure(HTTPFailure(Self.kind(result), text, part: part))
    }

    private static func kind(_ result: Int32) -> HTTPFailure.Kind {
        switch Int(result) {
        case Int(CurlCouldNotResolveProxy), Int(CurlCouldNotResolveHost), Int(CurlCouldNotConnect): .noConnection
        case Int(CurlCertificateRefused), Int(CurlCertificateFileBad): .untrusted
        case Int(CurlPartialFile), Int(CurlTimedOut), Int(CurlTLSHandshakeFailed), Int(CurlGotNothing),
            Int(CurlSendError),
            Int(CurlReceiveError):
            .broken
        default: .other
        }
    }

    /// Sets options of one transfer.
    @safe
    private struct Setter {
        let library: CurlLibrary
        let handle: UnsafeMutableRawPointer

        func set(_ option: some BinaryInteger, _ value: Int) {
            _ = unsafe curl_shim_set_number(library.setOption, handle, Int32(option), value)
        }

        /// libcurl copies a text.
        func set(_ option: some BinaryInteger, _ value: String) {
            _ = unsafe value.withCString { unsafe curl_shim_set_address(library.setOption, handle, Int32(option), $0) }
        }

        func set(_ option: some BinaryInteger, _ value: UnsafeRawPointer?) {
            _ = unsafe curl_shim_set_address(library.setOption, handle, Int32(option), value)
        }

        func setSize(_ option: some BinaryInteger, _ value: Int) {
            _ = unsafe curl_shim_set_size(library.setOption, handle, Int32(option), Int64(value))
        }

        func set(_ option: some BinaryInteger, _ value: @escaping CurlTaker) {
            _ = unsafe curl_shim_set_taker(library.setOption, handle, Int32(option), value)
        }
    }
}

extension Duration {
    /// At least 1.
    fileprivate var wholeMilliseconds: Int {
        let (seconds, attoseconds) = components
        return max(1, Int(min(seconds, 1 << 30)) * 1000 + Int(attoseconds / 1_000_000_000_000_000))
    }
}
