using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Reading;

/// <summary>
/// The place of the last event of a page as text. It may come back from a browser: nothing of it is believed before all of it was
/// checked, and all that it can do then is to begin a reading at another place of the same query.
/// </summary>
internal static class EventContinuation
{
    /// <summary>No continuation is longer.</summary>
    public const int MaxLength = 128;

    private const byte Version = 1;
    private const int NumberAt = 1;
    private const int ShapeAt = NumberAt + sizeof(long);
    private const int TableAt = ShapeAt + HashLength;
    private const int HashLength = 8;

    /// <summary>Writes a place.</summary>
    /// <param name="query">The query, which a continuation belongs to.</param>
    /// <param name="place">The place of the last event that was read.</param>
    public static string Write(EventQuery query, EventPlace place)
    {
        string table = EventTables.All[place.Table].Name;
        byte[] bytes = new byte[TableAt + table.Length + HashLength];
        bytes[0] = Version;
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(NumberAt), place.Number);
        ShapeOf(query).CopyTo(bytes.AsSpan(ShapeAt));
        Encoding.ASCII.GetBytes(table, bytes.AsSpan(TableAt));
        Hash(bytes.AsSpan(..^HashLength)).CopyTo(bytes.AsSpan(^HashLength..));
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>The place of a query's continuation.</summary>
    /// <exception cref="ArgumentException">It is none, or that of another query.</exception>
    public static EventPlace Read(EventQuery query)
    {
        byte[] bytes = Decode(query.Continuation!);
        if (!bytes.AsSpan(ShapeAt, HashLength).SequenceEqual(ShapeOf(query)))
        {
            throw new ArgumentException(
                "EventQuery.Continuation belongs to another query. Ask with the same order, kinds, ids, room, emitter and times as for the page before (only Limit may differ), or set it to null to begin with the first page.",
                nameof(query));
        }

        string table = Encoding.ASCII.GetString(bytes.AsSpan(TableAt..^HashLength));
        for (int i = 0; i < EventTables.All.Count; i++)
        {
            if (EventTables.All[i].Name == table)
                return new EventPlace(BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(NumberAt)), i);
        }

        throw Broken();
    }

    private static byte[] Decode(string text)
    {
        // Another way of writing the same bytes, as with padding or white space, is nothing that was written here.
        if (text.Length > MaxLength || !Base64Url.IsValid(text))
            throw Broken();
        byte[] bytes = Base64Url.DecodeFromChars(text);
        if (bytes.Length <= TableAt + HashLength
            || bytes[0] != Version
            || Base64Url.EncodeToString(bytes) != text
            || !Hash(bytes.AsSpan(..^HashLength)).SequenceEqual(bytes.AsSpan(^HashLength..)))
        {
            throw Broken();
        }

        return bytes;
    }

    private static ArgumentException Broken() => new(
        "EventQuery.Continuation is not one that EventPage.Continuation gave. Pass it on unchanged, or set it to null to begin with the first page.",
        "query");

    /// <summary>The parts that distinguish queries: all that decides on the events and their order.</summary>
    private static ReadOnlySpan<byte> ShapeOf(EventQuery query)
    {
        using MemoryStream shape = new();
        using (BinaryWriter writer = new(shape))
        {
            writer.Write((int)query.Order);
            foreach (long? number in (ReadOnlySpan<long?>)[query.SessionId, query.HandleId, query.From?.UtcTicks, query.To?.UtcTicks])
            {
                writer.Write(number is not null);
                writer.Write(number ?? 0);
            }

            foreach (string? text in (ReadOnlySpan<string?>)[query.OpaqueId, query.Room, query.Emitter])
            {
                writer.Write(text is not null);
                writer.Write(text ?? "");
            }

            foreach (string kind in query.Kinds.Select(k => k.Name).Distinct().Order(StringComparer.Ordinal))
                writer.Write(kind);
        }

        return Hash(shape.ToArray());
    }

    private static ReadOnlySpan<byte> Hash(ReadOnlySpan<byte> bytes) => SHA256.HashData(bytes).AsSpan(0, HashLength);
}
