/// A source that reads all below an address of a bucket, so that no sink may write there.
package protocol BucketReading: Source {
    /// The address: `s3://bucket/prefix`.
    static func address(_ options: Options) -> String
}
