import MHPipeKit

/// Fields by their paths, as one JSON object: `a.b` and `a.c` stand in one object `a`.
struct GroupText {
    private indirect enum Node {
        case value([UInt8])
        case object([(key: String, node: Node)])
    }

    private var members: [(key: String, node: Node)] = []

    /// Adds the JSON text of a field; a field below one that is there already as a value is left out.
    mutating func add(_ keys: [String], _ json: [UInt8]) {
        Self.add(keys[...], json, to: &members)
    }

    /// The object.
    var json: [UInt8] {
        var json: [UInt8] = []
        Self.append(members, to: &json)
        return json
    }

    private static func add(_ keys: ArraySlice<String>, _ json: [UInt8], to members: inout [(key: String, node: Node)])
    {
        guard let key = keys.first else { return }
        let place = members.firstIndex { $0.key == key }
        guard keys.count > 1 else {
            if place == nil { members.append((key, .value(json))) }
            return
        }
        guard let place else {
            var below: [(key: String, node: Node)] = []
            add(keys.dropFirst(), json, to: &below)
            members.append((key, .object(below)))
            return
        }
        guard case .object(var below) = members[place].node else { return }
        add(keys.dropFirst(), json, to: &below)
        members[place].node = .object(below)
    }

    private static func append(_ members: [(key: String, node: Node)], to json: inout [UInt8]) {
        json.append(UInt8(ascii: "{"))
        for (number, member) in members.enumerated() {
            if number > 0 { json.append(UInt8(ascii: ",")) }
            json.append(UInt8(ascii: "\""))
            JSONText.escape(member.key.utf8, into: &json)
            json += Array("\":".utf8)
            switch member.node {
            case .value(let text): json += text
            case .object(let below): append(below, to: &json)
            }
        }
        json.append(UInt8(ascii: "}"))
    }
}
