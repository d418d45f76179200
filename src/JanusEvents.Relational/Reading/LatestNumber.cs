using System.Data.Common;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Schema;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Reading;

/// <summary>Asks for the highest number that any of several tables has at one moment.</summary>
internal static class LatestNumber
{
    /// <summary>The number; null where the tables are empty.</summary>
    public static async Task<long?> ReadAsync(StoreConnection connection, IEnumerable<TableLayout> tables, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        SqlDialect dialect = connection.Dialect;
        string id = dialect.Quote("id");
        DbCommand command = connection.CreateReading();
        using (command)
        {
#pragma warning disable CA2100 // The text is made of the table definitions.
            command.CommandText = $"SELECT MAX(n) FROM (\n{string.Join("\nUNION ALL ", tables.Select(t => $"SELECT MAX({id}) AS n FROM {dialect.Table(t.Table)}"))}) latest";
#pragma warning restore CA2100
            object number = (await connection.QueryAsync(command, row => row.GetValue(0)).ConfigureAwait(false))[0];
            return EventJson.FromDatabase(ColumnKind.Integer, number) as long?;
        }
    }
}
