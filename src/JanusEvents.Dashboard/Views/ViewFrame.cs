using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace JanusEvents.Dashboard.Views;

/// <summary>A view at a moment, as readers get it: whole, or what has changed since the frame before. Shared by all its readers.</summary>
internal sealed class ViewFrame(long sequence, DateTimeOffset at, ViewContent content, ViewFrame? before)
{
    private readonly Lock _gate = new();
    private readonly long? _before = before?.Sequence;
    private ViewContent? _contentBefore = before?.Content;
    private string? _whole;
    private string? _changes;
    private bool _hasChanges;

    public long Sequence => sequence;

    public ViewContent Content => content;

    /// <summary>The text for a reader.</summary>
    /// <param name="last">The frame that it had last; null at first.</param>
    /// <returns>The text; null where nothing has changed for it.</returns>
    public string? For(long? last)
    {
        lock (_gate)
        {
            if (last is null || last != _before)
                return _whole ??= Text(isFull: true, content.Write);
            if (_contentBefore is { } old)
            {
                _changes = Text(isFull: false, writer => _hasChanges = content.WriteChanges(writer, old));

                // Released after the comparison, or frames would form a chain without end.
                _contentBefore = null;
            }

            return _hasChanges ? _changes : null;
        }
    }

    /// <summary>The text of a message.</summary>
    public static string Text(long sequence, DateTimeOffset at, bool isFull, Action<Utf8JsonWriter> write)
    {
        ArrayBufferWriter<byte> buffer = new(4096);
        using (Utf8JsonWriter writer = new(buffer))
        {
            writer.WriteStartObject();
            writer.WriteNumber("seq", sequence);
            writer.WriteString("at", at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture));
            writer.WriteBoolean("full", isFull);
            writer.WriteStartObject("sections");
            write(writer);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private string Text(bool isFull, Action<Utf8JsonWriter> write) => Text(sequence, at, isFull, write);
}
