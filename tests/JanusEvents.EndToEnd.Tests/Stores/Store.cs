using System.Globalization;

namespace JanusEvents.EndToEnd.Tests.Stores;

/// <summary>Where the sample host stores, read by a client that is not part of the library.</summary>
internal abstract class Store : IAsyncDisposable
{
    /// <summary>The sample host's arguments that make it store here.</summary>
    public abstract IReadOnlyList<string> HostArguments { get; }

    /// <summary>
    /// How long rows may take after the answer: none where the host answers after the commit, a while where it answers
    /// after its spool has the body.
    /// </summary>
    public abstract TimeSpan Delay { get; }

    /// <summary>The rows that a statement gives, every value as text. No rows while the table does not exist yet.</summary>
    public abstract Task<IReadOnlyList<string?[]>> QueryAsync(string sql);

    public abstract ValueTask DisposeAsync();

    /// <summary>The first column of the rows that a statement gives.</summary>
    public async Task<IReadOnlyList<string?>> ColumnAsync(string sql) => [.. (await QueryAsync(sql)).Select(row => row[0])];

    /// <summary>The rows that a statement gives, the values of each joined by spaces.</summary>
    public async Task<IReadOnlyList<string>> LinesAsync(string sql) => [.. (await QueryAsync(sql)).Select(row => string.Join(' ', row))];

    /// <summary>How many rows a table has, or those that fit a condition.</summary>
    public async Task<int> CountAsync(string tableAndCondition)
    {
        var counts = await ColumnAsync($"select count(*) from {tableAndCondition}");
        return counts.Count == 0 ? 0 : int.Parse(counts[0]!, CultureInfo.InvariantCulture);
    }
}
