using JanusEvents.Parsing;

namespace JanusEvents.Sinks;

/// <summary>
/// A sink has stored a batch but for some bodies, which it may take later. For sinks of this library: one of a host's own stores a
/// batch whole or not at all.
/// </summary>
/// <param name="notStored">The bodies that are not stored.</param>
/// <param name="innerException">The failure that kept them.</param>
internal sealed class PartlyStoredException(IReadOnlyList<ReceivedBody> notStored, Exception innerException)
    : Exception(innerException.Message, innerException)
{
    private readonly HashSet<BodyHash> _notStored = [.. notStored.Select(BodyHash.Of)];

    /// <summary>Whether a body is stored. By its hash: a filter may have made another body of the same.</summary>
    public bool HasStored(ReceivedBody body) => !_notStored.Contains(BodyHash.Of(body));
}
