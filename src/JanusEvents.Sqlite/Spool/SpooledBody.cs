namespace JanusEvents.Sqlite.Spool;

/// <summary>A body as it lies in the spool.</summary>
internal sealed record SpooledBody(long Sequence, DateTimeOffset ArrivedAt, string? RemoteAddress, byte[] Json);
