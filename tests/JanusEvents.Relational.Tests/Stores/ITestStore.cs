namespace JanusEvents.Relational.Tests.Stores;

/// <summary>An empty database for one test, whatever kind it is of.</summary>
public interface ITestStore : IAsyncDisposable
{
    /// <summary>Adds the database's sink to a host.</summary>
    void AddTo(JanusEventsBuilder builder) => AddTo(builder, configure: null);

    /// <summary>Adds the database's sink to a host, and sets options of the store.</summary>
    void AddTo(JanusEventsBuilder builder, Action<EventStoreOptions>? configure);

    /// <summary>Runs SQL, one statement or several, and gives the rows of all: each value is the text that the database makes of it.</summary>
    Task<IReadOnlyList<string?[]>> QueryAsync(string sql);

    /// <summary>The names of the tables that are there.</summary>
    Task<IReadOnlyList<string>> TablesAsync();

    /// <summary>Removes all tables and views.</summary>
    Task EmptyAsync();

    /// <summary>How the database goes about a query, as text with the names of the indexes.</summary>
    Task<string> ExplainAsync(string sql);

    /// <summary>The SQL for a table <c>n</c> with a column <c>n</c> of the numbers from 1 on, as it begins a SELECT.</summary>
    string Numbers(int most);

    /// <summary>The body of a trigger that makes its statement fail.</summary>
    string Failing { get; }

    /// <summary>What makes hexadecimal text of a column's bytes.</summary>
    string Hex(string column) => $"lower(hex({column}))";
}
