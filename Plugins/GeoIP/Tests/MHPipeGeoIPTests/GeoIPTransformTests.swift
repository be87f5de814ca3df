import Foundation
import MHPipeKit
import MHPipeTesting
import Testing

@testable import MHPipeGeoIP

@Suite struct GeoIPTransformTests {
    /// What is added to a record with the address, as the `jsonl` sink writes it; nothing for nothing.
    private func added(to address: String, _ options: String) throws -> String {
        let start = #"{"sourceIPAddress":"\#(address)""#
        let lines = try PluginTrial.lines(GeoIPTransform.self, options, records: [start + "}"])
        let line = try #require(lines.first)
        #expect(lines.count == 1)
        #expect(line.hasPrefix(start) && line.hasSuffix("}"))
        return String(line.dropFirst(start.count).dropLast())
    }

    private static let munich =
        #","geo":{"country":"DE","country_name":"Germany","network":"192.0.2.0/24","continent":"EU","city":"Munich"}"#
    private static let germany =
        #","geo":{"country":"DE","country_name":"Germany","network":"2001:db8:6e1b::/48","continent":"EU"}"#
    private static let saintLouis =
        #","geo":{"country":"US","country_name":"United States","network":"198.51.100.0/25","continent":"NA","#
        + #""city":"St. \"Louis\""}"#

    @Test(arguments: [
        ("192.0.2.7", munich),
        ("::ffff:192.0.2.7", munich),
        ("::ffff:c000:207", munich),
        ("198.51.100.1", saintLouis),
        ("203.0.113.70", #","geo":{"network":"203.0.113.64/26","continent":"AN"}"#),
        ("2001:db8:6e1b:792d::f671", germany),
    ])
    func addsWhatTheDatabaseHas(address: String, expected: String) throws {
        #expect(try added(to: address, "database: \(TestDatabases.city)") == expected)
    }

    @Test(arguments: [
        "10.0.0.1", "2001:db8::1", "8.8.8.8", "AWS Internal", "cloudformation.amazonaws.com", "localhost", "", "127.1",
    ])
    func addsNothingToWhatItDoesNotKnow(address: String) throws {
        #expect(try added(to: address, "database: \(TestDatabases.city)") == "")
    }

    @Test(arguments: [
        #"{}"#, #"{"sourceIPAddress":null}"#, #"{"sourceIPAddress":1.1}"#, #"{"sourceIPAddress":["192.0.2.7"]}"#,
        #"{"sourceIPAddress":{"a":"192.0.2.7"}}"#,
    ])
    func addsNothingToARecordWithoutAnAddress(record: String) throws {
        let lines = try PluginTrial.lines(GeoIPTransform.self, "database: \(TestDatabases.city)", records: [record])
        #expect(lines == [record])
    }

    @Test func addsTheOwnerOfANetwork() throws {
        let options = try "database: \(TestDatabases.owners)\nas: owner"
        let small = #","owner":{"network":"192.0.2.0/24","asn":64496,"organization":"Example Networks"}"#
        #expect(try added(to: "192.0.2.7", options) == small)
        let large = #","owner":{"network":"198.51.100.0/24","asn":4200000000,"organization":"Größe & Söhne"}"#
        #expect(try added(to: "198.51.100.255", options) == large)
    }

    @Test func namesPlacesInTheLanguageWhereItCan() throws {
        let options = try "database: \(TestDatabases.city)\nlanguage: de"
        let german = Self.munich.replacing("Germany", with: "Deutschland").replacing("Munich", with: "München")
        #expect(try added(to: "192.0.2.7", options) == german)
        #expect(try added(to: "198.51.100.1", options) == Self.saintLouis)
    }

    @Test func looksUpIPv4InADatabaseOfIPv4() throws {
        let options = try "database: \(TestDatabases.ipv4)"
        #expect(try added(to: "192.0.2.7", options) == Self.munich)
        #expect(try added(to: "::ffff:192.0.2.7", options) == Self.munich)
        #expect(try added(to: "2001:db8:6e1b::1", options) == "")
    }

    @Test func leavesOutWhatAnotherVendorHasElsewhere() throws {
        let expected = #","geo":{"network":"192.0.2.0/24"}"#
        #expect(try added(to: "192.0.2.7", "database: \(TestDatabases.flat)") == expected)
    }

    @Test func readsAnotherField() throws {
        let record = #"{"client":{"ip":"192.0.2.7"},"sourceIPAddress":"198.51.100.1"}"#
        let options = try "database: \(TestDatabases.city)\nfield: client.ip"
        let lines = try PluginTrial.lines(GeoIPTransform.self, options, records: [record])
        #expect(lines == [record.dropLast() + Self.munich + "}"])
    }

    @Test func readsTheFieldThatItsColumnHides() throws {
        let options = try "database: \(TestDatabases.owners)\nas: sourceIPAddress"
        let records = [#"{"sourceIPAddress":"192.0.2.7"}"#]
        let lines = try PluginTrial.lines(GeoIPTransform.self, options, records: records)
        let object = #"{"network":"192.0.2.0/24","asn":64496,"organization":"Example Networks"}"#
        #expect(lines == [#"{"sourceIPAddress":\#(object)}"#])
    }

    @Test func saysTheSameWhenItsMemoryHasRunFull() throws {
        let addresses = (0..<20_000).map { "192.0.\($0 / 256).\($0 % 256)" }
        let records = (addresses + addresses).map { #"{"sourceIPAddress":"\#($0)"}"# }
        let lines = try PluginTrial.lines(GeoIPTransform.self, "database: \(TestDatabases.city)", records: records)
        #expect(lines.prefix(addresses.count).elementsEqual(lines.suffix(addresses.count)))
        #expect(lines.count { $0.hasSuffix(Self.munich + "}") } == 512)
        #expect(lines.count { $0.contains("geo") } == 512)
    }

    @Test func endsTheRunWhenTheSearchTreeIsDamaged() throws {
        let path = try TestDatabases.damaged("tree") { data in
            // The first nodes; each record then leads far behind the end.
            for index in 0..<300 { data[index] = 0xff }
        }
        let error = try #require(throws: StageError.self) { try added(to: "192.0.2.7", "database: \(path)") }
        #expect(error.message.hasPrefix("cannot look up '192.0.2.7' in '\(path)': "))
        #expect(error.advice == "the database is damaged; fetch it anew")
    }

    @Test(arguments: [
        ("nowhere.mmdb", "cannot be read: 'nowhere.mmdb': No such file or directory"),
        ("-", "needs a file, since standard input cannot be searched"),
        (
            #filePath,
            "needs a database in MaxMind's format: '\(#filePath)' is none, or damaged"
                + " (The MaxMind DB file contains invalid metadata)"
        ),
    ])
    func refusesWhatIsNoDatabase(path: String, message: String) throws {
        let error = try #require(throws: OptionError.self) { try added(to: "192.0.2.7", "database: '\(path)'") }
        #expect(error.option == "database")
        #expect(error.message == message)
    }

    @Test func refusesADatabaseThatIsCutShort() throws {
        let path = try TestDatabases.damaged("cut") { $0.removeLast($0.count / 3) }
        let error = try #require(throws: OptionError.self) { try added(to: "192.0.2.7", "database: \(path)") }
        #expect(
            error.description.hasPrefix(
                "'database' needs a database in MaxMind's format: '\(path)' is none, or damaged"
            )
        )
    }

    @Test func refusesALanguageThatTheDatabaseLacks() throws {
        let path = try TestDatabases.city
        let expected = OptionError(option: "language", "needs a language of '\(path)' (de, en), not 'fr'")
        #expect(throws: expected) { try added(to: "192.0.2.7", "database: \(path)\nlanguage: fr") }
    }

    @Test func refusesAColumnWithoutAName() throws {
        let expected = OptionError(option: "as", "needs a key, not an empty text")
        #expect(throws: expected) { try added(to: "192.0.2.7", "database: \(TestDatabases.city)\nas: ''") }
    }
}
