using System.Data.Common;
using JanusEvents.MySql;
using MySqlConnector;

namespace JanusEvents.Benchmarks.Ingest.Limits;

/// <summary>Connections by the driver that the host uses.</summary>
internal static class Driver
{
    /// <summary>Opens a connection.</summary>
    public static DbConnection Open(string connectionString) =>
        MySqlSources.Create(connectionString).OpenConnection();

    /// <summary>Runs a statement without parameters.</summary>
    public static void Execute(this DbConnection connection, string sql)
    {
        using DbCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Made of table names.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.CommandTimeout = 600;
        command.ExecuteNonQuery();
    }
}
