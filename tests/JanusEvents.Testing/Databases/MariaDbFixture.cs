namespace JanusEvents.Testing;

/// <summary>One MariaDB for many tests, each with a database of its own: an xunit class or collection fixture.</summary>
public sealed class MariaDbFixture() : DatabaseFixture<MariaDbServer>(Capabilities.MariaDb, () => MariaDbServer.StartAsync([.. WithoutWaitingForTheDisk, "--debug-no-sync"]));
