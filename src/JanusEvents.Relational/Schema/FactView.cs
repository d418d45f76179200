namespace JanusEvents.Relational.Schema;

/// <summary>
/// A view over the facts: intervals, a row for each fact <c>j</c> that begins one, by its table (<c>plugins</c>), <c>arrival</c> and
/// <c>part</c>.
/// </summary>
/// <param name="Name">Its name.</param>
/// <param name="Columns">Its columns, in the order of the values, by which it is known to be ours.</param>
/// <param name="Values">The selected values, as SQL.</param>
/// <param name="Rows">Where it selects that from, as SQL; ends with conditions, so that further ones can be added.</param>
internal sealed record FactView(string Name, IReadOnlyList<string> Columns, string Values, string Rows)
{
    /// <summary>The whole query.</summary>
    public string Select => $"SELECT {Values}\n{Rows}";

    /// <summary>
    /// <see cref="Rows"/> in the order of the facts <c>j</c> by time, for questions that no other index helps with; null where these are
    /// not read first.
    /// </summary>
    public string? RowsByTime { get; init; }

    /// <summary>The fact that the server, the plugin, the room and the handle are read of.</summary>
    public string Fact { get; init; } = "j";

    /// <summary>The participant, as SQL.</summary>
    public string Participant { get; init; } = "j.participant";

    /// <summary>When it ended, as SQL; <see cref="Never"/> where it has not.</summary>
    public required string Ending { get; init; }

    /// <summary>A time later than whatever ends, as SQL.</summary>
    public required string Never { get; init; }
}
