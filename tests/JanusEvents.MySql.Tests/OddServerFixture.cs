using JanusEvents.Testing;

namespace JanusEvents.MySql.Tests;

/// <summary>
/// A server with the settings that lose data elsewhere: no strict mode, another time zone, latin1, small packets.
/// </summary>
public sealed class OddServerFixture() : DatabaseFixture<MariaDbServer>(Capabilities.MariaDb, () => MariaDbServer.StartAsync(
    "--sql-mode=", "--default-time-zone=+09:30", "--character-set-server=latin1", "--max-allowed-packet=1M"));
