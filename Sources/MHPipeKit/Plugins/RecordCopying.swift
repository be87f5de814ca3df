/// An encoder that may write the records themselves, without a look at what is in them.
///
/// Where nobody else looks either, the runtime proves of a record that it is sound, and finds none of its members: the index
/// has nothing but its braces. What was added to an event stands in columns as ever.
package protocol RecordCopying: EventEncoder {
    /// True for one that writes every record as it is.
    var copiesRecords: Bool { get }
}
