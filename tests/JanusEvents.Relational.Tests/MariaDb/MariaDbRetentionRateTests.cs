using JanusEvents.Relational.Tests.Stores;
using JanusEvents.Testing;

namespace JanusEvents.Relational.Tests.MariaDb;

[Needs(Capabilities.MariaDb)]
public sealed class MariaDbRetentionRateTests(MariaDbFixture fixture, ITestOutputHelper output) : RetentionRateTests(output)
{
    protected override string Numbers(int most) => $"(SELECT seq n FROM seq_1_to_{most}) n";

    protected override async Task<ITestStore> CreateStoreAsync() => new MariaDbStore(await fixture.CreateDatabaseAsync());
}
