using System.Data.Common;
using System.Text;
using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Schema;

/// <summary>Makes and upgrades the tables of one database.</summary>
internal sealed class RelationalEventSchema(DbDataSource dataSource, SqlDialect dialect) : IEventSchema
{
    public string CreateScript()
    {
        StringBuilder script = new();
        foreach (TableDefinition table in SchemaCreator.Tables)
        {
            foreach (string statement in dialect.Create(table))
                script.Append(statement).Append(";\n");
        }

        return script.ToString();
    }

    public Task<string> UpgradeScriptAsync(CancellationToken cancellationToken = default) =>
        Task.FromException<string>(new NotImplementedException($"The upgrade of {dataSource.ConnectionString} follows."));

    public Task<SchemaUpgrade> UpgradeAsync(IProgress<SchemaUpgradeProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Task.FromException<SchemaUpgrade>(new NotImplementedException("It follows."));
}
