using System.Data.Common;
using JanusEvents.MySql;
using JanusEvents.Relational.Connections;
using JanusEvents.Relational.Tests.Stores;
using JanusEvents.Testing;

namespace JanusEvents.Relational.Tests.MariaDb;

public sealed class MariaDbPlanTests(MariaDbFixture server) : MySqlPlanTests(TestStores.On(server));

public sealed class MySql56PlanTests(MySql56Fixture server) : MySqlPlanTests(TestStores.On(server));

public abstract class MySqlPlanTests(TestStores stores) : PlanTests(stores)
{
    private protected override SqlDialect Dialect { get; } = new MySqlDialect();

    protected override DbDataSource CreateSource() => MySqlSources.Create(((MariaDbStore)Store).ConnectionString);

    protected override async Task<string> PlanAsync(DbCommand command) => MySqlPlan.Read(await ExplainAsync(command, "EXPLAIN"));

    protected override async Task<(int Rows, long? Read)> RowsReadAsync(DbCommand command)
    {
        var before = await MySqlPlan.RowsReadAsync(command.Connection!);
        var (rows, _) = await base.RowsReadAsync(command);
        return (rows, await MySqlPlan.RowsReadAsync(command.Connection!) - before);
    }
}
