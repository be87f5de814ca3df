import MHPipeKit

/// Adds where in the world an event's address is, as a database in MaxMind's format has it.
///
/// Events keep their order and none is dropped. A field that holds no address (AWS writes the name of a service there, or
/// `AWS Internal`), and an address that the database does not know, get nothing; no name is ever resolved. Within the
/// object, what the database does not have is left out.
///
/// What was found is remembered by address, for callers come in rows.
struct GeoIPTransform: Transform {
    static let name = "geoip"
    static let summary = "Adds the country and the network of an event's IP address, from a MaxMind database."

    struct Options: PluginOptions {
        var database: InputPath = ""
        var field = FieldPath("sourceIPAddress")
        var column = "geo"
        var language = "en"

        static let all: [Option<Options>] = [
            .required("database", \.database, "The database, an .mmdb file.", example: "GeoLite2-City.mmdb"),
            .optional("field", \.field, "The field with the address.", example: "client.ip"),
            .optional("as", \.column, "The top-level key under which it is added.", example: "origin"),
            .optional(
                "language",
                \.language,
                "The language of names; English takes its place where a name lacks it.",
                example: "de"
            ),
        ]
    }

    /// The keys, in the order in which they are written.
    private enum Member: String, CaseIterable {
        case country
        case countryName = "country_name"
        case network, continent, city, asn, organization
    }

    private let path: String
    private let fields: FieldSet
    private let layout: ColumnLayout
    private let known: AddedRowCache
    private let language: String
    private let database: MaxMindDatabase

    init(_ options: Options, _ context: PluginContext) throws {
        guard !options.column.isEmpty else { throw OptionError(option: "as", "needs a key, not an empty text") }
        path = options.database.path
        fields = FieldSet([options.field])
        layout = ColumnLayout(options.column, members: Member.allCases.map(\.rawValue))
        known = AddedRowCache(layout)
        language = options.language
        database = try Self.open(path)
        let languages = database.languages
        guard languages.isEmpty || languages.contains(language) else {
            let choices = languages.sorted().joined(separator: ", ")
            throw OptionError(option: "language", "needs a language of '\(path)' (\(choices)), not '\(language)'")
        }
    }

    private static func open(_ path: String) throws -> MaxMindDatabase {
        if path == "-" {
            throw OptionError(option: "database", "needs a file, since standard input cannot be searched")
        }
        do {
            return try MaxMindDatabase(path: path)
        } catch .unreadable(let reason) {
            throw OptionError(option: "database", "cannot be read: '\(path)': \(reason)")
        } catch .unavailable(let reason) {
            // No mistake of the pipeline's.
            throw StageError("cannot read '\(path)': \(reason)")
        } catch .damaged(let reason) {
            throw OptionError(
                option: "database",
                "needs a database in MaxMind's format: '\(path)' is none, or damaged (\(reason))",
                label: "fetch it anew if it was one"
            )
        }
    }

    static func adds(_ options: Options) -> [EventField]? {
        [EventField(options.column, .object(Member.allCases.map { EventField($0.rawValue) }))]
    }

    func process(_ batch: EventBatch) throws {
        var column: AddedColumn?
        try batch.forEach(fields) { values in
            guard values.kind(0) == .string else { return }
            // Not before the field is found: it may be one that the column hides.
            let added = column ?? batch.addColumn(layout)
            column = added
            let row = values.row
            try values.withText(0) { text in
                guard text.count <= IPAddress.mostCharacters else { return }
                try known.fill(added, row: row, for: text) { try look(up: text, for: added, row: row) }
            }
        }
    }

    private func look(up text: Span<UInt8>, for column: AddedColumn, row: Int) throws {
        let text = text.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
        do {
            guard let address = IPAddress(text), let network = try database.network(of: address) else { return }
            for (number, member) in Member.allCases.enumerated() {
                column.set(try value(of: member, address, network), row: row, member: number)
            }
        } catch let failure as MaxMindDatabase.Failure {
            throw StageError(
                "cannot look up '\(text)' in '\(path)': \(failure.reason)",
                advice: "the database is damaged; fetch it anew"
            )
        }
    }

    private func value(
        of member: Member,
        _ address: IPAddress,
        _ network: MaxMindDatabase.Network
    ) throws -> AddedValue? {
        switch member {
        case .country: try database.string("country", "iso_code", of: network).map { .string($0) }
        case .countryName: try name(of: "country", network).map { .string($0) }
        case .network: .string(address.network(bits: network.bits))
        case .continent: try database.string("continent", "code", of: network).map { .string($0) }
        case .city: try name(of: "city", network).map { .string($0) }
        case .asn: try database.number("autonomous_system_number", of: network).map { .int($0) }
        case .organization: try database.string("autonomous_system_organization", of: network).map { .string($0) }
        }
    }

    private func name(of place: String, _ network: MaxMindDatabase.Network) throws -> String? {
        try database.string(place, "names", language, of: network) ?? database.string(place, "names", "en", of: network)
    }
}
