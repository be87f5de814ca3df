/// An output that keeps what it needs to be put in its place again, until nobody will ask for that.
package protocol ForgettingOutput {
    /// Removes what is kept; called when all outputs of a run are in their places and the state no longer says of the run,
    /// also where this was never opened.
    func forget()
}

extension Sink {
    /// What it writes to, where that keeps something behind the commit.
    package var forgetting: (any ForgettingOutput)? { (self as? any FileSink)?.output as? any ForgettingOutput }
}
