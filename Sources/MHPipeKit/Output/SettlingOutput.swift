/// An output that keeps what it needs to be put in its place again, until nobody will ask for that.
package protocol SettlingOutput {
    /// Forgets it; called when all outputs of a run are in their places, and the state no longer says of the run.
    func settle()
}
