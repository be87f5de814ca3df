/// A request of HTTP, whole, and how long its answer may take.
package struct HTTPRequest: Sendable {
    package var method: String
    /// The address, encoded as it is sent.
    package var url: String
    /// Names and values; a value holds no line break.
    package var headers: [(name: String, value: String)]
    /// Nil for none, which is not the same as an empty one.
    package var body: [UInt8]?
    /// More bytes than these are not taken, and the answer fails.
    package var mostBytes: Int
    /// True for what is asked of the machine itself, which no proxy can answer.
    package var bypassesProxy = false
    package var connectTimeout: Duration = .seconds(10)
    /// How long it may stand still.
    package var stallTimeout: Duration = .seconds(20)
    /// How long all of it may take; nil for as long as it moves.
    package var timeout: Duration?

    package init(
        _ method: String = "GET",
        _ url: String,
        headers: [(name: String, value: String)] = [],
        body: [UInt8]? = nil,
        mostBytes: Int = 4 << 20
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.mostBytes = mostBytes
    }
}

/// What a server answered.
package struct HTTPResponse: Sendable {
    package var status: Int
    var head: HTTPHeaders
    package var body: [UInt8]

    package init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        head = HTTPHeaders(headers)
        self.body = body
    }

    /// Names in lower case; of two of one name the later stands behind.
    package var headers: [(name: String, value: String)] { head.all }

    /// The last header of a name, in lower case.
    package subscript(name: String) -> String? { head[name] }

    /// The same with no body, to be kept for its headers.
    package var withoutBody: HTTPResponse {
        var response = self
        response.body = []
        return response
    }

    /// True when the server did what it was asked.
    package var isSuccess: Bool { 200..<300 ~= status }

    /// True when the body is an error of S3, whatever the status says.
    var isError: Bool {
        var reader = XMLReader(body)
        return reader.next() == .start("Error")
    }
}

/// Why an answer did not come, or not all of it.
package struct HTTPFailure: Error, Sendable, CustomStringConvertible {
    package enum Kind: Sendable {
        /// No such host, nobody listens, or nobody answers there.
        case noConnection
        /// The server is not who it should be, or its certificate cannot be checked.
        case untrusted
        /// The connection broke, or stood still for too long.
        case broken
        /// More came than was asked for.
        case tooLong
        /// It was given up.
        case cancelled
        /// Anything else, which would happen again.
        case other
    }

    package var kind: Kind
    package var description: String
    /// What came before it broke, when the head did.
    package var part: HTTPResponse?

    package init(_ kind: Kind, _ description: String, part: HTTPResponse? = nil) {
        self.kind = kind
        self.description = description
        self.part = part
    }

    /// True when the same request may succeed a little later.
    package var mayPass: Bool { kind == .noConnection || kind == .broken }
}
