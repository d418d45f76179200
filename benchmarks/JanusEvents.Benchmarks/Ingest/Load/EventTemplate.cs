using System.Buffers.Text;
using System.Text;

namespace JanusEvents.Benchmarks.Ingest.Load;

/// <summary>A captured event that can be written again and again as one of another call and another time.</summary>
internal sealed class EventTemplate
{
    // Ids and times are replaced by others with as many digits, so that a copy is as long as the original.
    private const int Digits = 16;

    private readonly byte[] _json;
    private readonly int[] _sessions;
    private readonly int[] _handles;
    private readonly int _timestamp;

    /// <summary>Takes an event.</summary>
    /// <param name="json">Its JSON as captured.</param>
    /// <param name="session">The only session of its capture.</param>
    /// <param name="handle">The only handle of its capture.</param>
    public EventTemplate(ReadOnlyMemory<byte> json, long session, long handle)
    {
        _json = json.ToArray();
        _sessions = PlacesOf(session);
        _handles = PlacesOf(handle);
        _timestamp = _json.AsSpan().IndexOf("\"timestamp\":"u8) + "\"timestamp\":".Length;
        if (!Utf8Parser.TryParse(_json.AsSpan(_timestamp), out long _, out int digits) || digits != Digits)
            throw new InvalidDataException($"An event of the capture has no timestamp of {Digits} digits.");
    }

    /// <summary>How many bytes it has.</summary>
    public int Length => _json.Length;

    /// <summary>Writes it.</summary>
    public void Write(Span<byte> destination, long session, long handle, long timestamp)
    {
        _json.CopyTo(destination);
        foreach (int place in _sessions)
            WriteNumber(destination[place..], session);
        foreach (int place in _handles)
            WriteNumber(destination[place..], handle);
        WriteNumber(destination[_timestamp..], timestamp);
    }

    private static void WriteNumber(Span<byte> destination, long number) =>
        Utf8Formatter.TryFormat(number, destination[..Digits], out _);

    private int[] PlacesOf(long number)
    {
        byte[] digits = Encoding.ASCII.GetBytes(number.ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (digits.Length != Digits)
            throw new InvalidDataException($"The capture has an id that is not of {Digits} digits.");

        List<int> places = [];
        for (int from = 0; _json.AsSpan(from).IndexOf(digits) is >= 0 and int place; from += place + Digits)
            places.Add(from + place);
        return [.. places];
    }
}
