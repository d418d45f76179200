namespace JanusEvents.Relational.Writing;

/// <summary>Bodies of a batch cannot be stored at present, for something in their events; the others are to be stored without them.</summary>
/// <param name="message">What was refused, in words that may be logged.</param>
/// <param name="bodies">The bodies, with those that came from their senders after them.</param>
/// <param name="innerException">The database's exception.</param>
internal sealed class SetAsideException(string message, IReadOnlyList<ReceivedBody> bodies, Exception innerException)
    : Exception(message, innerException)
{
    public IReadOnlyList<ReceivedBody> Bodies => bodies;
}
