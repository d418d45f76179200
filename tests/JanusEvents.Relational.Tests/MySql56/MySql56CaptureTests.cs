using JanusEvents.Relational.Tests.Stores;
using JanusEvents.Testing;

namespace JanusEvents.Relational.Tests.MySql56;

[Needs(Capabilities.MySql56)]
public sealed class MySql56CaptureTests(MySql56Fixture fixture) : CaptureTests
{
    /// <summary>MariaDB has all of them.</summary>
    public static new IEnumerable<TheoryDataRow<string>> CaptureNames => Captures.AllWithMostOfThemSlow;

    protected override async Task<ITestStore> CreateStoreAsync() => new MariaDbStore(await fixture.CreateDatabaseAsync());
}
