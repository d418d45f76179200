using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace JanusEvents.Benchmarks.Ingest.Load;

/// <summary>A captured event that can be written again and again as one of another call and another time.</summary>
internal sealed class EventTemplate
{
    // Ids and times are replaced by others with as many digits, so that a copy is as long as the original.
    private const int Digits = 16;

    /// <summary>The server's name in the capture.</summary>
    private static ReadOnlySpan<byte> CapturedEmitter => "janus-capture-1"u8;

    private readonly byte[] _json;
    private readonly int[] _emitters;
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
        _emitters = PlacesOf(CapturedEmitter);
        _sessions = PlacesOf(Text(session));
        _handles = PlacesOf(Text(handle));
        _timestamp = _json.AsSpan().IndexOf("\"timestamp\":"u8) + "\"timestamp\":".Length;
        if (!Utf8Parser.TryParse(_json.AsSpan(_timestamp), out long _, out int digits) || digits != Digits)
            throw new InvalidDataException($"An event of the capture has no timestamp of {Digits} digits.");
    }

    /// <summary>How many bytes it has.</summary>
    public int Length => _json.Length;

    /// <summary>A server's name, as long as the captured one.</summary>
    public static byte[] Emitter(int server) =>
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"janus-srv-{server:00000}"));

    /// <summary>Writes it.</summary>
    public void Write(Span<byte> destination, ReadOnlySpan<byte> emitter, long session, long handle, long timestamp)
    {
        _json.CopyTo(destination);
        foreach (int place in _emitters)
            emitter.CopyTo(destination[place..]);
        foreach (int place in _sessions)
            WriteNumber(destination[place..], session);
        foreach (int place in _handles)
            WriteNumber(destination[place..], handle);
        WriteNumber(destination[_timestamp..], timestamp);
    }

    private static void WriteNumber(Span<byte> destination, long number) =>
        Utf8Formatter.TryFormat(number, destination[..Digits], out _);

    private static byte[] Text(long id)
    {
        byte[] digits = Encoding.ASCII.GetBytes(id.ToString(CultureInfo.InvariantCulture));
        return digits.Length == Digits ? digits : throw new InvalidDataException($"The capture has an id that is not of {Digits} digits.");
    }

    private int[] PlacesOf(ReadOnlySpan<byte> text)
    {
        List<int> places = [];
        for (int from = 0; _json.AsSpan(from).IndexOf(text) is >= 0 and int place; from += place + text.Length)
            places.Add(from + place);
        return [.. places];
    }
}
