using System.Data.Common;
using JanusEvents.MySql;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Tests.Stores;
using JanusEvents.Testing;

namespace JanusEvents.Relational.Tests.MySql56;

[Needs(Capabilities.MySql56)]
public sealed class MySql56PlanTests(MySql56Fixture fixture) : PlanTests
{
    private MariaDbDatabase? _database;

    private protected override SqlDialect Dialect { get; } = new MySqlDialect();

    protected override async Task<ITestStore> CreateStoreAsync() => new MariaDbStore(_database = await fixture.CreateDatabaseAsync());

    protected override DbDataSource CreateSource() => MySqlSources.Create(_database!.ConnectionString);

    protected override async Task<string> PlanAsync(DbCommand command) => MySqlPlan.Read(await ExplainAsync(command, "EXPLAIN"));

    protected override async Task<(int Rows, long? Read)> RowsReadAsync(DbCommand command)
    {
        var before = await MySqlPlan.RowsReadAsync(command.Connection!);
        var (rows, _) = await base.RowsReadAsync(command);
        return (rows, await MySqlPlan.RowsReadAsync(command.Connection!) - before);
    }
}
