/// The name of an AWS region, as an option.
package struct RegionName: OptionValue, Hashable {
    package let text: String

    package static var typeName: String { "a region such as us-east-1" }

    package init(config node: ConfigNode) throws(OptionError) {
        guard let text = node.text, !text.isEmpty else {
            throw OptionError("needs a region such as us-east-1, not \(node.shown)")
        }
        self.text = text
    }

    package var optionText: String { text }

    /// What to say of a name that AWS has not announced; there may be new ones.
    var warning: OptionWarning? {
        guard !Self.known.contains(text) else { return nil }
        let meant =
            Self.known.contains(text.lowercased()) ? text.lowercased() : Suggestion.nearest(to: text, among: Self.known)
        return OptionWarning(
            option: "regions",
            "'\(text)' is no region that is known" + (meant.map { "; did you mean '\($0)'?" } ?? ""),
            notes: ["events are compared with it as it is written, and 'awsRegion' has names such as us-east-1"],
            at: text
        )
    }

    private static let known = """
        us-east-1 us-east-2 us-west-1 us-west-2 af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3
        ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6
        ap-southeast-7 ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2
        eu-west-3 il-central-1 me-central-1 me-south-1 mx-central-1 sa-east-1 cn-north-1 cn-northwest-1 us-gov-east-1
        us-gov-west-1 eusc-de-east-1 us-iso-east-1 us-iso-west-1 us-isob-east-1 us-isob-west-1 us-isof-east-1
        us-isof-south-1 eu-isoe-west-1
        """
        .split { $0 == " " || $0 == "\n" }.map(String.init)
}
