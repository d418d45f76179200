using System.Data.Common;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Schema;
using JanusEvents.Sqlite;
using JanusEvents.Testing;
using Microsoft.Data.Sqlite;

namespace JanusEvents.Relational.Tests.Stores;

/// <summary>A SQLite file that has the tables of a store, with a connection as the product opens it.</summary>
internal sealed class SqliteTables : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly DbDataSource _source;

    private SqliteTables(TemporaryFolder folder, DbDataSource source, StoreConnection connection) =>
        (_folder, _source, Connection) = (folder, source, connection);

    public static SqlDialect Dialect { get; } = new SqliteDialect();

    public StoreConnection Connection { get; }

    public static async Task<SqliteTables> CreateAsync()
    {
        TemporaryFolder folder = new();
        var source = SqliteFactory.Instance.CreateDataSource($"Data Source={folder["tables.db"]};Pooling=False");
        var connection = await StoreConnection.OpenAsync(source, Dialect, CancellationToken.None);
        await SchemaCreator.CreateMissingAsync(connection, CancellationToken.None);
        return new SqliteTables(folder, source, connection);
    }

    /// <summary>Runs a statement.</summary>
    public Task RunAsync(string sql) => Connection.ExecuteAsync(sql);

    /// <summary>Runs a query for one column of whole numbers.</summary>
    public Task<List<long>> NumbersAsync(string sql) => Connection.QueryAsync(sql, row => row.GetInt64(0));

    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync();
        await _source.DisposeAsync();
        _folder.Dispose();
    }
}
