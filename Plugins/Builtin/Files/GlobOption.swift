package import MHPipeIO
package import MHPipeKit

extension Glob: OptionValue {
    package static var typeName: String { "a pattern such as **/*.json.gz" }

    package init(config node: ConfigNode) throws(OptionError) {
        guard let text = node.text else { throw OptionError("needs a pattern, not \(node.kindName)") }
        do {
            try self.init(text)
        } catch {
            throw OptionError("needs a pattern such as **/*.json.gz, not '\(text)': \(error)")
        }
    }

    package var optionText: String { text }
}
