using System.Data.Common;
using JanusEvents.Relational.Connections;
using Microsoft.Extensions.DependencyInjection;

namespace JanusEvents.Benchmarks.Questions;

/// <summary>A private database of one kind, and what it writes differently in SQL.</summary>
internal abstract class QuestionScene : IAsyncDisposable
{
    /// <summary>Its name in arguments and in the report.</summary>
    public abstract string Name { get; }

    public abstract SqlDialect Dialect { get; }

    public abstract DbDataSource DataSource { get; }

    /// <summary>What rows of the numbers from one to another are selected from.</summary>
    public abstract string Numbers(long first, long last);

    /// <summary>A division of whole numbers.</summary>
    public abstract string Divide(string a, string b);

    public abstract string Repeat(string text, int count);

    /// <summary>A time so many microseconds after another.</summary>
    public abstract string TimeAfter(DateTime start, string microseconds);

    /// <summary>What a connection does first that fills the tables.</summary>
    public abstract string BeforeFilling { get; }

    /// <summary>Puts what was written to its place on the disk, so that no question pays for it.</summary>
    public abstract Task SettleAsync(DbConnection connection);

    public abstract string Explain { get; }

    /// <summary>A row of a plan in a few words.</summary>
    public abstract string Plan(DbDataReader row);

    /// <summary>The processor time that it has used so far, in seconds.</summary>
    public abstract double ProcessorSeconds();

    public abstract void AddStore(JanusEventsBuilder builder);

    /// <summary>The version and its settings.</summary>
    public abstract Task<string> DescribeAsync();

    public abstract ValueTask DisposeAsync();

    /// <summary>The services of a host that stores here.</summary>
    public ServiceProvider Services()
    {
        ServiceCollection services = new();
        services.AddLogging();
        AddStore(services.AddJanusEvents());
        return services.BuildServiceProvider();
    }
}
