/// A message as a queue hands it out.
package struct QueueMessage: Sendable, Hashable {
    package var id: String
    /// What it is deleted and kept by; another one each time that it is handed out.
    package var handle: String
    package var body: String
    /// How often it was handed out so far, this time included.
    package var receives: Int

    package init(id: String, handle: String, body: String, receives: Int = 1) {
        self.id = id
        self.handle = handle
        self.body = body
        self.receives = receives
    }
}
