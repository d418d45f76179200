using System.Globalization;

namespace JanusEvents.Relational.Tables;

/// <summary>
/// How the program that was published with the tables wrote that Janus was shut down: <c>shutdown (15)</c> in
/// <c>core.value</c>, with the signal behind the word. Rows written since have the word there and the signal in <c>signum</c>.
/// </summary>
internal static class PublishedShutdown
{
    private const string Start = "shutdown (";

    private static readonly EventTable s_core = EventTables.For(typeof(CoreEvent));
    private static readonly int s_value = Place("value");
    private static readonly int s_signum = Place("signum");

    /// <summary>Whether a text is of that form.</summary>
    public static bool IsIn(string text) => SignalOf(text) is not null;

    /// <summary>A row as it would be written now.</summary>
    public static object?[] Translate(EventTable table, object?[] row)
    {
        // An event that had this very status has it in "extra" as well.
        if (table != s_core || row[^1] is not null || row[s_signum] is not null || row[s_value] is not string text || SignalOf(text) is not { } signal)
            return row;

        object?[] translated = [.. row];
        translated[s_value] = "shutdown";
        translated[s_signum] = signal;
        return translated;
    }

    private static long? SignalOf(string text) =>
        text.StartsWith(Start, StringComparison.Ordinal) && text.EndsWith(')')
        && long.TryParse(text.AsSpan(Start.Length..^1), NumberStyles.None, CultureInfo.InvariantCulture, out long signal)
            ? signal
            : null;

    private static int Place(string column) => s_core.Columns.ToList().FindIndex(c => c.Name == column);
}
