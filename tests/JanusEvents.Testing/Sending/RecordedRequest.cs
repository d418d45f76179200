using System.Text;

namespace JanusEvents.Testing;

/// <summary>A request as it came over the wire.</summary>
/// <param name="Number">1 for the first request of the backend, 2 for the next.</param>
/// <param name="Connection">1 for the first connection of the backend, 2 for the next.</param>
/// <param name="Head">The request line and the headers, each ended by CR LF.</param>
/// <param name="Body">The body's bytes.</param>
public sealed record RecordedRequest(int Number, int Connection, string Head, byte[] Body)
{
    /// <summary>The body as text.</summary>
    public string Text => Encoding.UTF8.GetString(Body);
}
