namespace JanusEvents;

/// <summary>Something that lies in the table <c>rejected</c>.</summary>
/// <param name="Id">The number of its row, or of the first where it has several.</param>
/// <param name="Reason">Why it was rejected; in the words of the database where a table refused it.</param>
/// <param name="ArrivedAt">When its body arrived.</param>
/// <param name="RemoteAddress">Where it came from; null where that is not known.</param>
/// <param name="Size">How many bytes it has.</param>
/// <param name="HasBytes">Whether these were kept, without which it cannot be stored.</param>
public sealed record RejectedEvent(long Id, string Reason, DateTimeOffset ArrivedAt, string? RemoteAddress, long Size, bool HasBytes);
