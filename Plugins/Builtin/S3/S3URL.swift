import MHPipeAWS
import MHPipeKit

/// The address of a bucket, a folder in it or an object, as an option.
struct S3URL: OptionValue, Hashable {
    let location: S3Location

    static var typeName: String { "an address such as s3://bucket/prefix" }

    init(_ location: S3Location) {
        self.location = location
    }

    init(config node: ConfigNode) throws(OptionError) {
        guard let location = node.text.flatMap({ S3Location($0) }) else {
            throw OptionError("needs an address such as s3://bucket/prefix, not \(node.shown)")
        }
        self.location = location
    }

    var optionText: String { location.bucket.isEmpty ? "" : location.url }
}
