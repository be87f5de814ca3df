/// One unit of work of a source.
public protocol SourceUnit: Sendable {
    /// The name that messages, quarantine and `EventOrigin` show: a path, or `-`.
    var name: String { get }

    /// Which unit it is, in this run and in later ones; by default its name alone.
    var id: UnitID { get }

    /// The bytes to read, as they are stored, when that is known; for the progress display.
    var size: Int? { get }

    /// What is known of the unit before it is read; nothing by default.
    ///
    /// The runtime asks when the unit is open, or when it turned out that it cannot be opened.
    var facts: UnitFacts { get }

    /// Begins what takes long before the unit can be read, such as asking a server for it, and does not wait for it.
    ///
    /// Called once at most, on the source's queue, for the units of a list with `UnitList.readAhead` that are going to be
    /// read, before any `open`; not for those that an earlier run is done with.
    func prepare()

    /// Opens the unit.
    ///
    /// Called on the queue of the worker that reads it: once, or a second time after the first stream was let go of, when
    /// `size` is known and the pipeline asks for files to be checked before they are read.
    ///
    /// - Returns: The stream, from the first byte.
    /// - Throws: `StageError` when it cannot be opened: the unit is reported and counted, the run goes on. The report puts
    ///   the unit's name before the message, so that `cannot be opened: Permission denied` is all it has to say. One with
    ///   `endsRun` fails the run.
    func open() throws -> any ByteStream
}

extension SourceUnit {
    /// The name alone.
    public var id: UnitID { UnitID(name) }

    /// Nothing is known.
    public var facts: UnitFacts { UnitFacts() }

    /// Nothing takes long.
    public func prepare() {}
}

/// Which unit it is, in this run and in later ones.
public struct UnitID: Sendable, Hashable {
    /// What the unit is called where it is stored, in its bytes: a path, or a key.
    public var name: [UInt8]
    /// What changes when the content does: size and time of a file, the ETag of an object; nil when nobody can tell.
    public var version: String?

    /// Takes a name in its bytes.
    ///
    /// - Parameters:
    ///   - name: The path or key; no other unit of the source has it.
    ///   - version: What changes when the content does.
    public init(name: [UInt8], version: String? = nil) {
        self.name = name
        self.version = version
    }

    /// Takes a name that is a text.
    ///
    /// - Parameters:
    ///   - name: The path or key; no other unit of the source has it.
    ///   - version: What changes when the content does.
    public init(_ name: String, version: String? = nil) {
        self.init(name: Array(name.utf8), version: version)
    }

    /// The name for messages; bytes that are no UTF-8 stand as U+FFFD.
    public var displayName: String { String(decoding: name, as: UTF8.self) }
}

/// What is known of a unit before it is read, from its name or from where it is stored.
public struct UnitFacts: Sendable, Hashable {
    /// A field that every event of a unit gets.
    public struct Column: Sendable, Hashable {
        /// The top-level key.
        public var name: String
        /// Its value, a JSON text.
        public var json: String

        /// States a column.
        ///
        /// - Parameters:
        ///   - name: The top-level key; `Source.adds` names it.
        ///   - json: Its value, a JSON text (RFC 8259).
        public init(_ name: String, json: String) {
            self.name = name
            self.json = json
        }
    }

    /// The account whose events it holds, 12 digits.
    public var account: String?
    /// The region whose events it holds.
    public var region: String?
    /// The time of its events, all of them.
    public var time: Range<Timestamp>?
    /// When it was delivered to where it is stored, as exactly as that is known: a day, or a minute; its events are older.
    public var delivered: Range<Timestamp>?
    /// A field that all its events get, as if a transform had added it.
    public var column: Column?

    /// Knows what it is told.
    ///
    /// - Parameters:
    ///   - account: The account whose events it holds, 12 digits.
    ///   - region: The region whose events it holds.
    ///   - time: The time of its events, all of them.
    ///   - delivered: When it was delivered.
    ///   - column: A field that all its events get.
    public init(
        account: String? = nil,
        region: String? = nil,
        time: Range<Timestamp>? = nil,
        delivered: Range<Timestamp>? = nil,
        column: Column? = nil
    ) {
        self.account = account
        self.region = region
        self.time = time
        self.delivered = delivered
        self.column = column
    }

    /// Knows what the key says under which CloudTrail delivered a file, with any prefix; nothing for other paths.
    ///
    /// - Parameter path: The path or address of the file, such as `EventOrigin.unit`.
    public init(cloudTrailKey path: String) {
        self.init(CloudTrailKey(file: Array(path.utf8)))
    }

    package init(_ key: CloudTrailKey?) {
        self.init(account: key?.account, region: key?.region, delivered: key?.delivered)
    }
}
