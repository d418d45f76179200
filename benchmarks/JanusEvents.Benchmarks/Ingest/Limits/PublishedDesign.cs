using System.Data;
using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using JanusEvents.Benchmarks.Ingest.Load;
using JanusEvents.MySql;
using JanusEvents.Relational.Tables;
using JanusEvents.Testing;

namespace JanusEvents.Benchmarks.Ingest.Limits;

/// <summary>
/// The writing of the published example: one INSERT for each event, one after the other on one connection, each a
/// transaction of its own, into the tables as published. Receiving and reading the events is left out of the time.
/// </summary>
internal sealed class PublishedDesign : IDisposable
{
    private static readonly MySqlDialect s_dialect = new();

    private readonly DbConnection _connection;
    private readonly Dictionary<EventTable, DbCommand> _inserts = [];
    private readonly Fleet _server = new(server: 1000);
    private readonly JanusEventParser _parser = new();

    private PublishedDesign(DbConnection connection) => _connection = connection;

    /// <summary>Makes the tables.</summary>
    public static async Task<PublishedDesign> CreateAsync(DatabaseServer server)
    {
        string script = await File.ReadAllTextAsync(Repository.PathOf("tests", "data", "published.sql"));
        MariaDbDatabase database = await server.CreateDatabaseAsync();
        await database.QueryAsync(script);
        PublishedDesign design = new(Driver.Open(database.ConnectionString));
        foreach (EventTable table in EventTables.All.Where(t => script.Contains($"CREATE TABLE {t.Name} ", StringComparison.Ordinal)))
            design._inserts.Add(table, design.Insert(table));
        return design;
    }

    /// <summary>Stores events of which there is a table, for which the example had none is not counted.</summary>
    /// <returns>Rows in a second.</returns>
    public double Store(int events, CancellationToken cancellationToken)
    {
        List<(DbCommand Insert, object[] Values)> rows = [];
        foreach (JanusEvent e in _parser.Parse(_server.NextBody(events)).Events)
        {
            if (_inserts.TryGetValue(EventTables.For(e), out DbCommand? insert))
                rows.Add((insert, [.. Columns(EventTables.For(e)).Select(c => s_dialect.ToParameter(c.Read(e)))]));
        }

        int stored = 0;
        long started = Stopwatch.GetTimestamp();
        foreach ((DbCommand insert, object[] values) in rows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int i = 0; i < values.Length; i++)
                insert.Parameters[i].Value = values[i];
            try
            {
                stored += insert.ExecuteNonQuery();
            }
            catch (DbException)
            {
                // Refused, as an offer of a browser is: lost by that design.
            }
        }

        return stored / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    public void Dispose()
    {
        foreach (DbCommand insert in _inserts.Values)
            insert.Dispose();
        _connection.Dispose();
    }

    private static IEnumerable<EventColumn> Columns(EventTable table) => table.EventColumns.Where(c => c.Published);

    private DbCommand Insert(EventTable table)
    {
        DbCommand command = _connection.CreateCommand();
        List<string> names = [];
        foreach (EventColumn column in Columns(table))
        {
            DbParameter parameter = command.CreateParameter();
            parameter.ParameterName = string.Create(CultureInfo.InvariantCulture, $"@p{names.Count}");
            parameter.DbType = s_dialect.ParameterType(column.Kind);
            command.Parameters.Add(parameter);
            names.Add(column.Name);
        }

#pragma warning disable CA2100 // Made of the table definitions.
        command.CommandText =
            $"INSERT INTO {table.Name} ({string.Join(", ", names.Select(s_dialect.Quote))}) " +
            $"VALUES ({string.Join(", ", command.Parameters.Cast<DbParameter>().Select(p => p.ParameterName))})";
#pragma warning restore CA2100
        command.Prepare();
        return command;
    }
}
