import MHPipeKit

/// What `migration` says about the request of one event.
///
/// One instance serves all events of a transform, so that its memory is used again.
struct MigrationRequest {
    private var parameters = RequestParameters()
    private var nested = RequestParameters()

    /// Takes the request of another event.
    ///
    /// - Parameters:
    ///   - position: The index position of `requestParameters`; 0 for a record without.
    ///   - reader: Reads the batch.
    mutating func read(_ position: Int, _ reader: TextReader) {
        parameters.read(position, reader)
    }

    /// The flag of a parameter that is a boolean, or the string `true` or `false`.
    func flag(_ name: StaticString, _ reader: TextReader) -> Bool? {
        let position = parameters.position(name)
        return position == 0 ? nil : reader.cursor.slice(position).flag
    }

    /// The text of a parameter, or a missing slice.
    func text(_ name: StaticString, _ reader: TextReader) -> JSONSlice {
        let position = parameters.position(name)
        return position == 0 ? .missing : reader.text(position)
    }

    /// The value of a member of a parameter that is an object, whatever it is, or a missing slice.
    mutating func member(_ name: StaticString, of parameter: StaticString, _ reader: TextReader) -> JSONSlice {
        nested.read(parameters.position(parameter), reader)
        let position = nested.position(name)
        return position == 0 ? .missing : reader.cursor.slice(position)
    }

    /// The text of a member of a parameter that is an object, or a missing slice.
    mutating func text(_ name: StaticString, of parameter: StaticString, _ reader: TextReader) -> JSONSlice {
        let value = member(name, of: parameter, reader)
        return unsafe value.kind == .string && !value.bytes.isEmpty ? reader.column.normalized(value) : .missing
    }

    /// The first of the parameters that name a resource: what the request is most about.
    mutating func resource(_ reader: TextReader) -> JSONSlice {
        for parameter in Self.resourceParameters {
            let found: JSONSlice
            if let member = parameter.member {
                nested.read(parameters.position(parameter.name), reader)
                let position = nested.position(member)
                found = position == 0 ? .missing : Self.textOrFirstElement(position, reader)
            } else {
                let position = parameters.position(parameter.name)
                found = position == 0 ? .missing : Self.textOrFirstElement(position, reader)
            }
            if found.isPresent { return found }
        }
        return .missing
    }

    /// A string, or the first string that is not empty in an array.
    private static func textOrFirstElement(_ position: Int, _ reader: TextReader) -> JSONSlice {
        let cursor = reader.cursor
        guard cursor.byte(at: position) == UInt8(ascii: "[") else { return reader.text(position) }
        var next = position + 1
        while cursor.byte(at: next) != UInt8(ascii: "]") {
            let text = reader.text(next)
            if text.isPresent { return text }
            next = cursor.skip(next)
            if cursor.byte(at: next) == UInt8(ascii: ",") { next += 1 }
        }
        return .missing
    }

    private struct ResourceParameter {
        let name: StaticString
        var member: StaticString?

        init(_ name: StaticString, member: StaticString? = nil) {
            self.name = name
            self.member = member
        }
    }

    /// Ids before names, what is meant before what holds it, one thing before lists of things.
    private static let resourceParameters: [ResourceParameter] = [
        ResourceParameter("resourceArn"), ResourceParameter("connectionArn"), ResourceParameter("identifier"),
        ResourceParameter("id"), ResourceParameter("routeIdentifier"), ResourceParameter("serviceIdentifier"),
        ResourceParameter("applicationIdentifier"), ResourceParameter("environmentIdentifier"),
        ResourceParameter("stepGroupId"), ResourceParameter("workflowId"), ResourceParameter("templateId"),
        ResourceParameter("applicationComponentId"), ResourceParameter("serverId"), ResourceParameter("assessmentId"),
        ResourceParameter("groupId"), ResourceParameter("createdArtifactName"),
        ResourceParameter("createdArtifact", member: "name"), ResourceParameter("sourceResourceName"),
        ResourceParameter("sourceResource", member: "name"),
        ResourceParameter("discoveredResource", member: "configurationId"), ResourceParameter("configurationId"),
        ResourceParameter("resourceName"), ResourceParameter("controlId"), ResourceParameter("homeRegion"),
        ResourceParameter("taskId"), ResourceParameter("exportId"), ResourceParameter("applicationConfigurationId"),
        ResourceParameter("applicationIds"), ResourceParameter("configurationIds"), ResourceParameter("agentIds"),
        ResourceParameter("exportIds"), ResourceParameter("importTaskIds"), ResourceParameter("deleteAgents"),
        ResourceParameter("neighborConfigurationIds"), ResourceParameter("vpcId"),
    ]
}
