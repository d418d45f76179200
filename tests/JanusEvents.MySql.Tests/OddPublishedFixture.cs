using JanusEvents.Testing;

namespace JanusEvents.MySql.Tests;

/// <summary>A server as it may have been in 2016: no strict mode, latin1, and a time zone of its own.</summary>
public sealed class OddPublishedFixture() : DatabaseFixture<MariaDbServer>(Capabilities.MariaDb, () => MariaDbServer.StartAsync(
    "--sql-mode=", "--default-time-zone=+09:30", "--character-set-server=latin1"));
