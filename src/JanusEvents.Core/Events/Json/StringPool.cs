using System.Runtime.InteropServices;
using System.Text;

namespace JanusEvents.Events.Json;

/// <summary>
/// Gives one string for the same bytes as long as they keep coming: emitters, plugins, media and states repeat in every
/// event. Of fixed size; a newcomer takes the place of what was there. Safe for several threads at once.
/// </summary>
internal sealed class StringPool
{
    private const int Size = 4096;
    private const int LongestPooled = 128;

    private readonly Entry?[] _entries = new Entry?[Size];

    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
            return string.Empty;
        if (utf8.Length > LongestPooled)
            return Encoding.UTF8.GetString(utf8);

        ref Entry? place = ref _entries[Hash(utf8) & (Size - 1)];
        Entry? entry = Volatile.Read(ref place);
        if (entry is not null && utf8.SequenceEqual(entry.Utf8))
            return entry.Text;

        entry = new Entry(utf8.ToArray(), Encoding.UTF8.GetString(utf8));
        Volatile.Write(ref place, entry);
        return entry.Text;
    }

    // Length, the first and the last eight bytes: enough for names, and a collision only costs an allocation.
    private static uint Hash(ReadOnlySpan<byte> utf8)
    {
        ulong first, last;
        if (utf8.Length >= sizeof(ulong))
        {
            first = MemoryMarshal.Read<ulong>(utf8);
            last = MemoryMarshal.Read<ulong>(utf8[^sizeof(ulong)..]);
        }
        else
        {
            first = last = 0;
            foreach (byte b in utf8)
                first = (first << 8) | b;
        }

        ulong hash = (first + (ulong)utf8.Length) * 0x9E3779B97F4A7C15UL;
        hash = (hash ^ last ^ (hash >> 32)) * 0xC2B2AE3D27D4EB4FUL;
        return (uint)(hash >> 40);
    }

    private sealed record Entry(byte[] Utf8, string Text);
}
