using System.Globalization;
using JanusEvents.Testing;
using Microsoft.Data.Sqlite;

namespace JanusEvents.EndToEnd.Tests.Stores;

/// <summary>The file that the sample host makes in its working directory when it is told nothing.</summary>
internal sealed class SqliteStore(TemporaryFolder folder) : Store
{
    // Both say "no such table": the second when others are being made at the moment.
    private const int SqliteError = 1;
    private const int SchemaChanged = 17;

    public string File { get; } = folder["janusevents.db"];

    public override IReadOnlyList<string> HostArguments => [];

    public override TimeSpan Delay => TimeSpan.Zero;

    public override async Task<IReadOnlyList<string?[]>> QueryAsync(string sql)
    {
        if (!System.IO.File.Exists(File))
            return [];
        var connectionString = new SqliteConnectionStringBuilder { DataSource = File, Mode = SqliteOpenMode.ReadWrite, Pooling = false };
        await using var connection = new SqliteConnection(connectionString.ToString());
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        try
        {
            await using var reader = await command.ExecuteReaderAsync();
            var rows = new List<string?[]>();
            while (await reader.ReadAsync())
            {
                rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(
                    i => reader.IsDBNull(i) ? null : Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture))]);
            }

            return rows;
        }
        catch (SqliteException e) when (e.SqliteErrorCode is SqliteError or SchemaChanged && e.Message.Contains("no such table", StringComparison.Ordinal))
        {
            return [];
        }
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
